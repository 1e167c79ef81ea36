import { setImmediate } from 'node:timers/promises';
import { describe, expect, inject, it } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { EspeakSpeech } from '#platform/speech/espeak-speech.ts';
import { SpeechError } from '#platform/speech/speech.ts';
import { narrate } from './narrate.ts';
import { decode, longestSilence, loudness, read, story, ToneSpeech, toneSeconds } from './narration.fixture.ts';

const { 'espeak-ng': espeak, ffmpeg = '' } = inject('programs');
const forever = new AbortController().signal;
const texts = [story.title, ...story.parts];
/** Between the end of a line and the beginning of the next. */
const pausesOf = (cues: readonly { readonly start: number; readonly end: number }[]) =>
  cues.slice(1).map(({ start }, at) => Math.round((start - (cues[at]?.end ?? 0)) * 1_000) / 1_000);

describe.skipIf(!ffmpeg)('a story that is read aloud', () => {
  it.skipIf(!espeak)('is heard as its cues say, without a gap, for as long as it says', async () => {
    const speech = new EspeakSpeech({ clock: systemClock });
    const narration = narrate(story, { speech, signal: forever });
    const mp3 = await read(narration);
    const { seconds, cues } = narration.result();
    const heard = await decode(ffmpeg, mp3);
    expect(Math.abs(heard.length / 24_000 - seconds)).toBeLessThan(0.001);
    expect(longestSilence(heard, 60)).toBeLessThan(1.2);
    expect(longestSilence(heard, 60)).toBeGreaterThan(0.85);
    expect(cues.map(({ part, from, to }) => (texts[part + 1] ?? '').slice(from, to))).toEqual([
      'The Fox and the Moon',
      'Once there was a fox called Ember.',
      '“Who is there?” asked the owl.',
      'Ember looked up at the moon, and she smiled.',
      'The wind blew softly.',
      'Mr. Badger was asleep already.',
    ]);
    for (const [index, { start, end }] of cues.entries()) {
      expect(loudness(heard, start, start + 0.2)).toBeGreaterThan(200);
      expect(loudness(heard, start, end)).toBeGreaterThan(800);
      expect(loudness(heard, start - 0.08, start - 0.005), `before ${index}`).toBeLessThan(60);
      expect(loudness(heard, end + 0.01, end + 0.08), `after ${index}`).toBeLessThan(60);
    }
  });

  it('has its times to the sample, at whatever rates the voice speaks', async () => {
    const speech = new ToneSpeech([24_000, 22_050, 16_000, 48_000, 44_100]);
    const narration = narrate(story, { speech, signal: forever });
    const heard = await decode(ffmpeg, await read(narration));
    const { seconds, cues } = narration.result();
    expect(cues).toHaveLength(6);
    for (const { part, from, to, start, end } of cues) {
      const length = toneSeconds((texts[part + 1] ?? '').slice(from, to));
      // The voice, what is kept around it, and the windows in which silence is told.
      expect(end - start).toBeGreaterThan(length + 0.069);
      expect(end - start).toBeLessThan(length + 0.081);
      // The tone's middle is loud for exactly its length: where it begins and ends tells whether all is in its place.
      const begins = heard.findIndex((value, at) => at > (start - 0.05) * 24_000 && Math.abs(value) > 3_000) / 24_000;
      expect(Math.abs(begins - (end - 0.05 - length)) + Math.abs(begins - (start + 0.02))).toBeLessThan(0.012);
      expect(loudness(heard, begins + 0.02, begins + length - 0.02)).toBeGreaterThan(8_000);
    }
    expect(pausesOf(cues)).toEqual([0.9, 0.25, 0.6, 0.9, 0.25]);
    expect(seconds - (cues.at(-1)?.end ?? 0)).toBeGreaterThan(0.3);
    expect(seconds - (cues.at(-1)?.end ?? 0)).toBeLessThan(0.5);
  });

  it('clicks nowhere', async () => {
    const narration = narrate(story, { speech: new ToneSpeech([22_050]), signal: forever });
    const heard = await decode(ffmpeg, await read(narration));
    const steepest = 12_000 * 2 * Math.PI * (500 / 24_000);
    const jumps = heard.map((value, at) => Math.abs(value - (heard[at - 1] ?? 0)));
    expect(Math.max(...jumps.slice(0, 100_000))).toBeLessThan(steepest * 1.5);
  });
});

describe('a narration', () => {
  it('is a file of one channel, 24 kHz and 48 kbit/s, in pieces', async () => {
    const narration = narrate(
      { ...story, parts: Array(20).fill(story.parts[0]) },
      { speech: new ToneSpeech(), signal: forever },
    );
    const sizes: number[] = [];
    let first: Uint8Array | undefined;
    for await (const chunk of narration.audio) {
      first ??= chunk;
      sizes.push(chunk.length);
    }
    // MPEG-2 layer III without a checksum, 48 kbit/s, 24 kHz, one channel.
    expect([...(first?.subarray(0, 4) ?? [])]).toEqual([0xff, 0xf3, 0x64, 0xc4]);
    expect(sizes.length).toBeGreaterThan(5);
    expect(Math.max(...sizes)).toBeLessThan(20_000);
    expect(narration.result().seconds).toBeCloseTo((sizes.reduce((sum, size) => sum + size, 0) * 8) / 48_000, 6);
    expect(narration.mediaType).toBe('audio/mpeg');
  });

  it('is spoken in its language, a few lines ahead', async () => {
    const speech = new ToneSpeech([24_000], () => setImmediate());
    await read(narrate({ ...story, language: 'de' }, { speech, signal: forever }));
    expect(new Set(speech.spoken.map(({ language }) => language))).toEqual(new Set(['de']));
    expect(speech.most).toBe(3);
    expect(speech.spoken).toHaveLength(6);
  });

  it('has its result when it has been read to its end', async () => {
    const narration = narrate(story, { speech: new ToneSpeech(), signal: forever });
    expect(() => narration.result()).toThrow();
    for await (const _ of narration.audio) break;
    expect(() => narration.result()).toThrow();
  });

  it('passes over lines in which nothing is heard', async () => {
    const silent = new ToneSpeech();
    const speech = new ToneSpeech();
    speech.speak = async (request) => {
      const sound = await silent.speak(request);
      return request.text.includes('owl') ? { ...sound, samples: new Int16Array(9_000) } : sound;
    };
    const narration = narrate(story, { speech, signal: forever });
    await read(narration);
    expect(narration.result().cues).toHaveLength(5);
    expect(pausesOf(narration.result().cues)).toEqual([0.9, 0.25, 0.9, 0.25]);
  });

  it.each([
    ['no words', { title: '…', parts: ['* * *', ''] }],
    ['nothing', { title: '', parts: [] }],
  ])('of a story of %s fails for good', async (_, text) => {
    const failed = read(narrate({ ...text, language: 'en' }, { speech: new ToneSpeech(), signal: forever }));
    await expect(failed).rejects.toMatchObject({ name: 'SpeechError', retryable: false });
  });

  it('fails as the voice fails, and ends what is under way', async () => {
    const ended: unknown[] = [];
    const failure = new SpeechError('Hoarse.', { retryable: true });
    const speech = new ToneSpeech([24_000], async ({ signal }, turn) => {
      if (turn === 2) throw failure;
      if (turn < 2) return;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      // A voice that takes some turns to end.
      for (let turns = 0; turns < 5; turns += 1) await setImmediate();
      ended.push(turn);
    });
    const narration = narrate(story, { speech, signal: forever });
    await expect(read(narration)).rejects.toBe(failure);
    expect(ended.length).toBeGreaterThan(0);
    expect(speech.underWay).toBe(0);
    expect(() => narration.result()).toThrow();
  });

  it('ends with its signal, whatever it is doing', async () => {
    for (const turn of [0, 2]) {
      const abort = new AbortController();
      const reason = new Error('Enough.');
      const speech = new ToneSpeech([24_000], (_, at) => {
        if (at === turn) abort.abort(reason);
      });
      await expect(read(narrate(story, { speech, signal: abort.signal }))).rejects.toBe(reason);
      expect(speech.underWay).toBe(0);
    }
  });

  it('ends with its signal where all is spoken and the file is being made', async () => {
    const abort = new AbortController();
    const reason = new Error('Enough.');
    const line = { title: 'The fox ran home '.repeat(23), parts: [], language: 'en' };
    const narration = narrate(line, { speech: new ToneSpeech(), signal: abort.signal });
    const readTwice = async () => {
      for await (const _ of narration.audio) abort.abort(reason);
    };
    await expect(readTwice()).rejects.toBe(reason);
  });

  it('ends where nobody reads on', async () => {
    let aborted = 0;
    const speech = new ToneSpeech([24_000], async ({ signal }, turn) => {
      signal.addEventListener('abort', () => {
        aborted += 1;
      });
      if (turn > 15) await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    const long = { ...story, parts: Array(20).fill(story.parts[0]) };
    for await (const _ of narrate(long, { speech, signal: forever }).audio) break;
    expect(aborted).toBeGreaterThan(0);
    expect(speech.underWay).toBe(0);
  });

  it('leaves the event loop free: no turn of it takes 10 ms of the processor', async () => {
    const long = { ...story, parts: Array(20).fill(story.parts[0]) };
    const speech = new ToneSpeech([22_050]);
    await read(narrate(story, { speech, signal: forever }));
    let done = false;
    const reading = read(narrate(long, { speech, signal: forever })).finally(() => {
      done = true;
    });
    const turns: number[] = [];
    while (!done) {
      const { user, system } = process.threadCpuUsage();
      await setImmediate();
      const after = process.threadCpuUsage({ user, system });
      turns.push((after.user + after.system) / 1_000);
    }
    await reading;
    turns.sort((a, b) => b - a);
    expect(turns.length).toBeGreaterThan(1_000);
    // One turn or two may hold a collection of garbage, or the compiler.
    expect(turns[3]).toBeLessThan(10);
  });
});
