import katex from 'katex';
import 'katex/dist/katex.min.css';

/** Text, letters, and signs and brackets that grow with what they stand for. */
const types = ['KaTeX_Main', 'KaTeX_Size1', 'KaTeX_Size2', 'KaTeX_Size3', 'KaTeX_Size4'].map((type) => `1em ${type}`);

/**
 * What nearly every formula is set in: type that arrives in the middle of an answer has all of it laid out anew. Where it cannot be had,
 * the browser sets formulas in what it has.
 */
export async function loadType(): Promise<void> {
  if (!document.fonts) return;
  await Promise.allSettled([...types, 'italic 1em KaTeX_Math'].map((type) => document.fonts.load(type)));
}

/** Of most that formulas have something, so that the first of an answer finds the code for it compiled. */
const sample = String.raw`\sum_{i=1}^{n} \frac{\sqrt{x_i}}{2} = \left( \int_0^1 \alpha \, dx \right)^2 \leq \mathbf{A} \text{ or } 1`;

/** Draws a formula that nobody sees. */
export function warmUp(): void {
  renderMaths(sample, document.createElement('span'), true);
}

/** Draws TeX into a place of the page. Commands that load, link or mark up anything are shown as they stand. */
export function renderMaths(tex: string, place: HTMLElement, displayMode: boolean): void {
  try {
    katex.render(tex, place, {
      displayMode,
      trust: false,
      strict: 'ignore',
      throwOnError: false,
      errorColor: 'inherit',
      maxExpand: 300,
      maxSize: 20,
    });
  } catch {
    // What it refuses altogether (too deep, for one) stays as it was written.
    place.textContent = tex;
  }
}
