import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '#platform/clock.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { directive } from '#tests/model-server/directive.ts';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import { scriptedSpeech } from '#tests/model-server/speech.ts';
import { ProviderSpeech } from './provider-speech.ts';
import { testSpeech } from './speech.contract.ts';
import { type Sound, SpeechError } from './speech.ts';

const apiKey = 'sk-very-secret-0123456789';
const { logger, lines } = collectingLogger();
const tools = { clock: systemClock, logger, random: () => 0 };
const open = ({ url }: ModelServer, model = 'speaker', limits = {}, clock: Clock = systemClock) =>
  new ProviderSpeech({ model, voice: 'alloy', provider: { baseUrl: url, apiKey } }, { ...tools, clock }, limits);

describe("a provider's speech", () => {
  testSpeech(async () => {
    const server = await startModelServer();
    return { speech: open(server), close: () => server.close() };
  });
});

describe('a provider', () => {
  let server: ModelServer;
  beforeAll(async () => {
    server = await startModelServer({ apiKey });
  });
  afterAll(() => server.close());

  let count = 0;
  /** Asks with a directive; gives what came of it, after how many calls, and what it was asked. */
  async function ask(wish: Parameters<typeof directive>[0], { model = 'speaker', limits = {} } = {}) {
    count += 1;
    const text = `The fox ran home. ${directive({ key: `speech-${count}`, ...wish })}`;
    const before = server.shortCalls().length;
    const result = await open(server, model, limits)
      .speak({ text, language: 'en', signal: new AbortController().signal })
      .catch((error: unknown) => error);
    const calls = server.shortCalls().slice(before);
    return { result, text, calls: calls.length, body: calls[0]?.body };
  }
  const expectTone = (result: unknown, text: string, rate: number, loudest = 16_383) => {
    const { samples, sampleRate } = result as Sound;
    expect(sampleRate).toBe(rate);
    expect(samples).toHaveLength(Math.round(text.length * scriptedSpeech.perCharacter * rate) + 0.4 * rate);
    expect(Math.abs(samples.reduce((peak, value) => Math.max(peak, value), 0) - loudest)).toBeLessThan(20);
  };

  it('is asked for WAV, in the voice of the settings', async () => {
    const { result, text, body } = await ask({});
    expectTone(result, text, 24_000);
    expect(body).toEqual({ model: 'speaker', voice: 'alloy', input: text, response_format: 'wav' });
  });

  it('is told how to read where its model takes that', async () => {
    expect((await ask({}, { model: 'gpt-4o-mini-tts' })).body).toMatchObject({ instructions: expect.any(String) });
    expect((await ask({}, { model: 'tts-1' })).body).not.toHaveProperty('instructions');
  });

  it.each([
    ['speech-pcm', 24_000, 16_383],
    ['speech-pcm-16k', 16_000, 16_383],
    ['speech-16k', 16_000, 16_383],
    // Two channels, the second the mirror of the first at half its volume.
    ['speech-floats', 24_000, 4_096],
  ] as const)('may give its sound as %s', async (fault, rate, loudest) => {
    const { result, text, calls } = await ask({ fault });
    expectTone(result, text, rate, loudest);
    expect(calls).toBe(1);
  });

  it.each(['429', '500', '503', '408', 'cut', 'speech-short', 'speech-nothing', 'empty', 'stall'] as const)(
    'is asked again after %s, with patience',
    async (fault) => {
      const { result, text, calls } = await ask({ fault, times: 2, retryAfter: 0 }, { limits: { timeoutMs: 1_000 } });
      expectTone(result, text, 24_000);
      expect(calls).toBe(3);
    },
  );

  it.each(['500', 'hang', 'cut', 'speech-nothing'] as const)('that always answers %s is given up', async (fault) => {
    const { result, calls } = await ask({ fault }, { limits: { attempts: 2, timeoutMs: 500 } });
    expect(result).toBeInstanceOf(SpeechError);
    expect(result).toMatchObject({ retryable: true });
    expect(calls).toBe(2);
  });

  it.each(['400', '401', '403', '404', 'quota', 'speech-garbage', 'speech-mp3', 'speech-no-rate', 'html'] as const)(
    'is not asked again after %s',
    async (fault) => {
      const { result, calls } = await ask({ fault });
      expect(result).toBeInstanceOf(SpeechError);
      expect(result).toMatchObject({ retryable: false, cause: expect.any(Error) });
      expect(calls).toBe(1);
    },
  );

  it('that speaks without an end is cut off', async () => {
    const { result } = await ask({ fault: 'speech-endless' }, { limits: { attempts: 1, maxBytes: 1_000_000 } });
    expect(result).toMatchObject({
      name: 'SpeechError',
      cause: { cause: { message: expect.stringContaining('1000000') } },
    });
  });

  it('is not asked for more than it takes', async () => {
    const before = server.shortCalls().length;
    const { signal } = new AbortController();
    const refused = open(server).speak({ text: 'x'.repeat(4_097), language: 'en', signal });
    await expect(refused).rejects.toThrow(SpeechError);
    expect(server.shortCalls()).toHaveLength(before);
  });

  it('is asked so many lines at a time in their order, and has its time for each from when it is asked', async () => {
    const timers: Array<() => void> = [];
    const after: Clock['after'] = (_, callback) => {
      timers.push(callback);
      return () => {};
    };
    const speech = open(server, 'speaker', { attempts: 1, concurrency: 2 }, { ...systemClock, after });
    const before = server.shortCalls().length;
    const asked = () => server.shortCalls().slice(before);
    const lines = ['One fox.', 'Two foxes.', 'Three foxes.', 'Four foxes.', 'Five foxes.'];
    const texts = lines.map((line) => line + directive({ fault: 'hang' }));
    const { signal } = new AbortController();
    const spoken = texts.map((text) => speech.speak({ text, language: 'en', signal }).catch((error: unknown) => error));
    for (const [ended, line] of spoken.entries()) {
      const begun = Math.min(ended + 2, texts.length);
      await expect.poll(() => asked().length).toBe(begun);
      expect(timers).toHaveLength(begun);
      timers[ended]?.();
      expect(await line).toMatchObject({ name: 'SpeechError', retryable: true });
    }
    const inputs = asked().map(({ body }) => (body as { input: string }).input);
    expect([...inputs.slice(0, 2).sort(), ...inputs.slice(2)]).toEqual(texts);
  });

  it('is let go at once when it is aborted', async () => {
    const abort = new AbortController();
    const text = directive({ fault: 'hang' });
    const before = server.shortCalls().length;
    const spoken = open(server).speak({ text, language: 'en', signal: abort.signal });
    await expect.poll(() => server.shortCalls().length).toBe(before + 1);
    const reason = new Error('Enough.');
    abort.abort(reason);
    await expect(spoken).rejects.toBe(reason);
  });

  it('leaves neither its key nor the text in errors and logs', async () => {
    const { result } = await ask({ fault: '401' });
    await ask({ fault: '500', times: 1 });
    const seen = (value: unknown): string =>
      value instanceof Error ? `${value.message} ${value.stack} ${seen(value.cause)}` : (JSON.stringify(value) ?? '');
    const all = `${seen(result)} ${lines.map(({ message, fields }) => `${message} ${JSON.stringify(fields)} ${seen(fields.error)}`)}`;
    expect(lines.length).toBeGreaterThan(0);
    expect(all).not.toContain(apiKey);
    expect(all).not.toContain('The fox ran home');
  });
});
