import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Sound, Speech, SpeechRequest } from '#platform/speech/speech.ts';
import type { Narration } from './narrate.ts';

export const story = {
  title: 'The Fox and the Moon',
  parts: [
    'Once there was a fox called Ember. “Who is there?” asked the owl.\n\nEmber looked up at the moon, and she smiled.',
    'The wind blew softly. Mr. Badger was asleep already.',
  ],
  language: 'en',
} as const;

/** A voice of tones: as long as the text, with silence on either side, at the rates in turn. Counts what is under way. */
export class ToneSpeech implements Speech {
  readonly kind = 'espeak';
  readonly maxCharacters = 4_096;
  readonly spoken: SpeechRequest[] = [];
  underWay = 0;
  most = 0;
  readonly #rates: readonly number[];
  readonly #before: (request: SpeechRequest, turn: number) => Promise<void> | void;

  constructor(
    rates: readonly number[] = [24_000],
    before: (request: SpeechRequest, turn: number) => Promise<void> | void = () => {},
  ) {
    this.#rates = rates;
    this.#before = before;
  }

  async speak(request: SpeechRequest): Promise<Sound> {
    const turn = this.spoken.push(request) - 1;
    this.underWay += 1;
    this.most = Math.max(this.most, this.underWay);
    try {
      await this.#before(request, turn);
      request.signal.throwIfAborted();
      return tone(toneSeconds(request.text), this.#rates[turn % this.#rates.length] ?? 24_000);
    } finally {
      this.underWay -= 1;
    }
  }
}

/** How long the tone of a text lasts. */
export const toneSeconds = (text: string): number => 0.2 + text.length * 0.01;

function tone(seconds: number, sampleRate: number): Sound {
  const quiet = Math.round(0.5 * sampleRate);
  const length = Math.round(seconds * sampleRate);
  const samples = new Int16Array(length + 2 * quiet);
  for (let at = 0; at < length; at += 1) samples[quiet + at] = 12_000 * Math.sin((2 * Math.PI * 500 * at) / sampleRate);
  return { samples, sampleRate };
}

export async function read({ audio }: Pick<Narration, 'audio'>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of audio) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const run = promisify(execFile);

/** What a player hears, at 24 kHz. */
export async function decode(ffmpeg: string, mp3: Buffer): Promise<Int16Array> {
  const decoded = run(ffmpeg, ['-v', 'error', '-i', 'pipe:0', '-f', 's16le', 'pipe:1'], {
    encoding: 'buffer',
    maxBuffer: 100_000_000,
  });
  decoded.child.stdin?.end(mp3);
  const { stdout, stderr } = await decoded;
  if (stderr.length > 0) throw new Error(stderr.toString());
  return new Int16Array(new Uint8Array(stdout).buffer);
}

/** Root of the mean square between two times, in seconds, of full scale 32,768. */
export function loudness(samples: Int16Array, from: number, to: number): number {
  const part = samples.subarray(Math.round(from * 24_000), Math.round(to * 24_000));
  return Math.sqrt(part.reduce((sum, value) => sum + value * value, 0) / Math.max(1, part.length));
}

/** The longest stretch below a loudness, in seconds, in steps of 10 ms. */
export function longestSilence(samples: Int16Array, below: number): number {
  let [longest, current] = [0, 0];
  for (let at = 0; at < samples.length / 24_000; at += 0.01) {
    current = loudness(samples, at, at + 0.01) < below ? current + 0.01 : 0;
    longest = Math.max(longest, current);
  }
  return longest;
}
