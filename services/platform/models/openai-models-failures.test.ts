import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { freePort } from '#scripts/programs/free-port.ts';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import { expectedText } from '#tests/model-server/text.ts';
import { waitFor } from '#tests/servers/child.ts';
import { ModelError } from './models.ts';
import { apiKey, callsOf as callsTo, hear, message, setUp as setUpWith } from './openai-models.fixture.ts';
import { OpenAiModels } from './openai-models.ts';

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
  await setUp().models.warm();
});
afterAll(() => server.close());

const setUp = (setup: Partial<Parameters<typeof setUpWith>[0]> = {}) => setUpWith({ baseUrl: server.url, ...setup });
const callsOf = (content: string) => callsTo(server, content);

describe('a failure before the first token', () => {
  const silent = ['hang', 'stall', 'babble'];
  /** Short only where it must pass: a busy machine is no failure. */
  const timeoutsFor = (fault: string) => {
    const ms = silent.includes(fault) ? 150 : 10_000;
    return { firstTokenMs: ms, betweenTokensMs: ms };
  };
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
    const { models, told } = setUp({ attempts: 3, timeouts: timeoutsFor(fault) });
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
      const { models, told } = setUp({ attempts: 2, timeouts: timeoutsFor(fault) });
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
    const timeouts = { firstTokenMs: 5_000, betweenTokensMs: 150 };
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
    const info = { name: 'x', contextTokens: 8_000, vision: false, price: { inputPerMillion: 0, outputPerMillion: 0 } };
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

  it('is asked for no longer a reply than either may write', async () => {
    const { models } = setUp({
      models: [
        { id: 'm', fallback: 'n' },
        { id: 'n', maxOutputTokens: 40, fallback: 'o' },
        { id: 'o', maxOutputTokens: 900 },
      ],
    });
    const content = message({ fault: '500' });
    await hear(models, content, { maxOutputTokens: 500 });
    expect(callsOf(content).map(({ body }) => body['max_tokens'])).toEqual([500, 40, 500]);
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
