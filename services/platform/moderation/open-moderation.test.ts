import { afterEach, expect, it } from 'vitest';
import { DemoModel } from '#platform/models/demo-model.ts';
import { directive } from '#tests/model-server/directive.ts';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import { corpusModerator } from '#tests/moderation/corpus-moderator.ts';
import { VirtualTime } from '#tests/protocol/virtual-time.ts';
import { AutoModeration } from './auto-moderation.ts';
import { asking, modelsOf, tools } from './moderation.fixture.ts';
import { ModerationError } from './moderation.ts';
import { openModeration } from './open-moderation.ts';

let server: ModelServer | undefined;
afterEach(() => server?.close());
const start = async () => {
  server = await startModelServer({ moderator: corpusModerator() });
  return { server, provider: { baseUrl: server.url, apiKey: '' } };
};

it('judges nothing beside the demo model alone', async () => {
  const { tools: adapterTools } = tools();
  const demo = new DemoModel(adapterTools);
  const moderation = await openModeration({ kind: 'auto', model: 'omni' }, demo, adapterTools);
  expect([moderation.kind, moderation.mayAskModel]).toEqual(['none', false]);
  expect(await moderation.judge(asking('A lamp.'))).toEqual({ safe: true, reasons: [], by: 'none' });
});

it.each(['provider', 'model'] as const)('judges by %s where the settings say so', async (kind) => {
  const { provider, server: asked } = await start();
  const moderation = await openModeration({ kind, model: 'omni', provider }, modelsOf(asked), tools().tools);
  expect([moderation.kind, moderation.mayAskModel]).toEqual([kind, kind === 'model']);
  expect(await moderation.judge(asking('A lamp.'))).toMatchObject({ safe: true, by: kind });
  expect([asked.shortCalls().length, asked.calls().length]).toEqual(kind === 'provider' ? [1, 0] : [0, 1]);
});

it.each(['404', '405', '501'] as const)(
  'auto: where the provider says %s, a model judges and is named',
  async (fault) => {
    const { provider, server: asked } = await start();
    const { tools: adapterTools, lines } = tools();
    const moderation = await openModeration({ kind: 'auto', model: 'omni', provider }, modelsOf(asked), adapterTools);
    // Who pays for the story pays for a model that judges: that one may is said until it is known that none does.
    expect([moderation.kind, moderation.mayAskModel]).toEqual(['provider', true]);
    const text = `A lamp. ${directive({ key: 'both', fault, times: 1 })}`;
    // The directive reaches both endpoints; the model's is past its first call.
    expect(await moderation.judge(asking(text))).toMatchObject({ safe: true, by: 'model' });
    expect([moderation.kind, moderation.mayAskModel]).toEqual(['model', true]);
    expect(await moderation.judge(asking('Another.'))).toMatchObject({ by: 'model' });
    expect(asked.shortCalls()).toHaveLength(1);
    expect(lines.filter(({ level }) => level === 'info')).toHaveLength(1);
  },
);

it.each(['401', '500', 'bad-json'] as const)('auto: %s is no reason to ask a model', async (fault) => {
  const { provider, server: asked } = await start();
  const moderation = await openModeration({ kind: 'auto', model: 'omni', provider }, modelsOf(asked), tools().tools);
  await expect(moderation.judge(asking(`A lamp. ${directive({ fault })}`))).rejects.toBeInstanceOf(ModerationError);
  expect(asked.calls()).toHaveLength(0);
  expect(moderation.kind).toBe('provider');
});

it('auto: a provider that had none is asked again after an hour, and judges where it has one now', async () => {
  const { provider, server: asked } = await start();
  const config = { model: 'omni', provider };
  const [ofProvider, ofModel] = await Promise.all([
    openModeration({ kind: 'provider', ...config }, modelsOf(asked), tools().tools),
    openModeration({ kind: 'model', ...config }, modelsOf(asked), tools().tools),
  ]);
  const time = new VirtualTime();
  const clock = { now: () => time.ms, monotonic: () => time.ms, after: time.after.bind(time) };
  const { tools: adapterTools, lines } = tools();
  const moderation = new AutoModeration(ofProvider, ofModel, { ...adapterTools, clock });
  const missing = (key: string) => `A lamp. ${directive({ key, fault: '404', times: 1 })}`;
  await moderation.judge(asking(missing('first')));
  await time.advance(3_599_000);
  expect(await moderation.judge(asking('Soon.'))).toMatchObject({ by: 'model' });
  await time.advance(2_000);
  // Still none: no second line.
  expect(await moderation.judge(asking(missing('second')))).toMatchObject({ by: 'model' });
  expect(lines).toHaveLength(1);
  await time.advance(3_601_000);
  expect(await moderation.judge(asking('Later.'))).toMatchObject({ by: 'provider' });
  expect([moderation.kind, moderation.mayAskModel]).toEqual(['provider', false]);
  expect(lines).toHaveLength(2);
});
