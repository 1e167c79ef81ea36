import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kindOf } from '#domain/runs/run-kind.ts';
import { runRecord } from '#domain/runs/run-record.fixture.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { type FollowUpWorld, openFollowUpWorld, type TestProcess } from './follow-ups/follow-ups.fixture.ts';
import { storyOrderOf } from './story-order.fixture.ts';
import type { StoryOrder } from './story-records.ts';

const orderOf = (schedule?: StoryOrder['schedule']): StoryOrder =>
  storyOrderOf({ settings: { ...storyOrderOf().settings, readerName: 'Mila' }, ...(schedule && { schedule }) });
const error = { code: 'model_unavailable', message: 'The model is away.', traceId: 'a'.repeat(32) } as const;

describe('the end of a story', () => {
  it('is remembered with those of its schedule', async () => {
    const world = await openFollowUpWorld();
    const { ports } = world.process();
    const { told } = await world.addStory({ status: 'writing' });
    await ports.schedules.insert({
      ...{ _id: 'schedule-1', ownerId: world.person._id, slot: 0, name: 'Mila', timeZone: 'UTC' },
      timing: { kind: 'days', days: [1], time: '19:15' },
      settings: storyOrderOf().settings,
      ...{ characterIds: [], sceneIds: [], idea: '', mail: false, paused: false, version: 1, createdAt: 0 },
    });
    const order = orderOf({ id: 'schedule-1', at: 1, mail: false });
    const ids = { kind: 'story', conversationId: 'story-1', ownerId: world.person._id } as const;
    const run = runRecord({ ...ids, status: 'complete', order, made: { told } });
    for (let times = 0; times < 2; times += 1) await kindOf(ports.chat, run).copyEnd(run);
    expect((await ports.stories.memories.get('schedule-1'))?.stories).toMatchObject([{ title: told?.title }]);
    await world.close();
  });

  it('is told also where another job of its time was refused meanwhile', async () => {
    const world = await openFollowUpWorld();
    const { ports } = world.process();
    const { told, followUps: _none, ...refused } = await world.addStory({ _id: 'other' });
    const id = { _id: 'story-1', status: 'refused', following: false, error } as const;
    await ports.stories.stories.insert({ ...refused, ...id });
    const order = orderOf({ id: 's', at: 1, mail: false });
    const ids = { kind: 'story', conversationId: 'story-1', ownerId: world.person._id } as const;
    const run = runRecord({ ...ids, status: 'complete', order, made: { told } });
    await kindOf(ports.chat, run).copyEnd(run);
    const story = await ports.stories.stories.get('story-1');
    expect(story).toMatchObject({ status: 'ready', told, following: true });
    expect(story?.error).toBeUndefined();
    expect(await ports.stories.memories.count({}), 'its schedule is gone').toBe(0);
    await world.close();
  });
});

describe('the end of a story that did not come about', () => {
  let world: FollowUpWorld;
  let app: TestProcess;
  beforeEach(async () => {
    world = await openFollowUpWorld();
    app = world.process();
  });
  afterEach(() => world.close());

  const end = async (run: Partial<RunRecord>) => {
    const ids = { _id: 'run-1', kind: 'story', conversationId: 'story-1', ownerId: world.person._id } as const;
    const ended = runRecord({ ...ids, endedAt: app.ports.chat.clock.now(), ...run });
    const kind = kindOf(app.ports.chat, ended);
    await kind.copyAll(ended);
    await kind.afterEnd(ended);
    return app.ports.stories.stories.get('story-1');
  };
  const mailed = orderOf({ id: 's', at: 1, mail: true });

  it.each(['failed', 'interrupted'] as const)(
    'as %s by its schedule is a short mail that says so, once',
    async (status) => {
      app.work();
      expect(await end({ status, error, order: mailed })).toMatchObject({
        status: 'failed',
        error,
        following: true,
        followUps: { narration: { state: 'skipped' }, mail: { state: 'pending' } },
      });
      await world.until(() => world.mail.sent.length > 0, 'the mail');
      await end({ status, error, order: mailed });
      await world.until(async () => (await app.ports.stories.stories.get('story-1'))?.following === false);
      expect(world.mail.sent.map(({ id, subject }) => [id, subject])).toEqual([
        ['apology-story-1', 'No story for Mila this time'],
      ]);
      expect(world.mail.sent[0]?.text).toContain('We are sorry: the story could not be written this time.');
      expect(world.mail.sent[0]?.text).not.toContain(error.message);
    },
  );

  it.each([
    ['was asked for on a page', { status: 'failed', order: orderOf() }],
    ['goes by no mail', { status: 'failed', order: orderOf({ id: 's', at: 1, mail: false }) }],
    ['was stopped', { status: 'stopped', order: mailed }],
  ] as const)('is told by nobody where it %s', async (_where, run) => {
    const story = await end(run);
    expect(story).toMatchObject({ status: run.status, following: false });
    expect(story?.followUps).toBeUndefined();
  });

  it('is told by nobody where its owner wants no mails', async () => {
    await app.ports.accounts.records.people.update(world.person._id, { set: { storyMails: false } });
    expect(await end({ status: 'failed', error, order: mailed })).toMatchObject({ status: 'failed', following: false });
  });
});
