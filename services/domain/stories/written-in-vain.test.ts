import { afterEach, describe, expect, it } from 'vitest';
import { attemptRun } from '#domain/runs/attempt-run.ts';
import { RunsUnderWay } from '#domain/runs/runs-under-way.ts';
import { stopRun } from '#domain/runs/stop-run.ts';
import { ModerationError, type Verdict } from '#platform/moderation/moderation.ts';
import { ScriptedModels } from '#tests/protocol/scripted-models.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { beginStory } from './begin-story.ts';
import { storyOrderOf } from './story-order.fixture.ts';

let app: TestChat;
let models: ScriptedModels;
afterEach(() => app.close());

/** A story under way, of which a first part was put out, and a second of about 1,000 tokens is written and not put out. */
async function halfTold() {
  models = new ScriptedModels();
  app = await createTestChat({ models });
  const person = await app.signIn();
  const ids = { storyId: 'story', runId: 'run' };
  await beginStory(app.stories, { person, ids, clientMessageId: 'once', order: storyOrderOf(), model: 'scripted' });
  const underWay = new RunsUnderWay(app.chat);
  const stops = new AbortController();
  const attempt = attemptRun(app.chat, underWay, { runId: 'run' }, stops.signal);
  const call = await waitFor(() => models.calls[0], { what: 'a call of the model' });
  call.say('thinking', 'é'.repeat(350));
  call.say('text', `{"title":"A lamp","parts":["One.","${'x'.repeat(3_500)}`);
  const logged = async () => (await app.chat.runLog.read('run', { attempt: 1, length: 0 }, 9)).entries.length > 0;
  await waitFor(logged, { what: 'the first part' });
  return { attempt, call, stops };
}
const runOf = async () => {
  const run = await app.chat.records.runs.get('run');
  if (!run) throw new Error('The run is gone.');
  return run;
};
/** What came before the second part, in tokens, and a little more. */
const beside = { atLeast: 1_200, atMost: 1_240 };
const expectAll = (tokens: number | undefined) => {
  expect(tokens).toBeGreaterThanOrEqual(beside.atLeast);
  expect(tokens).toBeLessThanOrEqual(beside.atMost);
};

describe('what a model wrote of a story and nobody got', () => {
  it('is remembered where the story is handed back', async () => {
    const { attempt, stops } = await halfTold();
    stops.abort();
    await attempt;
    const { spent, status } = await runOf();
    expect([status, spent?.calls]).toEqual(['queued', 1]);
    expectAll(spent?.outputTokens);
  });

  it('is counted where its person stops it', async () => {
    const { attempt } = await halfTold();
    await stopRun(app.chat, 'run');
    await attempt;
    const { usage, status } = await runOf();
    expect([status, usage?.estimated]).toEqual(['stopped', true]);
    expectAll(usage?.outputTokens);
  });

  it('is counted where the moderation goes away, with what judging took', async () => {
    const { attempt, call } = await halfTold();
    const usage = { inputTokens: 100_000, outputTokens: 5, estimated: false, model: 'judge' };
    const verdicts: (Verdict | Error)[] = [
      { safe: true, reasons: [], by: 'model', usage },
      new ModerationError('away', {}),
    ];
    const judge = () => {
      const verdict = verdicts.shift();
      return verdict instanceof Error || !verdict ? Promise.reject(verdict) : Promise.resolve(verdict);
    };
    Object.assign(app.stories.moderation, { judge });
    const before = (await runOf()).reserved;
    call.say('text', '"');
    await waitFor(() => verdicts.length === 1, { what: 'a judgement' });
    call.say('text', ',"Three."');
    await attempt;
    const { error, usage: counted } = await runOf();
    expect(error?.code).toBe('moderation_unavailable');
    expectAll((counted?.outputTokens ?? 0) - 5);
    // No more than was held, and that is less than the judge read.
    expect(counted?.inputTokens).toBe((before?.tokens ?? 0) - (before?.maxOutputTokens ?? 0));
  });

  it('counts nothing where no model was asked', async () => {
    models = new ScriptedModels();
    app = await createTestChat({ models });
    await app.foundation.runtime.change({ runningStories: 0 });
    const person = await app.signIn();
    const ids = { storyId: 'story', runId: 'run' };
    await beginStory(app.stories, { person, ids, clientMessageId: 'once', order: storyOrderOf(), model: 'scripted' });
    await attemptRun(app.chat, new RunsUnderWay(app.chat), { runId: 'run' }, AbortSignal.abort());
    expect((await runOf()).spent).toBeUndefined();
  });
});
