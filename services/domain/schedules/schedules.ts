import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { newSchedule, Schedule, scheduleChange, schedulePage, Timing } from '#contract/schedules.ts';
import type { StorySettings } from '#contract/story-parts.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { resolveCharacters, resolveScenes, settingsOf } from '#domain/library/resolve.ts';
import { AppError, isAppError, notFound } from '#platform/errors.ts';
import type { Change } from '#platform/store/store.ts';
import { presentSchedule } from './present-schedule.ts';
import type { SchedulePorts } from './schedule-ports.ts';
import type { ScheduleRecord } from './schedule-records.ts';
import { checkTiming, nextTimes } from './times.ts';

/** That one person may have: a time each for some children, and room to try. */
export const maxSchedules = 20;
const previewTimes = 5;

export interface ListQuery {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** The latest first. */
export async function listSchedules(
  { schedules }: SchedulePorts,
  principal: Pick<Principal, 'id'>,
  { cursor, limit }: ListQuery,
): Promise<z.output<typeof schedulePage>> {
  const { items, ...rest } = await schedules.find({
    where: { ownerId: principal.id },
    sort: { by: ['createdAt'], direction: 'desc' },
    limit,
    cursor,
  });
  return { items: items.map(presentSchedule), ...rest };
}

/** A schedule of this person's. Throws `not_found`, also for someone else's. */
export async function getOwn(
  { schedules }: Pick<SchedulePorts, 'schedules'>,
  principal: Pick<Principal, 'id'>,
  id: string,
): Promise<ScheduleRecord> {
  const schedule = await schedules.get(id);
  if (schedule?.ownerId !== principal.id) throw notFound('schedule');
  return schedule;
}

/**
 * Adds a schedule, or changes the one that was made under the same `clientScheduleId`. Time zone and settings are the person's where the
 * request leaves them out. Throws `invalid_request` for a timing that says nothing, `not_found` for a character or scene that is neither
 * the person's nor the library's, `too_many_items`.
 */
export async function createSchedule(
  ports: SchedulePorts,
  principal: Pick<Principal, 'id' | 'timeZone'>,
  { timeZone = principal.timeZone, settings, clientScheduleId, ...request }: z.output<typeof newSchedule>,
): Promise<Schedule> {
  checkTiming(request.timing);
  const _id = clientScheduleId === undefined ? ports.chat.newId() : idFrom(principal.id, clientScheduleId);
  const repeat = () => changeSchedule(ports, principal, _id, { ...request, timeZone, settings });
  if (clientScheduleId !== undefined && (await ports.schedules.get(_id, ['ownerId']))) return repeat();
  const [ofPerson] = await Promise.all([settingsOf(ports, principal), checkParts(ports, principal, request)]);
  const now = ports.chat.clock.now();
  const record = {
    _id,
    ownerId: principal.id,
    ...request,
    timeZone,
    settings: { ...ofPerson, ...(settings as Partial<StorySettings>) },
    ...(!request.paused && nextAfter(request.timing, timeZone, now)),
    version: 1,
    createdAt: now,
  };
  const made = await insertAtFreeSlot(ports, record);
  return made ? presentSchedule(made) : repeat();
}

/** Another one for each other person, so that nobody's is found under somebody else's ID. */
const idFrom = (ownerId: string, clientScheduleId: string): string =>
  createHash('sha256')
    .update(JSON.stringify([ownerId, clientScheduleId]))
    .digest('base64url');

/** Takes one of the person's places; whoever asks at the same time gets another. Undefined where there is a schedule of this ID by now. */
async function insertAtFreeSlot(
  { schedules }: SchedulePorts,
  record: Omit<ScheduleRecord, 'slot'>,
): Promise<ScheduleRecord | undefined> {
  const { items } = await schedules.find({
    where: { ownerId: record.ownerId },
    sort: { by: ['createdAt'], direction: 'asc' },
    limit: maxSchedules,
    fields: ['slot'],
  });
  const taken = new Set(items.map(({ slot }) => slot));
  for (let slot = 0; slot < maxSchedules; slot += 1) {
    if (taken.has(slot)) continue;
    try {
      await schedules.insert({ ...record, slot });
      return { ...record, slot };
    } catch (error) {
      if (!isAppError(error, 'conflict')) throw error;
      if (await schedules.get(record._id, ['ownerId'])) return undefined;
      // Another request took the place just now.
    }
  }
  throw new AppError('too_many_items', `You have ${maxSchedules} schedules, as many as allowed. Delete one first.`);
}

/**
 * Changes a schedule: only what the request names, also within its settings. With another timing, or paused or resumed, its next time is
 * found anew and no time is left out any more; a time that was due already keeps its story. Characters and scenes that it
 * has already may be gone. Throws as `createSchedule` does.
 */
export async function changeSchedule(
  ports: SchedulePorts,
  principal: Pick<Principal, 'id'>,
  id: string,
  change: z.output<typeof scheduleChange>,
): Promise<Schedule> {
  if (change.timing) checkTiming(change.timing);
  for (;;) {
    const before = await getOwn(ports, principal, id);
    await checkParts(ports, principal, newPartsOf(before, change));
    const { version } = before;
    const changed = await ports.schedules.update(id, changeOf(before, change, ports.chat.clock.now()), { version });
    if (changed) return presentSchedule(changed);
  }
}

/** A form sends all that a schedule has: what was deleted since it was chosen must not keep the rest from being changed. */
function newPartsOf(before: ScheduleRecord, { characterIds = [], sceneIds = [] }: z.output<typeof scheduleChange>) {
  return {
    characterIds: characterIds.filter((id) => !before.characterIds.includes(id)),
    sceneIds: sceneIds.filter((id) => !before.sceneIds.includes(id)),
  };
}

function changeOf(before: ScheduleRecord, change: z.output<typeof scheduleChange>, now: number): Change {
  const { settings = {}, ...named } = change;
  const merged = Object.fromEntries(Object.entries(settings).map(([name, value]) => [`settings.${name}`, value]));
  const set = { ...named, ...merged };
  const { timing = before.timing, timeZone = before.timeZone, paused = before.paused } = named;
  const sameTimes =
    paused === before.paused &&
    timeZone === before.timeZone &&
    JSON.stringify(timing) === JSON.stringify(before.timing);
  if (sameTimes) return { set };
  const next = paused ? {} : nextAfter(timing, timeZone, now);
  const gone = next.nextAt === undefined ? ['nextAt', 'skipAt'] : ['skipAt'];
  return { set: { ...set, ...next }, unset: gone, increment: { version: 1 } };
}

/**
 * Deletes a schedule, and what is remembered of its stories. The stories stay; one that was due and has not begun is not written. Throws
 * `not_found`.
 */
export async function deleteSchedule(
  { schedules, stories }: SchedulePorts,
  principal: Pick<Principal, 'id'>,
  id: string,
): Promise<void> {
  // First what nothing else would lead to: a stop in between leaves a schedule that has forgotten.
  await stories.memories.delete(id, { ownerId: principal.id });
  if (!(await schedules.delete(id, { ownerId: principal.id }))) throw notFound('schedule');
}

/** The next five times, before anything is saved. Throws `invalid_request`. */
export function previewTiming(
  { chat }: SchedulePorts,
  { timing, timeZone }: { readonly timing: Timing; readonly timeZone: string },
): { times: string[] } {
  checkTiming(timing);
  const times = nextTimes(timing, timeZone, chat.clock.now(), previewTimes);
  return { times: times.map((time) => new Date(time).toISOString()) };
}

/** Throws `not_found` where a character or scene is neither the person's nor the library's. */
async function checkParts(
  ports: SchedulePorts,
  { id }: Pick<Principal, 'id'>,
  { characterIds = [], sceneIds = [] }: { characterIds?: string[] | undefined; sceneIds?: string[] | undefined },
): Promise<void> {
  await Promise.all([resolveCharacters(ports, id, characterIds), resolveScenes(ports, id, sceneIds)]);
}

const nextAfter = (timing: Timing, timeZone: string, now: number): { nextAt?: number } => {
  const [nextAt] = nextTimes(timing, timeZone, now, 1);
  return nextAt === undefined ? {} : { nextAt };
};
