import type { JobData } from '#contract/jobs.ts';
import type { PersonRecord } from '#domain/accounts/account-records.ts';
import { defaultModel } from '#domain/chat/default-model.ts';
import { findTwin } from '#domain/stories/begin-once.ts';
import { beginStory } from '#domain/stories/begin-story.ts';
import type { StoryPorts } from '#domain/stories/story-ports.ts';
import { type AppError, isAppError } from '#platform/errors.ts';
import { lateAfterMs, observeLate } from './claim-due.ts';
import { refuseStory } from './refuse-story.ts';
import type { DueTime, ScheduleRecord } from './schedule-records.ts';
import { orderOf } from './story-of-schedule.ts';
import { QueueAway, waitForTurn } from './wait-for-turn.ts';

/** After this long without its turn, the schedule is looked at anew: it may have been deleted, or too much time have passed. */
const turnPatienceMs = 10_000;

/** A time that waits for its story, and whose it is. */
interface Waiting {
  readonly schedule: ScheduleRecord;
  readonly due: DueTime;
  readonly person: PersonRecord;
}

type Became = Omit<NonNullable<ScheduleRecord['last']>, 'at'>;

/**
 * The job of a time that is due: waits for its turn, begins its story under the ids that were fixed when the time was noted, and says so in
 * the schedule. Each step may be repeated: a crash may come before or behind it, and the sweep adds the job again. What cannot be begun
 * now is left to the sweep, too; what may not be begun is refused.
 */
export async function beginDueStory(ports: StoryPorts, job: JobData<'due_story'>, signal: AbortSignal): Promise<void> {
  try {
    while (!(await tryToBegin(ports, job, signal)));
  } catch (error) {
    if (!isAppError(error, 'store_unavailable') && !(error instanceof QueueAway)) throw error;
    ports.chat.logger.warn('A story that is due could not be begun; the sweep adds its job again.', {
      ...fieldsOf(job),
      error,
    });
  }
}

/** Whether nothing is left to be done here; false where its turn did not come. */
async function tryToBegin(ports: StoryPorts, job: JobData<'due_story'>, signal: AbortSignal): Promise<boolean> {
  if (!(await findWaiting(ports, job))) return true;
  if (!(await waitForTurn(ports, signal, turnPatienceMs))) return false;
  // While it waited, all may have changed.
  const waiting = await findWaiting(ports, job);
  if (!waiting) return true;
  try {
    await begin(ports, waiting);
  } catch (error) {
    await afterRefusal(ports, waiting, error);
  }
  return true;
}

/** The time that this job is for, where its story may still be begun; what else became of it is written down. */
async function findWaiting(ports: StoryPorts, { scheduleId, storyId }: JobData<'due_story'>) {
  const schedule = await ports.schedules.get(scheduleId);
  const due = schedule?.due;
  if (!schedule || due?.storyId !== storyId) return undefined;
  const became = await whatBecameOf(ports, due);
  if (became) {
    await settle(ports, schedule, due, became);
    return undefined;
  }
  if (ports.chat.clock.now() - due.at > lateAfterMs) {
    if (await settle(ports, schedule, due, { outcome: 'late' })) observeLate(ports, schedule, due.at);
    return undefined;
  }
  const person = await ports.accounts.records.people.get(schedule.ownerId);
  if (!person || person.deleted) {
    await pauseForGood(ports, schedule, due);
    return undefined;
  }
  if (person.disabled) {
    await leaveOut(ports, schedule, due);
    return undefined;
  }
  return { schedule, due, person } satisfies Waiting;
}

/** What an earlier job of this time did, and did not say in the schedule: the run is what decides. */
async function whatBecameOf({ chat, stories }: StoryPorts, { runId, storyId }: DueTime): Promise<Became | undefined> {
  if (await chat.records.runs.get(runId, ['status'])) return { outcome: 'begun', storyId };
  const story = await stories.stories.get(storyId, ['status', 'error']);
  if (!story) return undefined;
  // A story without its run was begun and deleted since: its owner has seen it.
  if (story.status !== 'refused' || !story.error) return { outcome: 'begun', storyId };
  const { code, message } = story.error;
  return { outcome: 'refused', storyId, error: { code, message } };
}

async function begin(ports: StoryPorts, { schedule, due, person }: Waiting): Promise<void> {
  const { chat } = ports;
  const { run, repeated } = await beginStory(ports, {
    person: {
      id: person._id,
      role: person.role,
      timeZone: person.timeZone,
      ...(person.dailyTokenBudget !== undefined && { dailyTokenBudget: person.dailyTokenBudget }),
    },
    ids: { storyId: due.storyId, runId: due.runId },
    clientMessageId: messageIdOf(schedule, due),
    order: await orderOf(ports, schedule, due.at),
    model: defaultModel(chat),
  });
  if (!repeated) chat.metrics.scheduleLag.observe(Math.max(0, chat.clock.now() - due.at) / 1_000);
  // Clocks of schedulers differ: a schedule that was changed in the very moment may have had this time noted before, under other ids.
  await settle(ports, schedule, due, { outcome: 'begun', storyId: run.conversationId });
}

/** What may not be begun is told to its owner; what cannot be begun now waits for the sweep. */
async function afterRefusal(ports: StoryPorts, waiting: Waiting, error: unknown): Promise<void> {
  if (isAppError(error, 'store_unavailable')) throw error;
  const isRefused = isAppError(error) && error.status < 500 && error.code !== 'too_many_answers';
  if (isRefused) return refuse(ports, waiting, error);
  const { schedule, due } = waiting;
  const later = { set: { dueSince: ports.chat.clock.now() } };
  await ports.schedules.update(schedule._id, later, { 'due.storyId': due.storyId }, ['_id']);
  if (!isAppError(error, 'too_many_answers')) throw error;
  ports.chat.logger.info('A story that is due waits: its owner has as many answers under way as allowed.', {
    ...fieldsOf({ scheduleId: schedule._id, storyId: due.storyId }),
    'user.id': schedule.ownerId,
  });
}

async function refuse(ports: StoryPorts, { schedule, due, person }: Waiting, error: AppError): Promise<void> {
  // Of two jobs of one time the other may have begun it, with the last story of the day: then nothing was refused.
  const asked = { person: { id: person._id }, clientMessageId: messageIdOf(schedule, due) };
  const twin = error.code === 'rate_limited' ? await findTwin(ports, asked) : undefined;
  if (!twin && !(await whatBecameOf(ports, due))) await refuseStory(ports, { schedule, due, person, error });
  const became: Became | undefined = twin
    ? { outcome: 'begun', storyId: twin.conversationId }
    : await whatBecameOf(ports, due);
  if (!became || !(await settle(ports, schedule, due, became)) || became.outcome !== 'refused') return;
  ports.chat.logger.warn('A story that was due was refused.', {
    ...fieldsOf({ scheduleId: schedule._id, storyId: due.storyId }),
    'user.id': schedule.ownerId,
    'error.code': error.code,
  });
}

/** Nobody writes for somebody who may not come in; once they may, the schedule is as it was. */
async function leaveOut(
  { schedules, chat }: StoryPorts,
  schedule: ScheduleRecord,
  { storyId }: DueTime,
): Promise<void> {
  const { _id, ownerId } = schedule;
  if (!(await schedules.update(_id, { unset: ['due', 'dueSince'] }, { 'due.storyId': storyId }, ['_id']))) return;
  chat.metrics.scheduleTimes.inc({ outcome: 'skipped' });
  chat.logger.info('A story that was due is left out: its owner is disabled.', {
    ...fieldsOf({ scheduleId: _id, storyId }),
    'user.id': ownerId,
  });
}

/** Nobody writes for somebody who is gone. */
async function pauseForGood(ports: StoryPorts, { _id, ownerId }: ScheduleRecord, { storyId }: DueTime): Promise<void> {
  const change = {
    set: { paused: true },
    unset: ['nextAt', 'skipAt', 'due', 'dueSince'],
    increment: { version: 1 },
  };
  if (!(await ports.schedules.update(_id, change, { 'due.storyId': storyId }, ['_id']))) return;
  ports.chat.metrics.scheduleTimes.inc({ outcome: 'paused' });
  ports.chat.logger.warn('A schedule was paused: its owner is gone.', {
    ...fieldsOf({ scheduleId: _id, storyId }),
    'user.id': ownerId,
  });
}

/** Says what came of a time, once. */
async function settle(
  { schedules, chat }: StoryPorts,
  { _id }: ScheduleRecord,
  { at, storyId }: DueTime,
  became: Became,
): Promise<boolean> {
  const change = { set: { last: { at, ...became } }, unset: ['due', 'dueSince'] };
  const settled = await schedules.update(_id, change, { 'due.storyId': storyId }, ['_id']);
  if (settled && became.outcome !== 'late') chat.metrics.scheduleTimes.inc({ outcome: became.outcome });
  return settled !== undefined;
}

/** The same for all jobs of one time. */
const messageIdOf = ({ _id }: ScheduleRecord, { at }: DueTime): string => `schedule-${_id}-${at}`;

const fieldsOf = ({ scheduleId, storyId }: JobData<'due_story'>) =>
  ({
    'event.action': 'schedule_begin',
    'lamplight.schedule.id': scheduleId,
    'lamplight.story.id': storyId,
  }) as const;
