/**
 * A long text that grows at its end, in strings that are one after the other. One string would be copied whole whenever its end is
 * read: the engine puts together what was added before it reads in it, and keeps the whole of it for every part that is kept.
 */
export type Rope = readonly string[];

export const emptyRope: Rope = [];

/** One that has come to this length is left as it is, in characters. */
const leafLength = 1_000;

export function append(rope: Rope, text: string): Rope {
  const last = rope.at(-1);
  return last === undefined || last.length >= leafLength ? [...rope, text] : [...rope.slice(0, -1), last + text];
}

export const textOf = (rope: Rope): string => rope.join('');

export const lengthOf = (rope: Rope): number => rope.reduce((length, leaf) => length + leaf.length, 0);

/** The text from a character on. */
export function textFrom(rope: Rope, start: number): string {
  let text = '';
  let end = lengthOf(rope);
  for (const leaf of rope.toReversed()) {
    if (end <= start) break;
    const leafStart = end - leaf.length;
    text = leaf.slice(Math.max(0, start - leafStart)) + text;
    end = leafStart;
  }
  return text;
}

/** Whether a text begins as another one is; where it has grown from that one, without looking at what both share. */
export function beginsWith(rope: Rope, beginning: Rope): boolean {
  const differs = beginning.findIndex((leaf, index) => leaf !== rope[index]);
  if (differs < 0) return true;
  const [first = '', ...others] = beginning.slice(differs);
  // Only its last string has grown.
  if (others.length === 0 && rope[differs]?.startsWith(first)) return true;
  return textOf(rope.slice(differs)).startsWith(textOf(beginning.slice(differs)));
}
