/** A stretch of a story: UTF-16 units [from, to) of one of its parts; part -1 is the title. */
export interface Passage {
  readonly part: number;
  readonly from: number;
  readonly to: number;
}

interface Paragraph {
  /** Where it begins in its part. */
  readonly from: number;
  readonly text: string;
}

/** The paragraphs of a part, which empty lines separate. */
export function paragraphsOf(part: string): readonly Paragraph[] {
  return Array.from(part.matchAll(/\S(?:[^\n]|\n(?!\s*\n))*/g), (match) => ({
    from: match.index,
    text: match[0].trimEnd(),
  }));
}

/** A paragraph cut where passages begin and end, so that each can be lit by itself. */
export function piecesOf({ from, text }: Paragraph, passages: readonly Passage[]): readonly Paragraph[] {
  const to = from + text.length;
  const cuts = passages.flatMap((passage) => [passage.from, passage.to]).filter((cut) => cut > from && cut < to);
  const edges = [...new Set([from, ...cuts, to])].sort((one, other) => one - other);
  return edges
    .slice(0, -1)
    .map((edge, index) => ({ from: edge, text: text.slice(edge - from, (edges[index + 1] ?? to) - from) }));
}

/** The sentences of a part, by the rules of its language (Unicode Standard Annex 29). */
export function sentencesOf(text: string, part: number, language: string): readonly Passage[] {
  const segments = new Intl.Segmenter(language, { granularity: 'sentence' }).segment(text);
  return Array.from(segments, ({ index, segment }) => ({ part, from: index, to: index + segment.trimEnd().length }));
}

/** What is read at a time, in seconds; nothing in a pause. */
export const cueAt = <C extends { readonly start: number; readonly end: number }>(
  cues: readonly C[],
  seconds: number,
): C | undefined => cues.find(({ start, end }) => seconds >= start && seconds < end);

/** What stands in a passage of a story. */
export function passageText(
  { title = '', parts }: { readonly title?: string | undefined; readonly parts: readonly string[] },
  { part, from, to }: Passage,
): string {
  const text = part === -1 ? title : (parts[part] ?? '');
  return text.slice(from, to);
}
