import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSchedule } from '#contract/schedules.ts';
import { isAppError } from '#platform/errors.ts';
import { openScheduleWorld, type ScheduleWorld } from './schedules.fixture.ts';
import {
  changeSchedule,
  createSchedule,
  deleteSchedule,
  getOwn,
  listSchedules,
  maxSchedules,
  previewTiming,
} from './schedules.ts';
import { skipNext, unskipNext } from './skip-time.ts';

let world: ScheduleWorld;
beforeAll(async () => {
  world = await openScheduleWorld('2026-11-21T12:00:00Z');
});
afterAll(() => world.test.close());

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
  return 'done';
};
const ask = (request: object = {}) => newSchedule.parse({ name: 'Mila', ...request });
const text = { name: 'Fox', who: 'A fox', traits: ['sly'] };
const place = { place: 'A wood', mood: 'calm', events: ['rain'] };

describe('a schedule that is deleted', () => {
  it('takes along what is remembered of its stories, and of nobody else’s', async () => {
    const [ada, eve] = [await world.parent(), await world.parent()];
    const { _id } = await world.schedule(ada);
    const { memories } = world.ports.stories;
    const stories = [{ storyId: 's', title: 'A lamp', summary: 'It waits.' }];
    await memories.insert({ _id, ownerId: ada.id, stories, version: 1 });
    expect(await codeOf(deleteSchedule(world.ports, eve, _id))).toBe('not_found');
    expect(await memories.get(_id)).toBeDefined();
    await deleteSchedule(world.ports, ada, _id);
    expect(await memories.get(_id)).toBeUndefined();
  });
});

describe('a schedule whose character and scene were deleted', () => {
  it('is changed as any other, also by a form that sends all it has, and takes no other that is not there', async () => {
    const ada = await world.parent();
    const { library, chat } = world.ports;
    const owned = (_id: string) => ({ _id, ownerId: ada.id, createdAt: chat.clock.now(), slot: _id });
    const [characterIds, sceneIds] = [[chat.newId()], [chat.newId()]];
    await library.characters.insert({ ...owned(characterIds[0] ?? ''), ...text });
    await library.scenes.insert({ ...owned(sceneIds[0] ?? ''), ...place });
    const { _id } = await world.schedule(ada, { characterIds, sceneIds });
    await library.characters.delete(characterIds[0] ?? '');
    await library.scenes.delete(sceneIds[0] ?? '');
    const changed = await changeSchedule(world.ports, ada, _id, { idea: 'A lamp', characterIds, sceneIds });
    expect(changed).toMatchObject({ idea: 'A lamp', characterIds });
    expect(await codeOf(changeSchedule(world.ports, ada, _id, { characterIds: ['none'] }))).toBe('not_found');
    expect(await codeOf(changeSchedule(world.ports, ada, _id, { sceneIds: [...sceneIds, 'none'] }))).toBe('not_found');
  });
});

describe('a new schedule', () => {
  it('comes every day at 19:15 where its person lives, with the settings of that person', async () => {
    const ada = await world.parent({ language: 'de' });
    await world.ports.library.storySettings.insert({ _id: ada.id, settings: { readerAge: 4, minutes: 3 } });
    const made = await createSchedule(world.ports, ada, ask({ settings: { minutes: 10, readerName: 'Mila' } }));
    expect(made).toMatchObject({
      name: 'Mila',
      timing: { kind: 'days', days: [1, 2, 3, 4, 5, 6, 7], time: '19:15' },
      timeZone: 'Europe/Berlin',
      settings: { readerName: 'Mila', readerAge: 4, language: 'de', minutes: 10 },
      mail: true,
      paused: false,
      nextAt: '2026-11-21T18:15:00.000Z',
    });
    expect(Object.keys(made)).not.toContain('slot');
  });

  it('has no next time where it is paused, or never comes', async () => {
    const ada = await world.parent();
    const never = { timing: { kind: 'cron', cron: '0 19 30 2 *' } };
    expect(await createSchedule(world.ports, ada, ask(never))).not.toHaveProperty('nextAt');
    expect(await createSchedule(world.ports, ada, ask({ paused: true }))).not.toHaveProperty('nextAt');
  });

  it('takes characters and scenes of its person and of the library, and of nobody else', async () => {
    const [ada, bob] = [await world.parent(), await world.parent()];
    const { characters, scenes } = world.ports.library;
    for (const [id, ownerId] of [
      ['mine', ada.id],
      ['theirs', bob.id],
      ['shared', 'library'],
    ] as const) {
      await characters.insert({ _id: id, ownerId, ...text, createdAt: 0 });
      await scenes.insert({ _id: id, ownerId, ...place, createdAt: 0 });
    }
    const both = ['mine', 'shared'];
    const made = await createSchedule(world.ports, ada, ask({ characterIds: both, sceneIds: both }));
    expect(made).toMatchObject({ characterIds: both, sceneIds: both });
    for (const id of ['theirs', 'nobodys']) {
      expect(await codeOf(createSchedule(world.ports, ada, ask({ characterIds: [id] })))).toBe('not_found');
      expect(await codeOf(createSchedule(world.ports, ada, ask({ sceneIds: [id] })))).toBe('not_found');
      expect(await codeOf(changeSchedule(world.ports, ada, made.id, { characterIds: [id] }))).toBe('not_found');
      expect(await codeOf(changeSchedule(world.ports, ada, made.id, { sceneIds: [id] }))).toBe('not_found');
    }
  });

  it('refuses a cron that says nothing', async () => {
    const ada = await world.parent();
    const timing = { kind: 'cron', cron: '0 25 * * *' };
    expect(await codeOf(createSchedule(world.ports, ada, ask({ timing })))).toBe('invalid_request');
    expect((await listSchedules(world.ports, ada, { limit: 30 })).items).toEqual([]);
  });

  it('is one of at most twenty, also where many are asked for at once', async () => {
    const ada = await world.parent();
    const asked = Array.from({ length: 30 }, () => codeOf(createSchedule(world.ports, ada, ask())));
    const codes = await Promise.all(asked);
    expect(codes.filter((code) => code === 'done')).toHaveLength(maxSchedules);
    expect(codes.filter((code) => code === 'too_many_items')).toHaveLength(30 - maxSchedules);
    const { items } = await listSchedules(world.ports, ada, { limit: 100 });
    expect(items).toHaveLength(maxSchedules);
    await deleteSchedule(world.ports, ada, items[7]?.id ?? '');
    expect(await codeOf(createSchedule(world.ports, ada, ask()))).toBe('done');
    expect(await codeOf(createSchedule(world.ports, ada, ask()))).toBe('too_many_items');
  });
});

describe('a change', () => {
  it('merges settings and leaves the times alone', async () => {
    const ada = await world.parent();
    const { _id, nextAt, version } = await world.schedule(ada, { settings: { readerName: 'Mila', style: 'funny' } });
    await skipNext(world.ports, ada, _id);
    const changed = await changeSchedule(world.ports, ada, _id, { name: 'Mila and Tom', settings: { readerAge: 9 } });
    expect(changed).toMatchObject({
      name: 'Mila and Tom',
      settings: { readerName: 'Mila', readerAge: 9, style: 'funny' },
      skipped: '2026-11-21T18:15:00.000Z',
    });
    expect(await world.stored(_id)).toMatchObject({ nextAt, version, skipAt: nextAt });
  });

  it('of the same timing is none, and an empty one neither', async () => {
    const ada = await world.parent();
    const before = await world.schedule(ada);
    await skipNext(world.ports, ada, before._id);
    const { timing, timeZone } = before;
    await changeSchedule(world.ports, ada, before._id, { timing, timeZone, paused: false });
    await changeSchedule(world.ports, ada, before._id, {});
    expect(await world.stored(before._id)).toEqual({ ...before, skipAt: before.nextAt });
  });

  it.each([
    ['another time', { timing: { kind: 'days' as const, days: [1], time: '18:00' } }, '2026-11-23T17:00:00.000Z'],
    ['another zone', { timeZone: 'America/New_York' }, '2026-11-22T00:15:00.000Z'],
  ])('to %s finds the next time anew and skips none', async (_, change, next) => {
    const ada = await world.parent();
    const { _id } = await world.schedule(ada);
    await skipNext(world.ports, ada, _id);
    const changed = await changeSchedule(world.ports, ada, _id, change);
    expect(changed).toMatchObject({ nextAt: next });
    expect(changed).not.toHaveProperty('skipped');
    expect(await world.stored(_id)).toMatchObject({ version: 2 });
  });

  it('pauses and resumes, from the present time on', async () => {
    const ada = await world.parent();
    const { _id } = await world.schedule(ada);
    const paused = await changeSchedule(world.ports, ada, _id, { paused: true });
    expect(paused).not.toHaveProperty('nextAt');
    expect(await codeOf(skipNext(world.ports, ada, _id))).toBe('conflict');
    const resumed = await changeSchedule(world.ports, ada, _id, { paused: false });
    expect(resumed.nextAt).toBe('2026-11-21T18:15:00.000Z');
  });

  it('of what is due keeps what is due', async () => {
    const ada = await world.parent();
    const { _id } = await world.schedule(ada);
    const due = { at: 1, storyId: 's', runId: 'r', claimedAt: 2 };
    await world.ports.schedules.update(_id, { set: { due, dueSince: 2 } });
    await changeSchedule(world.ports, ada, _id, { timing: { kind: 'days', days: [2], time: '07:00' } });
    expect(await world.stored(_id)).toMatchObject({ due, dueSince: 2 });
  });

  it('refuses a cron that says nothing', async () => {
    const ada = await world.parent();
    const { _id } = await world.schedule(ada);
    const timing = { kind: 'cron' as const, cron: '* * * * *' };
    expect(await codeOf(changeSchedule(world.ports, ada, _id, { timing }))).toBe('invalid_request');
  });
});

describe('the next time', () => {
  it('is left out, and the one after it shown; or not left out after all', async () => {
    const ada = await world.parent();
    const { _id } = await world.schedule(ada);
    const skipped = { nextAt: '2026-11-22T18:15:00.000Z', skipped: '2026-11-21T18:15:00.000Z' };
    expect(await skipNext(world.ports, ada, _id)).toMatchObject(skipped);
    expect(await skipNext(world.ports, ada, _id)).toMatchObject(skipped);
    const again = await unskipNext(world.ports, ada, _id);
    expect(again.nextAt).toBe('2026-11-21T18:15:00.000Z');
    expect(again).not.toHaveProperty('skipped');
    expect(await unskipNext(world.ports, ada, _id)).toEqual(again);
  });

  it('is told five times ahead, and fewer where it does not come so often', () => {
    const timing = { kind: 'days' as const, days: [6], time: '08:00' };
    expect(previewTiming(world.ports, { timing, timeZone: 'Asia/Kathmandu' }).times).toEqual([
      '2026-11-28T02:15:00.000Z',
      '2026-12-05T02:15:00.000Z',
      '2026-12-12T02:15:00.000Z',
      '2026-12-19T02:15:00.000Z',
      '2026-12-26T02:15:00.000Z',
    ]);
    const never = { kind: 'cron' as const, cron: '0 19 31 6 *' };
    expect(previewTiming(world.ports, { timing: never, timeZone: 'UTC' }).times).toEqual([]);
  });
});

describe('of others', () => {
  it('nothing is seen or changed', async () => {
    const [ada, eve] = [await world.parent(), await world.parent()];
    const { _id } = await world.schedule(ada);
    for (const work of [
      getOwn(world.ports, eve, _id),
      changeSchedule(world.ports, eve, _id, { name: 'Eve' }),
      skipNext(world.ports, eve, _id),
      unskipNext(world.ports, eve, _id),
      deleteSchedule(world.ports, eve, _id),
    ])
      expect(await codeOf(work)).toBe('not_found');
    expect((await listSchedules(world.ports, eve, { limit: 30 })).items).toEqual([]);
    expect((await listSchedules(world.ports, ada, { limit: 30 })).items).toMatchObject([{ name: 'Mila' }]);
  });
});
