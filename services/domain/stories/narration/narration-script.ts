import { cutText, isSayable } from './cut-text.ts';

export interface NarratedText {
  readonly title: string;
  readonly parts: readonly string[];
  /** A BCP 47 tag. */
  readonly language: string;
}

/** What is spoken in one call. */
export interface Line {
  /** -1: the title; else which of the parts. */
  readonly part: number;
  /** UTF-16 units of that text: [from, to). */
  readonly from: number;
  readonly to: number;
  /** As it is said, which may leave something out. */
  readonly text: string;
  /** Seconds of silence after it. */
  readonly pause: number;
}

const pauses = { clause: 0.1, sentence: 0.25, paragraph: 0.6, part: 0.9 };
/** Longer stretches would only hold more memory, and give the page less to follow. */
const maxLine = 400;

/** A story as the lines of its reader, the title first. */
export function narrationScript({ title, parts, language }: NarratedText, maxCharacters: number): readonly Line[] {
  const texts = [title, ...parts];
  return texts.flatMap((text, index) => {
    const stretches = cutText(text, language, Math.min(maxLine, maxCharacters));
    const lines = stretches.map(({ from, to, ends }, at) => {
      const pause = at === stretches.length - 1 ? pauses.part : pauses[ends];
      return { part: index - 1, from, to, text: asSaid(text.slice(from, to)), pause };
    });
    return lines.filter((line) => isSayable(line.text));
  });
}

/** Without what voices read by its name: marks of emphasis and pictures. */
const asSaid = (text: string): string => text.replace(unsaid, ' ').replace(/\s+/g, ' ').trim();

const unsaid = /(?:\p{Extended_Pictographic}(?:\ufe0f|\u200d|\p{Emoji_Modifier})*|\p{Regional_Indicator}|[*_`~#|])+/gu;
