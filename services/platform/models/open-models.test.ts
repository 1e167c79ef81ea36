import { describe, expect, it } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { openModels } from './open-models.ts';

const nothing = () => {};
const tools = {
  clock: systemClock,
  random: () => 0,
  logger: { error: nothing, warn: nothing, info: nothing, debug: nothing },
  metrics: { firstToken: nothing, ended: nothing, retried: nothing, fellBack: nothing },
};
const timeouts = { firstTokenMs: 1_000, betweenTokensMs: 1_000 };

describe('openModels', () => {
  it('gives the demo model alone where no provider is configured', async () => {
    const models = await openModels({ providers: [], default: 'demo', timeouts, attempts: 1 }, tools);
    await models.warm();
    expect(models.list()).toMatchObject([{ id: 'demo', demo: true }]);
    expect(models.default).toBe('demo');
  });

  it('gives the models of all providers in their order, without what is the operator’s alone', async () => {
    const price = { inputPerMillion: 1, outputPerMillion: 2 };
    const model = { name: 'A', providerModel: 'p', contextTokens: 1_000, vision: true, price };
    const models = await openModels(
      {
        providers: [
          { name: 'one', baseUrl: 'http://127.0.0.1:1/v1', apiKey: 'k', models: [{ ...model, id: 'a' }] },
          { name: 'two', baseUrl: 'http://127.0.0.1:1/v1', apiKey: '', models: [{ ...model, id: 'b', fallback: 'a' }] },
        ],
        default: 'b',
        timeouts,
        attempts: 1,
      },
      tools,
    );
    await models.warm();
    expect(models.list()).toEqual([
      { id: 'a', name: 'A', contextTokens: 1_000, vision: true, demo: false, price },
      { id: 'b', name: 'A', contextTokens: 1_000, vision: true, demo: false, price },
    ]);
    expect(models.get('b')?.id).toBe('b');
    expect(models.get('c')).toBeUndefined();
  });
});
