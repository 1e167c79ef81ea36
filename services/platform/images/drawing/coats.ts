/** What English, in which prompts are as a rule, calls a coat, and how it is drawn. */
const coats: Readonly<Record<string, string>> = {
  ginger: '#d08a4c',
  orange: '#d08a4c',
  black: '#4a4d5a',
  white: '#e6e1d8',
  grey: '#878d9a',
  gray: '#878d9a',
  silver: '#a9b0ba',
  brown: '#8d6547',
  golden: '#d8b062',
};

/** The coat that one of the two words before somebody names: the ginger of a ginger cat, and of a ginger tom cat. `at` is where they begin. */
export function coatBefore(text: string, at: number): string | undefined {
  const [phrase = ''] = text
    .slice(0, at)
    .split(/[.,;:!?()]/)
    .slice(-1);
  const beside = phrase
    .toLowerCase()
    .split(/[\s-]+/)
    .filter(Boolean)
    .slice(-2);
  const named = beside.findLast((word) => Object.hasOwn(coats, word));
  return named === undefined ? undefined : coats[named];
}
