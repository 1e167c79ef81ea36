import katex from 'katex';

/** What nearly every formula is set in: text, letters, and signs and brackets that grow with what they stand for. */
export const fonts: readonly string[] = [
  ...['KaTeX_Main', 'KaTeX_Size1', 'KaTeX_Size2', 'KaTeX_Size3', 'KaTeX_Size4'].map((name) => `1em ${name}`),
  'italic 1em KaTeX_Math',
];

/** Of most that formulas have something, so that the first of an answer finds the code for it compiled; each is drawn quickly. */
export const samples: readonly string[] = [
  'x',
  'x_i^2 = 1',
  String.raw`\frac{1}{2}`,
  String.raw`\sqrt{\alpha}`,
  String.raw`\sum_{i=1}^{n} i`,
  String.raw`\left( \int_0^1 x \, dx \right)`,
  String.raw`\mathbf{A} \leq \text{or}`,
];

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
