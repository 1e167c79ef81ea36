/** A stretch of a text that is spoken at a time: UTF-16 units [from, to), without white space around it. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** What ends with it. `clause`: its sentence was too long for one call, and goes on. */
  readonly ends: 'clause' | 'sentence' | 'paragraph';
}

/** Whether there is anything in it to say. */
export const isSayable = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

/**
 * Cuts a text at its sentences (Unicode TR 29, in the rules of its language), and sentences above `maxCharacters` at their clauses, then
 * between words, then between characters as people see them. What has no letter or digit is left out, and so is a single character of
 * more than `maxCharacters` units.
 */
export function cutText(text: string, language: string, maxCharacters: number): readonly Stretch[] {
  const graphemes = new Intl.Segmenter(language, { granularity: 'grapheme' });
  const pieces = sentencesOf(text, language).flatMap((sentence) =>
    cutSentence(text, sentence, { graphemes, maxCharacters }),
  );
  const sayable = pieces.filter(({ from, to }) => isSayable(text.slice(from, to)));
  return sayable.map((piece, index) => {
    const next = sayable[index + 1];
    const between = text.slice(piece.to, next?.from);
    const ends = !next || paragraphEnd.test(between) ? 'paragraph' : next.continues ? 'clause' : 'sentence';
    return { from: piece.from, to: piece.to, ends };
  });
}

interface Span {
  readonly from: number;
  readonly to: number;
}

interface Piece extends Span {
  /** It goes on with the sentence of the piece before it. */
  readonly continues: boolean;
}

const paragraphEnd = /\n[^\S\n]*\n/;
/** Titles and initials, whose full stop ends no sentence; the rules of Unicode do not know them. */
const abbreviation = /(?:^|[\s\p{P}])(?:\p{Lu}|Mrs?|Ms|Dra?|St|Prof|Sra?|Srta|Sig|Dott|Hr|Fr|Nr|Dhr|Mevr|Mw)\.\s*$/u;
const startsSmall = /^\p{Ll}/u;

function sentencesOf(text: string, language: string): readonly Span[] {
  const sentences: Span[] = [];
  for (const { index, segment } of new Intl.Segmenter(language, { granularity: 'sentence' }).segment(text)) {
    const last = sentences.at(-1);
    const before = last ? text.slice(last.from, index) : '';
    // “Who is there?” asked the owl: one sentence, though the rules see two.
    const goesOn = last && !before.endsWith('\n') && (abbreviation.test(before) || startsSmall.test(segment));
    if (goesOn) sentences.splice(-1, 1, { from: last.from, to: index + segment.length });
    else sentences.push({ from: index, to: index + segment.length });
  }
  return sentences;
}

interface Cutting {
  readonly graphemes: Intl.Segmenter;
  readonly maxCharacters: number;
}

function cutSentence(text: string, sentence: Span, cutting: Cutting): readonly Piece[] {
  const pieces: Piece[] = [];
  let rest = trimmed(text, sentence);
  while (rest.to - rest.from > cutting.maxCharacters) {
    const at = rest.from + cutAt(text.slice(rest.from, rest.to), cutting);
    // A character longer than the limit: nothing comes before the cut, and it is passed over.
    const first = at - rest.from > cutting.maxCharacters ? undefined : trimmed(text, { from: rest.from, to: at });
    if (first) pieces.push({ ...first, continues: pieces.length > 0 });
    rest = trimmed(text, { from: at, to: rest.to });
  }
  if (rest.to > rest.from) pieces.push({ ...rest, continues: pieces.length > 0 });
  return pieces;
}

const clauseEnd = /[,;:،؛.!?…—–)”»"](?=\s)/gu;
const wordEnd = /(?=\s)/gu;

/** Where to cut a text that is longer than the limit: as late as the limit allows. */
function cutAt(text: string, { graphemes, maxCharacters }: Cutting): number {
  // One more unit, to see whether white space follows.
  const start = text.slice(0, maxCharacters + 1);
  const segments = graphemes.segment(text);
  for (const end of [clauseEnd, wordEnd]) {
    const cuts = [...start.matchAll(end)].map(({ index, 0: { length } }) => index + length);
    // A mark that combines with the white space would be torn from it.
    const cut = cuts.findLast((at) => at > 0 && at <= maxCharacters && segments.containing(at)?.index === at);
    if (cut !== undefined) return cut;
  }
  const { index = 0, segment = text } = segments.containing(maxCharacters) ?? {};
  return index > 0 ? index : segment.length;
}

function trimmed(text: string, { from, to }: Span): Span {
  const inner = text.slice(from, to);
  const start = from + inner.length - inner.trimStart().length;
  return { from: start, to: Math.max(start, from + inner.trimEnd().length) };
}
