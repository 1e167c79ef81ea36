import katex from 'katex';
import 'katex/dist/katex.min.css';

/** What nearly every formula is set in. Where it cannot be had, the browser sets formulas in what it has. */
export async function loadType(): Promise<void> {
  if (!document.fonts) return;
  await Promise.allSettled(['1em KaTeX_Main', 'italic 1em KaTeX_Math'].map((type) => document.fonts.load(type)));
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
