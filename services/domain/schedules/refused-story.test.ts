import { describe, expect, it } from 'vitest';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { personNotice } from '#domain/runs/run-topics.ts';
import { followUpQueues } from '#domain/stories/story-topics.ts';
import { settle } from '#tests/protocol/virtual-time.ts';
import { beginDueStory } from './begin-due-story.ts';
import { ScheduleClock } from './claim-due.ts';
import { dueSchedule, evening, placesTaken, runsOf, storiesOf, times } from './schedules.fixture.ts';

const never = new AbortController().signal;
const budgetGone = { dailyTokenBudget: 10 };

describe('a story that may not be begun', () => {
  it('for want of budget is refused, and its owner gets a mail that says so', async () => {
    const { world, ada, id, due, job } = await dueSchedule({}, budgetGone);
    const told: unknown[] = [];
    world.ports.chat.broadcast.subscribe(personNotice, (notice) => told.push(notice));
    await beginDueStory(world.ports, job, never);
    expect(told).toEqual([{ ownerId: ada.id, notice: { kind: 'story_changed', storyId: due.storyId } }]);
    expect(await runsOf(world)).toEqual([]);
    expect(await storiesOf(world)).toMatchObject([
      {
        _id: due.storyId,
        status: 'refused',
        following: true,
        error: { code: 'budget_spent' },
        followUps: { mail: { state: 'pending' }, narration: { state: 'skipped' }, picture: { state: 'skipped' } },
      },
    ]);
    const stored = await world.stored(id);
    expect(stored.last).toMatchObject({ at: evening, outcome: 'refused', storyId: due.storyId });
    expect(stored.last?.error?.code).toBe('budget_spent');
    expect((await world.ports.chat.queue.counts(followUpQueues.mail)).waiting).toBe(1);
    expect(await placesTaken(world)).toBe(0);
    expect(await times(world, 'refused')).toBe(1);
    expect(world.test.lines.at(-1)).toMatchObject({ level: 'warn', fields: { 'error.code': 'budget_spent' } });
  });

  it.each([
    ['the schedule sends no mails', { mail: false }, {}],
    ['the person wants none', {}, { storyMails: false }],
    ['the person has no address', {}, { email: undefined }],
  ])('is refused without a mail where %s', async (_, request, person) => {
    const { world, job } = await dueSchedule(request, { ...budgetGone, ...person });
    await beginDueStory(world.ports, job, never);
    expect(await storiesOf(world)).toMatchObject([
      { status: 'refused', following: false, followUps: { mail: { state: 'skipped' } } },
    ]);
    expect((await world.ports.chat.queue.counts(followUpQueues.mail)).waiting).toBe(0);
  });

  it('is refused where there were as many today as allowed', async () => {
    const { world, id, job } = await dueSchedule();
    await world.test.foundation.runtime.change({ storiesPerDay: 0 });
    const refused = beginDueStory(world.ports, job, never);
    await settle();
    await world.time.advance(1_000);
    await refused;
    expect((await world.stored(id)).last).toMatchObject({ outcome: 'refused', error: { code: 'rate_limited' } });
  });

  it('is not refused where the other job of its time has the last story of the day, and has not stored it yet', async () => {
    const { world, id, due, job } = await dueSchedule();
    await world.test.foundation.runtime.change({ storiesPerDay: 1 });
    const { runs } = world.ports.chat.records;
    const insert = runs.insert.bind(runs);
    const storing = Promise.withResolvers<void>();
    Object.assign(runs, { insert: (run: RunRecord) => storing.promise.then(() => insert(run)) });
    const first = beginDueStory(world.ports, job, never);
    await settle();
    const second = beginDueStory(world.ports, job, never);
    await expect.poll(() => world.metric('lamplight_limit_refusals_total')).toBe(1);
    await settle();
    storing.resolve();
    await first;
    await world.time.advance(500);
    await second;
    expect(await runsOf(world)).toHaveLength(1);
    expect(await storiesOf(world)).toMatchObject([{ _id: due.storyId, status: 'writing' }]);
    expect((await world.stored(id)).last).toEqual({ at: evening, outcome: 'begun', storyId: due.storyId });
    expect((await world.ports.chat.queue.counts(followUpQueues.mail)).waiting).toBe(0);
  });

  it('stays refused where its process died before it said so', async () => {
    const { world, ada, id, due, job } = await dueSchedule({}, budgetGone);
    await beginDueStory(world.ports, job, never);
    const { last } = await world.stored(id);
    await world.ports.schedules.update(id, { set: { due, dueSince: 1 }, unset: ['last'] });
    await world.ports.accounts.records.people.update(ada.id, { unset: ['dailyTokenBudget'] });
    await beginDueStory(world.ports, job, never);
    expect((await world.stored(id)).last).toEqual(last);
    expect(await runsOf(world)).toEqual([]);
    expect(await storiesOf(world)).toHaveLength(1);
  });

  it('since its owner is disabled is left out, and the schedule goes on once they are enabled', async () => {
    const { world, ada, id, job } = await dueSchedule();
    const { people } = world.ports.accounts.records;
    await people.update(ada.id, { set: { disabled: true } });
    await beginDueStory(world.ports, job, never);
    expect([await runsOf(world), await storiesOf(world)]).toEqual([[], []]);
    expect(world.test.lines.at(-1)).toMatchObject({ level: 'info', fields: { 'lamplight.schedule.id': id } });
    expect(await times(world, 'skipped')).toBe(1);
    await people.update(ada.id, { set: { disabled: false } });
    await world.time.advance(24 * 3_600_000);
    await new ScheduleClock(world.ports).claim();
    const { due } = await world.stored(id);
    await beginDueStory(world.ports, { ...job, storyId: due?.storyId ?? '' }, never);
    expect(await world.stored(id)).toMatchObject({
      paused: false,
      last: { at: evening + 24 * 3_600_000, outcome: 'begun' },
    });
  });

  it('since its owner is deleted pauses the schedule', async () => {
    const { world, ada, id, job } = await dueSchedule();
    await world.ports.accounts.records.people.update(ada.id, { set: { deleted: true } });
    await beginDueStory(world.ports, job, never);
    expect(await runsOf(world)).toEqual([]);
    const stored = await world.stored(id);
    expect(stored.paused).toBe(true);
    for (const gone of ['due', 'dueSince', 'nextAt']) expect(Object.keys(stored)).not.toContain(gone);
    expect(world.test.lines.at(-1)).toMatchObject({ level: 'warn', fields: { 'lamplight.schedule.id': id } });
    expect(await times(world, 'paused')).toBe(1);
  });
});
