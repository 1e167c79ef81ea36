import type { ToldStory } from '../story-records.ts';

/** UTF-16 units that a mail shows of its story, about. */
const wanted = 300;
/** A first sentence that is longer is cut at a word. */
const most = 420;

/** The beginning of a story, whole sentences as far as they fit, by paragraphs. */
export function firstLines({ parts }: Pick<ToldStory, 'parts'>, language: string): string[] {
  const sentences = new Intl.Segmenter(language, { granularity: 'sentence' });
  const taken: string[] = [];
  let length = 0;
  for (const paragraph of parts.flatMap((part) => part.split(/\n\s*\n/))) {
    let lines = '';
    for (const { segment } of sentences.segment(paragraph.replaceAll(/\s+/g, ' ').trim())) {
      if (length > 0 && length + segment.trimEnd().length > wanted) return [...taken, lines.trim()].filter(Boolean);
      lines += segment;
      length += segment.length;
    }
    taken.push(cut(lines.trim()));
    if (length >= wanted) break;
  }
  return taken.filter(Boolean);
}

function cut(text: string): string {
  if (text.length <= most) return text;
  const short = text
    .slice(0, wanted)
    .toWellFormed()
    .replace(/\ufffd$/, '');
  return `${short.replace(/\s+\S*$/u, '').trimEnd()}…`;
}
