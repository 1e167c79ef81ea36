import { setImmediate } from 'node:timers/promises';
import type { Cue } from '#contract/stories.ts';
import { type Sound, type Speech, SpeechError } from '#platform/speech/speech.ts';
import { delaySamples, openMp3Encoder, sampleRate, secondsOf } from './mp3.ts';
import { type Line, type NarratedText, narrationScript } from './narration-script.ts';
import { resample } from './resample.ts';
import { spokenLines } from './spoken-lines.ts';
import { trimSound } from './trim-sound.ts';

export interface Narration {
  readonly mediaType: 'audio/mpeg';
  /**
   * The file as it is made, to be read once; whoever stops reading ends the work. Throws `SpeechError` (not `retryable` where the story
   * has nothing to say), and the signal's reason.
   */
  readonly audio: AsyncIterable<Uint8Array>;
  /** Once `audio` has been read to its end; throws before. */
  result(): NarrationResult;
}

interface NarrationResult {
  /** As players show it: a little longer than the last cue's end. */
  readonly seconds: number;
  /** In the order of the text, one for each sentence, as heard: what is left out has none. */
  readonly cues: readonly Cue[];
}

export interface NarrationTools {
  readonly speech: Speech;
  readonly signal: AbortSignal;
}

/**
 * Reads a story aloud into one MP3 file. At a time it holds some sentences and 16 KiB of the file, and it holds the event loop for
 * about a millisecond.
 *
 *     const narration = narrate(story, { speech, signal });
 *     const audio = await gatherAudio(narration.audio, maxBytes);
 *     const { seconds, cues } = narration.result();
 */
export function narrate(story: NarratedText, tools: NarrationTools): Narration {
  let result: NarrationResult | undefined;
  return {
    mediaType: 'audio/mpeg',
    audio: makeFile(story, tools, (made) => {
      result = made;
    }),
    result: () => {
      if (!result) throw new Error('The narration has not been read to its end.');
      return result;
    },
  };
}

/** Samples that are encoded between two turns of the event loop. */
const sliceSamples = 600;
const chunkBytes = 16 * 1024;
/** Seconds of silence before the first line and after the last. */
const edges = { before: 0.1, after: 0.4 };
const samplesIn = (seconds: number): number => Math.round(seconds * sampleRate);

async function* makeFile(
  story: NarratedText,
  { speech, signal }: NarrationTools,
  done: (result: NarrationResult) => void,
): AsyncGenerator<Uint8Array> {
  const lines = narrationScript(story, speech.maxCharacters);
  const cues: Cue[] = [];
  let bytes = 0;
  for await (const chunk of inChunks(
    encoded(joined(lines, { speech, signal, language: story.language }, cues), signal),
  )) {
    bytes += chunk.length;
    yield chunk;
  }
  if (cues.length === 0) throw new SpeechError('There is nothing in the story to read aloud.', { retryable: false });
  done({ seconds: secondsOf(bytes), cues });
}

/** The lines one after the other with their pauses, in short slices; adds their cues. */
async function* joined(
  lines: readonly Line[],
  speaking: NarrationTools & { readonly language: string },
  cues: Cue[],
): AsyncGenerator<Float32Array> {
  let at = 0;
  let pause = edges.before;
  for await (const [line, sound] of spokenLines(lines, speaking)) {
    const voice = trimSound(sound);
    // Some voices have nothing to say for a word of signs.
    if (voice.samples.length === 0) continue;
    at += samplesIn(pause);
    yield* silence(samplesIn(pause));
    const start = at;
    for (const slice of slicesOf(voice)) {
      at += slice.length;
      yield slice;
    }
    cues.push(cueOf(line, start, at));
    pause = line.pause;
  }
  if (cues.length > 0) yield* silence(samplesIn(edges.after));
}

const cueOf = ({ part, from, to }: Line, start: number, end: number): Cue => ({
  part,
  from,
  to,
  start: heardAt(start),
  end: heardAt(end),
});

/** Seconds, to a millionth. */
const heardAt = (sample: number): number => Math.round(((sample + delaySamples) / sampleRate) * 1e6) / 1e6;

function* slicesOf(sound: Sound): Generator<Float32Array> {
  const voice = resample(sound, sampleRate);
  for (let from = 0; from < voice.length; from += sliceSamples)
    yield voice.slice(from, Math.min(voice.length, from + sliceSamples));
}

function* silence(samples: number): Generator<Float32Array> {
  for (let rest = samples; rest > 0; rest -= sliceSamples) yield new Float32Array(Math.min(rest, sliceSamples));
}

async function* encoded(slices: AsyncIterable<Float32Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const encoder = await openMp3Encoder();
  for await (const slice of slices) {
    signal.throwIfAborted();
    yield encoder.encode(slice);
    await setImmediate();
  }
  yield encoder.end();
}

async function* inChunks(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    held.push(piece);
    size += piece.length;
    if (size < chunkBytes) continue;
    yield Buffer.concat(held);
    held = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(held);
}
