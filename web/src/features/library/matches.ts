/** Without case, accents and vowel marks. */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Whether each word that is sought stands somewhere in the texts. */
export function matches(texts: readonly string[], sought: string): boolean {
  const all = plain(texts.join(' '));
  return plain(sought)
    .split(/\s+/)
    .every((word) => all.includes(word));
}
