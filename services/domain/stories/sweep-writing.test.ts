import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runRecord } from '#domain/runs/run-record.fixture.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { storeUnavailable } from '#platform/errors.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { storyOrderOf } from './story-order.fixture.ts';
import { storyRecord } from './story-record.fixture.ts';
import type { StoryRecord, ToldStory } from './story-records.ts';
import { followUpQueues } from './story-topics.ts';
import { WritingSweep } from './sweep-writing.ts';

const told: ToldStory = {
  ...{ title: 'A lamp', summary: 'It waits.', parts: ['Once.'], moral: 'Wait.', moderation: 'none' },
  ...{ pictureAlt: 'A lamp.', picturePrompt: 'A lamp.' },
};
let app: TestChat;
beforeEach(async () => {
  app = await createTestChat();
});
afterEach(() => app.close());

/** A story that is said to be written for some seconds, and its run as a scheduler of an earlier release left it. */
async function stuck(id: string, run: Partial<RunRecord>, seconds = 61, story: Partial<StoryRecord> = {}) {
  const createdAt = Date.now() - seconds * 1_000;
  const ids = { _id: `run-${id}`, kind: 'story', conversationId: id, slot: `run-${id}`, clientMessageId: id } as const;
  const rest = { order: storyOrderOf(), ownerId: 'owner', settled: true, createdAt };
  await app.chat.records.runs.insert(runRecord({ ...ids, ...rest, ...run }));
  await app.stories.stories.stories.insert(storyRecord({ _id: id, status: 'writing', createdAt, ...story }));
}
const sweep = () => new WritingSweep(app.stories).sweep();
const stateOf = async (id: string) => (await app.stories.stories.stories.get(id))?.status;
const complete = { status: 'complete', made: { rewrites: 0, told } } as const;

describe('a story that is said to be written although its run is over', () => {
  it('gets its end, and what follows it, once', async () => {
    await stuck('a', complete);
    await sweep();
    const story = await app.stories.stories.stories.get('a');
    expect(story).toMatchObject({ status: 'ready', told, following: true });
    const waiting = async () => (await app.chat.queue.counts(followUpQueues.notice)).waiting;
    expect(await waiting()).toBe(1);
    await sweep();
    expect(await app.stories.stories.stories.get('a')).toEqual(story);
    const { body } = await app.foundation.telemetry.metrics.expose();
    expect(body).toMatch(/lamplight_sweep_repairs_total\{kind="story_end".*\} 1$/m);
  });

  it('is looked for by the scheduler', async () => {
    await stuck('a', complete);
    await app.startScheduler();
    await expect.poll(() => stateOf('a')).toBe('ready');
  });

  it('is ended as its run was', async () => {
    const error = { code: 'model_unavailable', message: 'The model is away.', traceId: 't' } as const;
    await stuck('a', { status: 'failed', error });
    await stuck('b', { status: 'stopped' });
    await sweep();
    expect(await app.stories.stories.stories.get('a')).toMatchObject({ status: 'failed', error });
    expect(await stateOf('b')).toBe('stopped');
  });

  it('is left where it is written, began just now, or was deleted', async () => {
    await stuck('queued', { status: 'queued' });
    await stuck('running', { status: 'running' });
    await stuck('fresh', complete, 50);
    await stuck('deleted', complete, 61, { deleted: true });
    await sweep();
    for (const id of ['queued', 'running', 'fresh', 'deleted']) expect(await stateOf(id), id).toBe('writing');
    expect(await app.chat.queue.counts(followUpQueues.notice)).toMatchObject({ waiting: 0 });
  });

  it('is found behind any number that are being written', async () => {
    for (let story = 0; story < 501; story += 1) await stuck(`w${story}`, { status: 'running' }, 90);
    await stuck('last', complete);
    const writing = new WritingSweep(app.stories);
    await writing.sweep();
    expect(await stateOf('last')).toBe('writing');
    await writing.sweep();
    expect(await stateOf('last')).toBe('ready');
  });

  it('does not keep others from their end where it fails; without the store the pass ends', async () => {
    await stuck('a', { status: 'complete', made: { told: 'not a story' } });
    await stuck('b', complete);
    await sweep();
    expect([await stateOf('a'), await stateOf('b')]).toEqual(['writing', 'ready']);
    expect(app.lines.some(({ message }) => message.includes('could not be ended'))).toBe(true);
    Object.assign(app.chat.records.runs, { get: () => Promise.reject(storeUnavailable('away')) });
    await expect(sweep()).rejects.toMatchObject({ code: 'store_unavailable' });
  });
});
