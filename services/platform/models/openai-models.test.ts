import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import type { ModelConfig, ModelsConfig } from '#platform/config/config.ts';
import { newTrace, runInTrace } from '#platform/telemetry/trace.ts';
import { directive } from '#tests/model-server/directive.ts';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import { expectedText } from '#tests/model-server/text.ts';
import { freePort, waitFor } from '#tests/servers/child.ts';
import { ModelError, type ModelEvent } from './models.ts';
import { OpenAiModels } from './openai-models.ts';

const apiKey = 'sk-very-secret-0123456789';
let server: ModelServer;
let count = 0;

beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());

type Wish = Parameters<typeof directive>[0];

/** A message of its own, whose calls can be told from those of other tests. */
function message(wish: Wish): string {
  count += 1;
  return directive({ key: `test-${count}`, ...wish });
}

const callsOf = (content: string) => server.calls().filter(({ text }) => text === content);

interface Setup extends Partial<Omit<ModelsConfig, 'providers' | 'default'>> {
  readonly baseUrl?: string;
  readonly apiKey?: string;
  readonly models?: readonly (Partial<ModelConfig> & { id: string })[];
}

function setUp(setup: Setup = {}) {
  const told: string[] = [];
  const lines: unknown[] = [];
  const log = (...line: unknown[]) => void lines.push(line);
  const models = new OpenAiModels(
    {
      providers: [
        {
          name: 'Tests',
          baseUrl: setup.baseUrl ?? server.url,
          apiKey: setup.apiKey ?? apiKey,
          models: (setup.models ?? [{ id: 'm' }]).map((model) => ({
            providerModel: `provider-${model.id}`,
            name: model.id,
            contextTokens: 8_000,
            vision: false,
            ...model,
          })),
        },
      ],
      default: 'm',
      timeouts: setup.timeouts ?? { firstTokenMs: 5_000, betweenTokensMs: 5_000 },
      attempts: setup.attempts ?? 1,
    },
    {
      clock: systemClock,
      random: () => 0,
      logger: { error: log, warn: log, info: log, debug: log },
      metrics: {
        firstToken: (model) => told.push(`first ${model}`),
        ended: (model, _seconds, code) => told.push(`ended ${model} ${code ?? 'well'}`),
        retried: (model, reason) => told.push(`retried ${model} ${reason}`),
        fellBack: (model) => told.push(`fell back ${model}`),
      },
    },
  );
  return { models, told, lines };
}

interface Heard {
  text: string;
  thinking: string;
  finish: Extract<ModelEvent, { type: 'finish' }> | undefined;
  error: unknown;
}

/** Reads a reply to its end, good or bad. `each` is called after each event. */
async function hear(
  models: OpenAiModels,
  content: string,
  { signal = new AbortController().signal, model = 'm', each = () => {} }: HearOptions = {},
): Promise<Heard> {
  const heard: Heard = { text: '', thinking: '', finish: undefined, error: undefined };
  try {
    for await (const event of models.stream({ model, messages: [{ role: 'user', content }], signal })) {
      if (event.type === 'finish') heard.finish = event;
      else heard[event.kind] += event.text;
      await each(heard);
    }
  } catch (error) {
    heard.error = error;
  }
  return heard;
}
interface HearOptions {
  signal?: AbortSignal;
  model?: string;
  each?: (heard: Heard) => void | Promise<void>;
}

describe('a reply', () => {
  it('arrives to the character, with thinking apart and the usage that the provider counted', async () => {
    const { models, told } = setUp();
    const heard = await hear(models, message({ seed: 7, tokens: 400, thinking: 30, splitPairs: true }));
    expect(heard.error).toBeUndefined();
    expect(heard.text).toBe(expectedText({ seed: 7, tokens: 400, splitPairs: true }));
    expect(heard.thinking).not.toBe('');
    expect(heard.finish).toMatchObject({
      model: 'm',
      reason: 'stop',
      usage: { outputTokens: 430, thinkingTokens: 30, estimated: false },
    });
    expect(told).toEqual(['first m', 'ended m well']);
  });

  it('carries the trace of the work, the provider’s name of the model and the limits to the provider', async () => {
    const { models } = setUp({ models: [{ id: 'm', maxOutputTokens: 99 }] });
    const trace = newTrace();
    const content = message({ tokens: 2 });
    await runInTrace(trace, () => hear(models, content));
    const [call] = callsOf(content);
    expect(call?.traceparent).toBe(`00-${trace.traceId}-${trace.spanId}-01`);
    expect(call?.body).toMatchObject({
      model: 'provider-m',
      max_tokens: 99,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it.each([
    ['length', 'length'],
    ['content-filter', 'content_filter'],
  ] as const)('says why it ended: %s', async (fault, reason) => {
    const heard = await hear(setUp().models, message({ tokens: 5, fault, after: 3 }));
    expect(heard.finish?.reason).toBe(reason);
  });

  it('has estimated usage where the provider sends none', async () => {
    const { finish } = await hear(setUp().models, message({ tokens: 50, fault: 'no-usage' }));
    expect(finish?.usage.estimated).toBe(true);
    expect(finish?.usage.outputTokens).toBeGreaterThan(40);
  });

  it('is whole where the provider goes silent after the finish reason', async () => {
    const { models } = setUp({ timeouts: { firstTokenMs: 5_000, betweenTokensMs: 60 } });
    const content = message({ seed: 3, tokens: 5, fault: 'no-end' });
    const heard = await hear(models, content);
    expect(heard).toMatchObject({ text: expectedText({ seed: 3, tokens: 5 }), error: undefined });
    expect(heard.finish?.usage.estimated).toBe(true);
    await waitFor(() => callsOf(content)[0]?.state === 'closed');
  });

  it('waits for a slow consumer without reading on, and does not call that silence', async () => {
    const { models } = setUp({ timeouts: { firstTokenMs: 5_000, betweenTokensMs: 50 } });
    const content = message({ seed: 5, tokens: 60_000 });
    let held = false;
    const heard = await hear(models, content, {
      each: async () => {
        if (held) return;
        held = true;
        let last = -1;
        const stopsSending = () => {
          const now = callsOf(content)[0]?.tokensSent ?? 0;
          const same = now === last;
          last = now;
          return same;
        };
        await waitFor(stopsSending, { everyMs: 200 });
        expect(last).toBeLessThan(60_000);
      },
    });
    expect(heard.error).toBeUndefined();
    expect(heard.text).toBe(expectedText({ seed: 5, tokens: 60_000 }));
  });

  it('uses the connection of the one before', async () => {
    const { models } = setUp();
    const contents = [message({ tokens: 3 }), message({ tokens: 3, fault: '500' }), message({ tokens: 3 })];
    for (const content of contents) await hear(models, content);
    const [first, ...others] = contents.map((content) => callsOf(content)[0]?.connection);
    expect(others).toEqual([first, first]);
  });

  it('gets one try without stream_options from a server that refuses them, and later calls begin so', async () => {
    const { models } = setUp();
    const contents = [message({ tokens: 3, fault: 'refuse-options' }), message({ tokens: 3, fault: 'refuse-options' })];
    for (const content of contents) expect((await hear(models, content)).finish?.reason).toBe('stop');
    expect(contents.map((content) => callsOf(content).length)).toEqual([2, 1]);
  });
});

describe('a failure before the first token', () => {
  const short = { firstTokenMs: 80, betweenTokensMs: 80 };
  it.each([
    ['400', 'model_rejected', 2],
    ['401', 'model_auth_failed', 1],
    ['403', 'model_auth_failed', 1],
    ['404', 'model_rejected', 1],
    ['quota', 'model_rate_limited', 1],
    ['408', 'model_unavailable', 3],
    ['500', 'model_unavailable', 3],
    ['503', 'model_unavailable', 3],
    ['hang', 'model_timeout', 3],
    ['stall', 'model_timeout', 3],
    ['babble', 'model_timeout', 3],
    ['cut', 'model_unavailable', 3],
    ['bad-json', 'model_bad_reply', 3],
    ['html', 'model_bad_reply', 3],
    ['empty', 'model_bad_reply', 3],
    ['no-finish', 'model_bad_reply', 3],
    ['error-event', 'model_unavailable', 3],
  ] as const)('%s becomes %s after %i calls', async (fault, code, calls) => {
    const { models, told } = setUp({ attempts: 3, timeouts: short });
    const content = message({ fault });
    const { error, text } = await hear(models, content);
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({ code, retryable: calls === 3 });
    expect(text).toBe('');
    expect(callsOf(content)).toHaveLength(calls);
    expect(told.filter((line) => line.startsWith('retried'))).toHaveLength(calls === 3 ? 2 : 0);
    expect(told.at(-1)).toBe(`ended m ${code}`);
    await waitFor(() => callsOf(content).every(({ state }) => state !== 'open'));
  });

  it.each(['429', '500', 'hang', 'stall', 'cut', 'bad-json', 'html', 'empty'] as const)(
    '%s that passes costs a retry, and the answer is of one attempt alone',
    async (fault) => {
      const { models, told } = setUp({ attempts: 2, timeouts: short });
      const { text, error } = await hear(
        models,
        message({ seed: 1, tokens: 9, fault, times: 1, nonce: true, retryAfter: 0 }),
      );
      expect(error).toBeUndefined();
      expect(text).toBe(expectedText({ seed: 1, tokens: 9, nonce: 2 }));
      expect(told.map((line) => line.split(' ')[0])).toEqual(['retried', 'first', 'ended']);
    },
  );

  it('waits as long as Retry-After asks', async () => {
    const content = message({ tokens: 1, fault: '429', times: 1, retryAfter: 0.2 });
    const { error } = await hear(setUp({ attempts: 2 }).models, content);
    expect(error).toBeUndefined();
    const [first, second] = callsOf(content);
    expect((second?.receivedAt ?? 0) - (first?.receivedAt ?? 0)).toBeGreaterThanOrEqual(195);
  });

  it.each([3600, new Date(Date.now() + 3_600_000).toUTCString()])(
    'is not waited for where Retry-After is %s',
    async (retryAfter) => {
      const content = message({ fault: '429', retryAfter });
      const { error } = await hear(setUp({ attempts: 3 }).models, content);
      expect(error).toMatchObject({ code: 'model_rate_limited', retryable: true });
      expect(error instanceof ModelError ? error.retryAfterMs : 0).toBeGreaterThan(3_500_000);
      expect(callsOf(content)).toHaveLength(1);
    },
  );

  it('is retried where nobody listens at the address', async () => {
    const { models, told } = setUp({ baseUrl: `http://127.0.0.1:${await freePort()}/v1`, attempts: 2 });
    const { error } = await hear(models, message({}));
    expect(error).toMatchObject({ code: 'model_unavailable', retryable: true });
    expect(told).toEqual(['retried m model_unavailable', 'ended m model_unavailable']);
  });

  it('never shows the key, whatever the provider says', async () => {
    for (const key of [apiKey, 'sk-with\nnewline-abcdef', 'sk-ünïcode-→']) {
      const { models, lines } = setUp({ apiKey: key, models: [{ id: 'm', fallback: 'n' }, { id: 'n' }] });
      const { error } = await hear(models, message({ fault: '401' }));
      expect(error).toMatchObject({ code: 'model_auth_failed', retryable: false });
      const shown = inspect([error, lines], { depth: 20, showHidden: true });
      expect(shown).not.toContain(key);
      expect(shown).not.toContain(JSON.stringify(key).slice(1, -1));
    }
  });

  it('says so where the model is not one of the configured', async () => {
    const { error } = await hear(setUp().models, message({}), { model: 'other' });
    expect(error).toMatchObject({ code: 'model_rejected', retryable: false });
  });
});

describe('a failure after the first token', () => {
  it.each([
    ['stall', 'model_timeout'],
    ['babble', 'model_timeout'],
    ['cut', 'model_unavailable'],
    ['bad-json', 'model_bad_reply'],
    ['huge-line', 'model_bad_reply'],
    ['no-finish', 'model_bad_reply'],
    ['error-event', 'model_unavailable'],
  ] as const)('%s ends the reply with %s; what came before it is kept, nothing is asked again', async (fault, code) => {
    const timeouts = { firstTokenMs: 5_000, betweenTokensMs: 60 };
    const { models, told } = setUp({ attempts: 3, timeouts, models: [{ id: 'm', fallback: 'n' }, { id: 'n' }] });
    const content = message({ seed: 2, tokens: 9, fault, after: 4 });
    const { error, text } = await hear(models, content);
    expect(error).toMatchObject({ code, retryable: true });
    expect(text).toBe(expectedText({ seed: 2, tokens: 4 }));
    expect(callsOf(content)).toHaveLength(1);
    expect(told).toEqual(['first m', `ended m ${code}`]);
    await waitFor(() => callsOf(content)[0]?.state !== 'open');
  });

  it('a line of 1 GB costs no memory and closes the connection', async () => {
    const before = process.memoryUsage().rss;
    const content = message({ fault: 'huge-line', bytes: 1_000_000_000 });
    const { error } = await hear(setUp().models, content);
    expect(error).toMatchObject({ code: 'model_bad_reply' });
    await waitFor(() => callsOf(content)[0]?.state === 'closed');
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });
});

describe('the fallback', () => {
  it('answers where the chosen model fails before its first token, and says that it did', async () => {
    const dead = `http://127.0.0.1:${await freePort()}/v1`;
    const info = { name: 'x', contextTokens: 8_000, vision: false };
    const told: string[] = [];
    const models = new OpenAiModels(
      {
        providers: [
          {
            name: 'dead',
            baseUrl: dead,
            apiKey: '',
            models: [{ ...info, id: 'm', providerModel: 'm', fallback: 'n' }],
          },
          { name: 'Tests', baseUrl: server.url, apiKey: '', models: [{ ...info, id: 'n', providerModel: 'n' }] },
        ],
        default: 'm',
        timeouts: { firstTokenMs: 5_000, betweenTokensMs: 5_000 },
        attempts: 2,
      },
      {
        clock: systemClock,
        random: () => 0,
        logger: { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} },
        metrics: {
          firstToken: (model) => told.push(`first ${model}`),
          ended: (model) => told.push(`ended ${model}`),
          retried: (model) => told.push(`retried ${model}`),
          fellBack: (model) => told.push(`fell back ${model}`),
        },
      },
    );
    const heard = await hear(models, message({ seed: 4, tokens: 5 }));
    expect(heard).toMatchObject({
      error: undefined,
      finish: { model: 'n' },
      text: expectedText({ seed: 4, tokens: 5 }),
    });
    expect(told).toEqual(['retried m', 'ended m', 'fell back m', 'first n', 'ended n']);
  });

  it('is asked once each where fallbacks point in a circle', async () => {
    const { models, told } = setUp({
      models: [
        { id: 'm', fallback: 'n' },
        { id: 'n', fallback: 'm' },
      ],
    });
    const content = message({ fault: '500' });
    const { error } = await hear(models, content);
    expect(error).toMatchObject({ code: 'model_unavailable' });
    expect(callsOf(content).map(({ model }) => model)).toEqual(['provider-m', 'provider-n']);
    expect(told.filter((line) => line.startsWith('fell'))).toEqual(['fell back m']);
  });
});

describe('an abort', () => {
  const reason = new Error('stopped by the person');
  const aborted = async (wish: Wish, when: (content: string) => Promise<unknown>, attempts = 1) => {
    const { models, told } = setUp({ attempts });
    const content = message(wish);
    const controller = new AbortController();
    const hearing = hear(models, content, { signal: controller.signal });
    await when(content);
    controller.abort(reason);
    const { error } = await hearing;
    expect(error).toBe(reason);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    await waitFor(() => callsOf(content).every(({ state }) => state !== 'open'), { what: 'the connection to close' });
    return { content, told };
  };
  const arrives = (content: string) => waitFor(() => callsOf(content).length > 0);

  it('before the call makes none', async () => {
    const { models } = setUp();
    const content = message({});
    const { error } = await hear(models, content, { signal: AbortSignal.abort(reason) });
    expect(error).toBe(reason);
    expect(callsOf(content)).toHaveLength(0);
  });

  it('while the provider does not answer closes the connection', async () => {
    const { told } = await aborted({ fault: 'hang' }, arrives);
    expect(told).toEqual(['ended m well']);
  });

  it('in the middle of the answer closes the connection', async () => {
    await aborted({ tokens: 100_000, tokensPerSecond: 200 }, (content) =>
      waitFor(() => (callsOf(content)[0]?.tokensSent ?? 0) > 3),
    );
  });

  it('while it waits to try again ends at once', async () => {
    const { content } = await aborted(
      { fault: '429', retryAfter: 14 },
      (text) => waitFor(() => callsOf(text)[0]?.state === 'done'),
      3,
    );
    expect(callsOf(content)).toHaveLength(1);
  });

  it('of the consumer alone, who stops reading, closes the connection too', async () => {
    const content = message({ tokens: 100_000, tokensPerSecond: 200 });
    const { signal } = new AbortController();
    for await (const _ of setUp().models.stream({ model: 'm', messages: [{ role: 'user', content }], signal })) break;
    await waitFor(() => callsOf(content)[0]?.state === 'closed');
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
