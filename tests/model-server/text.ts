/** What a scripted reply says: pseudo-words that follow from a seed, so that whoever knows the seed can check every character. */
export interface TextScript {
  readonly seed: number;
  readonly tokens: number;
  /** Sends the two halves of an emoji as two tokens now and then, as servers that cut by UTF-16 units do. */
  readonly splitPairs?: boolean;
  /** The number of the call: the text starts with it, so that a mixture of two attempts shows. */
  readonly nonce?: number;
}

const starts = 'b br ch d dr f fl g gr h j k l m n p pr qu r s sh st t tr v w z'.split(' ');
const middles = 'a e i o u ai ea ie oa ou ä é ø ū'.split(' ');
const ends = 'b ck d ft g l lm m n nd p r rt s sh t x ß ñ'.split(' ');
const rarities = [
  '**lamp** ',
  '`code` ',
  '\n\n',
  '\n- ',
  'мост ',
  '夢を',
  'שלום ',
  '— ',
  '"quoted" ',
  '\\back ',
  'e\u0301 ',
  '<b> ',
];
const emoji = ['😀', '🌙', '🦊', '🧵', '🐉', '𝒳'];

/** A number in [0, 2^32) for a place in a text: the finaliser of MurmurHash3. */
function scatter(seed: number, index: number): number {
  let hash = (seed ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const pick = (list: readonly string[], number: number): string => list[number % list.length] ?? '';

function word(seed: number, index: number): string {
  const number = scatter(seed, index);
  const kind = number % 100;
  if (kind < 3) return `${pick(emoji, number >>> 8)} `;
  if (kind < 10) return pick(rarities, number >>> 8);
  const stem = pick(starts, number >>> 8) + pick(middles, number >>> 13) + pick(ends, number >>> 18);
  return kind < 80 ? `${stem} ` : kind < 92 ? stem : `${stem}. `;
}

/** The tokens in their order. */
export function scriptedTokens({ seed, tokens, splitPairs = false, nonce }: TextScript): string[] {
  const list = Array.from({ length: tokens }, (_, index) => word(seed, index));
  if (splitPairs) {
    for (let index = 0; index + 1 < tokens; index += 7) {
      const [pair] = pick(emoji, scatter(seed, index) >>> 4);
      if (!pair) continue;
      list[index] = pair.charAt(0);
      list[index + 1] = pair.charAt(1);
    }
  }
  return nonce === undefined ? list : [`#${nonce} `, ...list];
}

/** The whole text of a scripted reply. */
export const expectedText = (script: TextScript): string => scriptedTokens(script).join('');

/** A seed for a text (FNV-1a), where the script names none. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
