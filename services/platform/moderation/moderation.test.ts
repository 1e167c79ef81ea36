import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directive } from '#tests/model-server/directive.ts';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import { loadCorpus, textsOf } from '#tests/moderation/corpus.ts';
import { corpusModerator } from '#tests/moderation/corpus-moderator.ts';
import { waitFor } from '#tests/servers/child.ts';
import { ModelModeration } from './model-moderation.ts';
import { apiKey, asking, modelsOf, tools } from './moderation.fixture.ts';
import { type Moderation, ModerationError } from './moderation.ts';
import { ProviderModeration } from './provider-moderation.ts';

let server: ModelServer;
let judges: Readonly<Record<'provider' | 'model', Moderation>>;
const logged = tools();
beforeAll(async () => {
  server = await startModelServer({ moderator: corpusModerator(), apiKey });
  const provider = { baseUrl: server.url, apiKey };
  judges = {
    provider: new ProviderModeration({ model: 'omni', provider }, logged.tools),
    model: new ModelModeration({ models: modelsOf(server), newCheck: randomUUID }),
  };
});
afterAll(() => server.close());

let count = 0;
const story = (wish: Parameters<typeof directive>[0], text = 'A quiet story about a secret garden.') => {
  count += 1;
  return `${text} ${directive({ key: `judged-${count}`, ...wish })}`;
};
const { unsafe, safe } = loadCorpus();
const calls = (text: string) =>
  [...server.shortCalls(), ...server.calls()].filter(({ body }) =>
    JSON.stringify(body).includes(JSON.stringify(text).slice(1, -1)),
  );

/** What both judges hold to. */
describe.each(['provider', 'model'] as const)('moderation by %s', (kind) => {
  it('finds every unsafe story of the corpus, and no safe one', async () => {
    for (const each of unsafe) {
      const verdict = await judges[kind].judge(asking(textsOf(each).join('\n\n')));
      expect({ id: each.id, ...verdict }).toMatchObject({ id: each.id, safe: false, by: kind });
      expect(verdict.reasons.length).toBeGreaterThan(0);
    }
    for (const each of safe) {
      const verdict = await judges[kind].judge(asking(textsOf(each).join('\n\n')));
      expect({ id: each.id, ...verdict }).toMatchObject({ id: each.id, safe: true, reasons: [] });
    }
  });

  it.each(['400', '401', '403', '429', 'quota', '500', '503', 'cut', 'bad-json', 'html', 'empty'] as const)(
    '%s is never safe',
    async (fault) => {
      const text = story({ fault, retryAfter: 0 });
      const error = await judges[kind].judge(asking(text)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ModerationError);
      expect(inspect(error, { depth: 9 })).not.toContain('secret garden');
      expect(inspect(error, { depth: 9 })).not.toContain(apiKey);
      expect(calls(text).length).toBeGreaterThan(0);
    },
  );

  it.each(['429', '500', 'cut', 'bad-json', 'html'] as const)('%s that passes costs another call', async (fault) => {
    const text = story({ fault, times: 1, retryAfter: 0 });
    expect(await judges[kind].judge(asking(text))).toMatchObject({ safe: true });
    expect(calls(text)).toHaveLength(2);
    const bad = story({ fault, times: 1, retryAfter: 0 }, unsafe[0]?.unfit);
    expect(await judges[kind].judge(asking(bad))).toMatchObject({ safe: false });
  });

  it('ends with its signal, and the call to the provider with it', async () => {
    const text = story({ fault: 'hang' });
    const abort = new AbortController();
    const judged = judges[kind].judge(asking(text, { signal: abort.signal }));
    const before = server.calls().length + server.shortCalls().length;
    await waitFor(() => calls(text).length > 0);
    abort.abort(new Error('no more'));
    await expect(judged).rejects.toThrow('no more');
    expect(server.calls().length + server.shortCalls().length).toBeLessThanOrEqual(before + 1);
    await expect(judges[kind].judge(asking('x', { signal: abort.signal }))).rejects.toThrow('no more');
  });

  it('judges all of a long text, also where it is cut', async () => {
    const unfit = unsafe[0]?.unfit ?? '';
    const filling = 'The lamp shone and the night was calm. ';
    for (const at of [1_500, 1_960, 2_000, 3_590, 70_000]) {
      const before = filling.repeat(2_000).slice(0, at);
      expect(await judges[kind].judge(asking(`${before}${unfit} ${filling.repeat(20)}`))).toMatchObject({
        safe: false,
      });
    }
    expect(await judges[kind].judge(asking(filling.repeat(2_000)))).toMatchObject({ safe: true });
  });

  it('logs neither the story nor the key', () => {
    const lines = inspect(logged.lines, { depth: 9 });
    expect(lines).not.toContain('secret garden');
    expect(lines).not.toContain(apiKey);
  });
});

it('a model that judges says what it cost, of both calls where it was asked twice', async () => {
  const once = await judges.model.judge(asking('A lamp.'));
  expect(once.usage).toMatchObject({ model: 'm' });
  const text = story({ fault: 'say', say: 'It is fine.', times: 1 }, 'A lamp.');
  const twice = await judges.model.judge(asking(text));
  expect(twice).toMatchObject({ safe: true });
  expect(twice.usage?.inputTokens).toBeGreaterThan(once.usage?.inputTokens ?? Number.NaN);
  expect(calls(text)).toHaveLength(2);
});
