import type { Sound, Speech } from '#platform/speech/speech.ts';
import type { Line } from './narration-script.ts';

/** Lines that are spoken at a time: a provider takes a second or two for each. */
const ahead = 3;

interface Speaking {
  readonly speech: Speech;
  readonly language: string;
  readonly signal: AbortSignal;
}

/** The lines with their sound, in order, spoken a few ahead. Whoever stops reading ends what is under way. */
export async function* spokenLines(
  lines: readonly Line[],
  { speech, language, signal }: Speaking,
): AsyncGenerator<readonly [Line, Sound]> {
  const end = new AbortController();
  const either = AbortSignal.any([signal, end.signal]);
  const speak = (line: Line) => {
    const sound = speech.speak({ text: line.text, language, signal: either });
    // One that fails before its turn is heard of when that comes.
    sound.catch(() => {});
    return [line, sound] as const;
  };
  const begun = lines.slice(0, ahead).map(speak);
  try {
    for (const [index] of lines.entries()) {
      const first = begun.shift();
      if (!first) return;
      const [line, sound] = first;
      yield [line, await sound];
      const next = lines[index + ahead];
      if (next) begun.push(speak(next));
    }
  } finally {
    end.abort(new Error('The narration has ended.'));
    await Promise.allSettled(begun.map(([, sound]) => sound));
  }
}
