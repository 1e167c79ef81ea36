import { afterEach, describe, expect, it } from 'vitest';
import { dueStoryQueue } from '#domain/stories/story-topics.ts';
import { storeUnavailable } from '#platform/errors.ts';
import { type ClaimPorts, ScheduleClock } from './claim-due.ts';
import { openScheduleWorld, type ScheduleWorld, times } from './schedules.fixture.ts';
import { changeSchedule } from './schedules.ts';
import { skipNext, unskipNext } from './skip-time.ts';

const open: ScheduleWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.test.close();
});

const noon = '2026-11-21T12:00:00Z';
const evening = Date.parse('2026-11-21T18:15:00Z');
const nextEvening = evening + 86_400_000;
const openWorld = async () => {
  const world = await openScheduleWorld(noon);
  open.push(world);
  return world;
};
const oneSchedule = async (request: Parameters<ScheduleWorld['schedule']>[1] = {}) => {
  const world = await openWorld();
  const ada = await world.parent();
  return { world, ada, schedule: await world.schedule(ada, request), clock: new ScheduleClock(world.ports) };
};
const waiting = async ({ ports }: ScheduleWorld) => (await ports.chat.queue.counts(dueStoryQueue)).waiting;
const withSchedules = ({ ports }: ScheduleWorld, schedules: Partial<ClaimPorts['schedules']>): ClaimPorts => ({
  ...ports,
  schedules: { ...bound(ports.schedules), ...schedules },
});
/** The methods of a collection, so that some can be replaced. */
const bound = (schedules: ClaimPorts['schedules']): ClaimPorts['schedules'] => ({
  insert: (doc) => schedules.insert(doc),
  insertMissing: (docs) => schedules.insertMissing(docs),
  get: (...args) => schedules.get(...args),
  getMany: (...args) => schedules.getMany(...args),
  find: (query) => schedules.find(query),
  scan: () => schedules.scan(),
  update: (...args) => schedules.update(...args),
  delete: (...args) => schedules.delete(...args),
  deleteWhere: (...args) => schedules.deleteWhere(...args),
  count: (where) => schedules.count(where),
  search: (...args) => schedules.search(...args),
  sum: (query) => schedules.sum(query),
});

describe('a time that has come', () => {
  it('is claimed once by all the clocks there are, and asks for its story under fixed ids', async () => {
    const { world, schedule } = await oneSchedule();
    await world.until('2026-11-21T18:14:59.999Z');
    expect(await new ScheduleClock(world.ports).claim()).toBe(0);
    await world.until('2026-11-21T18:15:00.000Z');
    const claims = [1, 2, 3].map(() => new ScheduleClock(world.ports).claim());
    expect((await Promise.all(claims)).toSorted()).toEqual([0, 0, 1]);
    const { due, dueSince, nextAt } = await world.stored(schedule._id);
    expect(due).toMatchObject({ at: evening, claimedAt: evening });
    expect(due?.storyId).not.toBe(due?.runId);
    expect({ dueSince, nextAt }).toEqual({ dueSince: evening, nextAt: nextEvening });
    expect(await waiting(world)).toBe(1);
    expect(await new ScheduleClock(world.ports).claim()).toBe(0);
  });

  it('is one of many: a pass claims them all, batch after batch', async () => {
    const { world, schedule, clock } = await oneSchedule();
    const copies = Array.from({ length: 1_100 }, (_, n) => ({ ...schedule, _id: `copy-${n}`, ownerId: `p${n}` }));
    await world.ports.schedules.insertMissing(copies);
    await world.until('2026-11-21T18:15:00Z');
    expect(await clock.claim()).toBe(1_101);
    expect(await waiting(world)).toBe(1_101);
  });

  it('comes no more where the cron has no further one', async () => {
    const { world, schedule, clock } = await oneSchedule();
    const timing = { kind: 'cron' as const, cron: '0 19 30 2 *' };
    await world.ports.schedules.update(schedule._id, { set: { timing } });
    await world.until('2026-11-21T18:15:00Z');
    expect(await clock.claim()).toBe(1);
    expect(await world.stored(schedule._id)).not.toHaveProperty('nextAt');
  });

  it('passes without a story where it is skipped, and the next one does not', async () => {
    const { world, ada, schedule, clock } = await oneSchedule();
    await skipNext(world.ports, ada, schedule._id);
    await world.until('2026-11-21T18:15:00Z');
    expect(await clock.claim()).toBe(0);
    const stored = await world.stored(schedule._id);
    expect(stored).toMatchObject({ nextAt: nextEvening });
    expect(stored).not.toHaveProperty('skipAt');
    expect(stored).not.toHaveProperty('due');
    expect(await times(world, 'skipped')).toBe(1);
    await world.until('2026-11-22T18:15:00Z');
    expect(await clock.claim()).toBe(1);
  });

  it('waits while the one before waits for its story', async () => {
    const { world, schedule, clock } = await oneSchedule({ timing: { kind: 'cron', cron: '15 * * * *' } });
    await world.until('2026-11-21T12:15:00Z');
    expect(await clock.claim()).toBe(1);
    const { due } = await world.stored(schedule._id);
    await world.until('2026-11-21T13:15:00Z');
    expect(await clock.claim()).toBe(0);
    expect(await world.stored(schedule._id)).toMatchObject({ due });
    await world.ports.schedules.update(schedule._id, { unset: ['due', 'dueSince'] });
    expect(await clock.claim()).toBe(1);
    expect((await world.stored(schedule._id)).due?.at).toBe(Date.parse('2026-11-21T13:15:00Z'));
  });
});

describe('after an outage', () => {
  it('a time is claimed that is less than two hours past', async () => {
    const { world, schedule, clock } = await oneSchedule();
    await world.until('2026-11-21T20:15:00Z');
    expect(await clock.claim()).toBe(1);
    expect(await world.stored(schedule._id)).toMatchObject({ due: { at: evening }, nextAt: nextEvening });
  });

  it('a time that is longer past is left out: logged, counted and shown', async () => {
    const { world, schedule, clock } = await oneSchedule();
    await world.until('2026-11-21T20:15:00.001Z');
    expect(await clock.claim()).toBe(0);
    const stored = await world.stored(schedule._id);
    expect(stored).toMatchObject({ last: { at: evening, outcome: 'late' }, nextAt: nextEvening });
    expect(stored).not.toHaveProperty('due');
    expect(await waiting(world)).toBe(0);
    expect(await times(world, 'late')).toBe(1);
    const lines = world.test.lines.filter(({ message }) => message.includes('more than two hours ago'));
    expect(lines).toMatchObject([{ level: 'warn', fields: { 'lamplight.schedule.id': schedule._id } }]);
  });

  it('of several times that were missed the latest is written, once', async () => {
    const { world, schedule, clock } = await oneSchedule({ timing: { kind: 'cron', cron: '15 * * * *' } });
    await world.until('2026-11-21T17:30:00Z');
    expect(await clock.claim()).toBe(1);
    expect(await world.stored(schedule._id)).toMatchObject({
      due: { at: Date.parse('2026-11-21T17:15:00Z') },
      nextAt: Date.parse('2026-11-21T18:15:00Z'),
    });
  });

  it('a time is left out in the end that waited behind another one', async () => {
    const { world, schedule, clock } = await oneSchedule({ timing: { kind: 'cron', cron: '15 13 * * *' } });
    const due = { at: 1, storyId: 's', runId: 'r', claimedAt: 1 };
    await world.ports.schedules.update(schedule._id, { set: { due, dueSince: 1 } });
    await world.until('2026-11-21T13:30:00Z');
    expect(await clock.claim()).toBe(0);
    await world.until('2026-11-21T14:30:00Z');
    await clock.claim();
    expect(await world.stored(schedule._id)).toMatchObject({ last: { outcome: 'late' }, due });
  });
});

describe('a claim', () => {
  it('does nothing where the timing was changed after it was read', async () => {
    const { world, ada, schedule } = await oneSchedule();
    await world.until('2026-11-21T18:15:00Z');
    const ports = withSchedules(world, {
      find: async (query) => {
        const page = await world.ports.schedules.find(query);
        await changeSchedule(world.ports, ada, schedule._id, { timing: { kind: 'days', days: [1], time: '19:15' } });
        return page;
      },
    });
    expect(await new ScheduleClock(ports).claim()).toBe(0);
    expect(await world.stored(schedule._id)).not.toHaveProperty('due');
    expect(await waiting(world)).toBe(0);
  });

  it('does nothing where the time was skipped after it was read, and takes it where that was taken back', async () => {
    const { world, ada, schedule } = await oneSchedule();
    await world.until('2026-11-21T18:15:00Z');
    const meanwhile = (change: () => Promise<unknown>) =>
      withSchedules(world, {
        find: async (query) => {
          const page = await world.ports.schedules.find(query);
          await change();
          return page;
        },
      });
    expect(await new ScheduleClock(meanwhile(() => skipNext(world.ports, ada, schedule._id))).claim()).toBe(0);
    expect(await world.stored(schedule._id)).not.toHaveProperty('due');
    expect(await new ScheduleClock(meanwhile(() => unskipNext(world.ports, ada, schedule._id))).claim()).toBe(0);
    expect(await new ScheduleClock(world.ports).claim()).toBe(1);
    expect(await times(world, 'skipped')).toBe(0);
  });

  it('does nothing where the schedule was paused after it was read', async () => {
    const { world, ada, schedule } = await oneSchedule();
    await world.until('2026-11-21T18:15:00Z');
    const ports = withSchedules(world, {
      find: async (query) => {
        const page = await world.ports.schedules.find(query);
        await changeSchedule(world.ports, ada, schedule._id, { paused: true });
        return page;
      },
    });
    expect(await new ScheduleClock(ports).claim()).toBe(0);
    expect(await world.stored(schedule._id)).not.toHaveProperty('due');
  });

  it('does nothing where its story was begun since it was read', async () => {
    const { world, schedule, clock } = await oneSchedule();
    await world.until('2026-11-21T18:15:00Z');
    const ports = withSchedules(world, {
      find: async (query) => {
        const page = await world.ports.schedules.find(query);
        await clock.claim();
        await world.ports.schedules.update(schedule._id, { unset: ['due', 'dueSince'] });
        return page;
      },
    });
    expect(await new ScheduleClock(ports).claim()).toBe(0);
    expect(await world.stored(schedule._id)).not.toHaveProperty('due');
  });

  it('whose reply is lost is found by the sweep', async () => {
    const { world, schedule } = await oneSchedule();
    await world.until('2026-11-21T18:15:00Z');
    const ports = withSchedules(world, {
      update: async (...args) => {
        await world.ports.schedules.update(...args);
        throw storeUnavailable(new Error('The reply is lost.'));
      },
    });
    await expect(new ScheduleClock(ports).claim()).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(await world.stored(schedule._id)).toMatchObject({ due: { at: evening } });
    const clock = new ScheduleClock(world.ports);
    await world.until('2026-11-21T18:15:29Z');
    await clock.sweep();
    expect(await waiting(world)).toBe(0);
    await world.until('2026-11-21T18:15:30Z');
    await clock.sweep();
    await clock.sweep();
    expect(await waiting(world)).toBe(1);
  });

  it('stands where the queue does not take its job', async () => {
    const { world, schedule } = await oneSchedule();
    await world.until('2026-11-21T18:15:00Z');
    const queue = { add: () => Promise.reject(new Error('The queue is away.')) };
    const away: ClaimPorts = {
      ...world.ports,
      chat: { ...world.ports.chat, queue: { ...world.ports.chat.queue, ...queue } },
    };
    expect(await new ScheduleClock(away).claim()).toBe(1);
    expect(await world.stored(schedule._id)).toMatchObject({ due: { at: evening } });
    expect(world.test.lines.at(-1)).toMatchObject({ level: 'warn' });
    await world.until('2026-11-21T18:16:00Z');
    await new ScheduleClock(away).sweep();
    await new ScheduleClock(world.ports).sweep();
    expect(await waiting(world)).toBe(1);
  });

  it('is one of many that are all claimed, and waits for no queue that is away', async () => {
    const { world, ada } = await oneSchedule();
    for (let more = 1; more < 20; more += 1) await world.schedule(ada);
    await world.until('2026-11-21T18:15:00Z');
    let asked = 0;
    const add = async () => {
      asked += 1;
      throw new Error('The queue is away.');
    };
    const chat = { ...world.ports.chat, queue: { ...world.ports.chat.queue, add } };
    expect(await new ScheduleClock({ ...world.ports, chat }).claim()).toBe(20);
    expect(asked, 'those that were claimed at the same time').toBe(16);
    await world.until('2026-11-21T18:16:00Z');
    await new ScheduleClock({ ...world.ports, chat }).sweep();
    expect(asked).toBe(16 + 3);
    await new ScheduleClock(world.ports).sweep();
    expect(await waiting(world)).toBe(20);
  });

  it('that fails for one schedule leaves the others alone', async () => {
    const { world, ada, schedule, clock } = await oneSchedule();
    const other = await world.schedule(ada);
    await world.ports.schedules.update(schedule._id, { set: { timeZone: 'Mars/Olympus' } });
    await world.until('2026-11-21T18:15:00Z');
    expect(await clock.claim()).toBe(1);
    expect(await world.stored(other._id)).toMatchObject({ due: { at: evening } });
    expect(world.test.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { fields: { 'lamplight.schedule.id': schedule._id } },
    ]);
  });
});
