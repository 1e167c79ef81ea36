import { describe, expect, it, onTestFinished } from 'vitest';
import type { Principal } from '#domain/accounts/principal.ts';
import type { StoryPorts } from '#domain/stories/story-ports.ts';
import { dueStoryQueue, storyQueue } from '#domain/stories/story-topics.ts';
import { storeUnavailable } from '#platform/errors.ts';
import { settle } from '#tests/protocol/virtual-time.ts';
import { beginDueStory } from './begin-due-story.ts';
import { ScheduleClock } from './claim-due.ts';
import {
  dueSchedule,
  evening,
  openScheduleWorld,
  placesTaken,
  runsOf,
  type ScheduleWorld,
  storiesOf,
  times,
} from './schedules.fixture.ts';
import { changeSchedule, deleteSchedule } from './schedules.ts';

const never = new AbortController().signal;

/** Holds as many of a person's answers as are allowed. */
async function fillAnswers({ test, ports }: ScheduleWorld, person: Principal): Promise<string[]> {
  await test.foundation.runtime.change({ runningAnswers: 2 });
  const ids = ['held-1', 'held-2'];
  for (const id of ids) await ports.chat.budgets.reserve(person, id, 1);
  return ids;
}

/** Has so many stories wait in the queue; returns what has them taken. */
async function queueStories({ ports: { chat } }: ScheduleWorld, count: number): Promise<() => void> {
  for (let story = 0; story < count; story += 1) await chat.queue.add(storyQueue, { runId: `queued-${story}` });
  return () => chat.queue.consume(storyQueue, { concurrency: count }, async () => {});
}

describe('the job of a time that is due', () => {
  it('begins its story under the fixed ids, and says so in the schedule', async () => {
    const { world, ada, id, due, job } = await dueSchedule({ idea: 'A kite', settings: { readerName: 'Mila' } });
    await world.time.advance(2_500);
    await beginDueStory(world.ports, job, never);
    expect(await runsOf(world)).toMatchObject([
      {
        _id: due.runId,
        kind: 'story',
        ownerId: ada.id,
        conversationId: due.storyId,
        clientMessageId: `schedule-${id}-${evening}`,
        text: 'A kite',
        order: { settings: { readerName: 'Mila' }, schedule: { id, at: evening, mail: true } },
      },
    ]);
    expect(await storiesOf(world)).toMatchObject([{ _id: due.storyId, scheduleId: id, scheduledFor: evening }]);
    const stored = await world.stored(id);
    expect(stored.last).toEqual({ at: evening, outcome: 'begun', storyId: due.storyId });
    expect(Object.keys(stored)).not.toContain('due');
    expect(Object.keys(stored)).not.toContain('dueSince');
    expect(await times(world, 'begun')).toBe(1);
    expect(await world.metric('lamplight_schedule_lag_seconds_sum')).toBe(2.5);
    expect((await world.ports.chat.queue.counts(storyQueue)).waiting).toBe(1);
    expect(await placesTaken(world), 'of a run that is queued').toBe(0);
  });

  it('leaves out characters and scenes that were deleted since', async () => {
    const world = await openScheduleWorld('2026-11-21T12:00:00Z');
    onTestFinished(() => world.test.close());
    const ada = await world.parent();
    const { characters, scenes } = world.ports.library;
    for (const n of [1, 2]) {
      await characters.insert({ _id: `c${n}`, ownerId: ada.id, name: `N${n}`, who: 'w', traits: ['t'], createdAt: 0 });
      await scenes.insert({ _id: `s${n}`, ownerId: ada.id, place: `P${n}`, mood: 'm', events: ['e'], createdAt: 0 });
    }
    const { _id } = await world.schedule(ada, { characterIds: ['c1', 'c2'], sceneIds: ['s1', 's2'] });
    await characters.delete('c1');
    await scenes.delete('s2');
    await world.until('2026-11-21T18:15:00Z');
    await new ScheduleClock(world.ports).claim();
    const { due } = await world.stored(_id);
    await beginDueStory(world.ports, { scheduleId: _id, storyId: due?.storyId ?? '' }, never);
    expect(await runsOf(world)).toMatchObject([{ order: { characters: [{ name: 'N2' }], scenes: [{ place: 'P1' }] } }]);
  });

  it('does nothing a second time, nor for a time that is not the one that waits', async () => {
    const { world, id, job } = await dueSchedule();
    await beginDueStory(world.ports, { ...job, storyId: 'another' }, never);
    expect(await runsOf(world)).toEqual([]);
    await beginDueStory(world.ports, job, never);
    const stored = await world.stored(id);
    await beginDueStory(world.ports, job, never);
    expect(await world.stored(id)).toEqual(stored);
    expect(await runsOf(world)).toHaveLength(1);
    expect(await times(world, 'begun')).toBe(1);
  });

  it('says so later where its process died after the story was begun', async () => {
    const { world, id, due, job } = await dueSchedule();
    await beginDueStory(world.ports, job, never);
    await world.ports.schedules.update(id, { set: { due, dueSince: 1 }, unset: ['last'] });
    await world.time.advance(3 * 3_600_000);
    await beginDueStory(world.ports, job, never);
    expect(await runsOf(world)).toHaveLength(1);
    expect(await world.stored(id)).toMatchObject({ last: { outcome: 'begun', storyId: due.storyId } });
  });

  it('finds the story of a time that was noted before under other ids', async () => {
    const { world, id, due, job } = await dueSchedule();
    await beginDueStory(world.ports, job, never);
    const again = { ...due, storyId: 'other-story', runId: 'other-run' };
    await world.ports.schedules.update(id, { set: { due: again, dueSince: evening }, unset: ['last'] });
    await beginDueStory(world.ports, { ...job, storyId: 'other-story' }, never);
    expect(await runsOf(world)).toHaveLength(1);
    expect((await world.stored(id)).last).toEqual({ at: evening, outcome: 'begun', storyId: due.storyId });
  });

  it('waits until few stories are queued, and gives up where its process has to stop', async () => {
    const { world, id, job } = await dueSchedule();
    const write = await queueStories(world, 2);
    await world.test.foundation.runtime.change({ runningStories: 2 });
    const process = new AbortController();
    const first = beginDueStory(world.ports, job, process.signal);
    const second = beginDueStory(world.ports, job, never);
    await world.time.advance(25_000);
    expect(await runsOf(world)).toEqual([]);
    process.abort(new Error('The process stops.'));
    await expect(first).rejects.toThrow('The process stops.');
    write();
    await world.time.advance(600);
    await second;
    expect(await runsOf(world)).toHaveLength(1);
    expect(await world.stored(id)).toMatchObject({ last: { outcome: 'begun' } });
  });

  it('begins nothing where no stories are to be written, until the time is too long past', async () => {
    const { world, id, job } = await dueSchedule();
    await world.test.foundation.runtime.change({ runningStories: 0 });
    const waiting = beginDueStory(world.ports, job, never);
    await world.time.advance(2 * 3_600_000 + 11_000);
    await waiting;
    expect(await runsOf(world)).toEqual([]);
    expect(await world.stored(id)).toMatchObject({ last: { outcome: 'late' } });
  }, 30_000);

  it('writes nothing for a schedule that was deleted while it waited', async () => {
    const { world, ada, id, job } = await dueSchedule();
    const write = await queueStories(world, 1);
    await world.test.foundation.runtime.change({ runningStories: 1 });
    const waiting = beginDueStory(world.ports, job, never);
    await settle();
    await deleteSchedule(world.ports, ada, id);
    write();
    await world.time.advance(600);
    await waiting;
    expect(await runsOf(world)).toEqual([]);
    expect(await placesTaken(world)).toBe(0);
  });

  it('leaves a time out that is more than two hours past by then', async () => {
    const { world, id, job } = await dueSchedule();
    await world.time.advance(2 * 3_600_000 + 1);
    await beginDueStory(world.ports, job, never);
    expect(await runsOf(world)).toEqual([]);
    const stored = await world.stored(id);
    expect(stored).toMatchObject({ last: { at: evening, outcome: 'late' } });
    expect(Object.keys(stored)).not.toContain('due');
    expect(await times(world, 'late')).toBe(1);
  });

  it('writes the story of a time that was noted before its schedule was changed', async () => {
    const { world, ada, id, job } = await dueSchedule();
    await changeSchedule(world.ports, ada, id, { timing: { kind: 'days', days: [1], time: '07:00' } });
    await beginDueStory(world.ports, job, never);
    expect(await runsOf(world)).toHaveLength(1);
    expect(await world.stored(id)).toMatchObject({ last: { outcome: 'begun' }, nextAt: expect.any(Number) });
  });
});

describe('a story that cannot be begun now', () => {
  it('waits while its owner has as many answers under way as allowed', async () => {
    const { world, ada, id, job } = await dueSchedule();
    const held = await fillAnswers(world, ada);
    await beginDueStory(world.ports, job, never);
    expect(await storiesOf(world)).toEqual([]);
    expect(await world.stored(id)).toMatchObject({ due: { storyId: job.storyId }, dueSince: evening });
    expect(await placesTaken(world)).toBe(0);
    const budgets = world.ports.chat.budgets;
    for (const runId of held) await budgets.releaseOrphan(ada.id, runId);
    await world.time.advance(30_000);
    const before = (await world.ports.chat.queue.counts(dueStoryQueue)).waiting;
    await new ScheduleClock(world.ports).sweep();
    expect((await world.ports.chat.queue.counts(dueStoryQueue)).waiting).toBe(before);
    await beginDueStory(world.ports, job, never);
    expect(await world.stored(id)).toMatchObject({ last: { outcome: 'begun' } });
  });

  it('waits where the store is away, which is no failure of its job', async () => {
    const { world, id, job } = await dueSchedule();
    const away = { get: () => Promise.reject(storeUnavailable(new Error('away'))) };
    const ports: StoryPorts = { ...world.ports, schedules: { ...world.ports.schedules, ...away } };
    await beginDueStory(ports, job, never);
    expect(world.test.lines.at(-1)).toMatchObject({ level: 'warn' });
    expect(await world.stored(id)).toMatchObject({ due: { storyId: job.storyId } });
  });

  it('waits where the queue does not say how many stories wait, which is no failure of its job', async () => {
    const { world, id, job } = await dueSchedule();
    const counts = () => Promise.reject(new Error('The queue is away.'));
    const queue = Object.assign(Object.create(world.ports.chat.queue), { counts });
    await beginDueStory({ ...world.ports, chat: { ...world.ports.chat, queue } }, job, never);
    expect(world.test.lines.at(-1)).toMatchObject({ level: 'warn' });
    expect(await runsOf(world)).toEqual([]);
    expect(await world.stored(id)).toMatchObject({ due: { storyId: job.storyId } });
  });

  it('for a reason of ours is a failure of its job, and tried again after a while', async () => {
    const { world, id, job } = await dueSchedule();
    const broken = {
      get: () => {
        throw new Error('Broken.');
      },
    };
    const ports: StoryPorts = {
      ...world.ports,
      chat: { ...world.ports.chat, models: { ...world.ports.chat.models, ...broken } },
    };
    await world.time.advance(5_000);
    await expect(beginDueStory(ports, job, never)).rejects.toThrow('Broken.');
    expect(await world.stored(id)).toMatchObject({ due: { storyId: job.storyId }, dueSince: evening + 5_000 });
    expect(await placesTaken(world)).toBe(0);
  });
});
