import type { PersonRecord } from '#domain/accounts/account-records.ts';
import { tellPerson } from '#domain/runs/tell-person.ts';
import { askForFollowUps } from '#domain/stories/follow-ups/ask-for-follow-ups.ts';
import { apologyAlone, wantsMail } from '#domain/stories/follow-ups/first-follow-ups.ts';
import { firstLinkVersion } from '#domain/stories/story-links.ts';
import type { StoryPorts } from '#domain/stories/story-ports.ts';
import type { StoryRecord } from '#domain/stories/story-records.ts';
import type { AppError } from '#platform/errors.ts';
import { currentTrace } from '#platform/telemetry/trace.ts';
import type { DueTime, ScheduleRecord } from './schedule-records.ts';

/**
 * Stores, in the place of a story, that it was refused and why, once. What follows is a mail that says so, where its owner wants mails:
 * an apology is better than silence. The record is its own outbox: where the job is not added, the sweep of follow-ups adds it.
 */
export async function refuseStory(
  ports: StoryPorts,
  refused: {
    readonly schedule: ScheduleRecord;
    readonly due: DueTime;
    readonly person: PersonRecord;
    readonly error: AppError;
  },
): Promise<void> {
  const { schedule, due, person, error } = refused;
  const { chat, stories, settings } = ports;
  const now = chat.clock.now();
  const traceId = currentTrace()?.traceId ?? '';
  const wanted = schedule.mail && wantsMail(person);
  const story: StoryRecord = {
    _id: due.storyId,
    ownerId: schedule.ownerId,
    runId: due.runId,
    status: 'refused',
    scheduleId: schedule._id,
    scheduledFor: due.at,
    language: schedule.settings.language,
    readerName: schedule.settings.readerName,
    characters: [],
    scenes: [],
    ...apologyAlone(now, wanted),
    linkVersion: firstLinkVersion,
    shared: false,
    error: { code: error.code, message: error.message, traceId },
    expiresAt: now + settings.ttlMs,
    deleted: false,
    traceId,
    createdAt: now,
    endedAt: now,
  };
  await stories.stories.insertMissing([story]);
  await tellPerson(chat, schedule.ownerId, { kind: 'story_changed', storyId: due.storyId });
  if (!wanted) return;
  try {
    await askForFollowUps(ports, story);
  } catch (cause) {
    chat.logger.warn('The job of a mail was not added; the sweep adds it.', {
      'event.action': 'schedule_begin',
      'lamplight.story.id': due.storyId,
      error: cause,
    });
  }
}
