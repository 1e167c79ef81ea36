import type { StoryPorts } from '#domain/stories/story-ports.ts';
import { dueStoryQueue } from '#domain/stories/story-topics.ts';
import { isAppError } from '#platform/errors.ts';
import type { Change } from '#platform/store/store.ts';
import { LocalClocks } from './local-clock.ts';
import type { ScheduleRecord } from './schedule-records.ts';
import { nextTimes } from './times.ts';

export const claimEveryMs = 1_000;
export const sweepDueEveryMs = 10_000;
/** A time that is longer past is left out: a story for the evening is no good at midnight. */
export const lateAfterMs = 2 * 3_600_000;
/** What was noted and not begun for this long may have lost its job. */
const jobLostAfterMs = 30_000;
const batch = 500;
/** After as many jobs refused in a row each further one would wait in vain: a later sweep adds what is left. */
const queueIsAway = 3;
/** Claims under way at a time, so that the way to the store and back is not waited for by each. */
const parallel = 16;

/** What claiming takes. */
export type ClaimPorts = Pick<StoryPorts, 'schedules'> & {
  readonly chat: Pick<StoryPorts['chat'], 'queue' | 'clock' | 'newId' | 'logger' | 'metrics'>;
};

/** How many jobs the queue refused in a row, in one pass. */
interface Jobs {
  refused: number;
}

/** The clock of schedules: notes what is due, and asks for its story. Any number of processes may have one. */
export class ScheduleClock {
  readonly #ports: ClaimPorts;
  readonly #clocks = new LocalClocks();

  constructor(ports: ClaimPorts) {
    this.#ports = ports;
  }

  /**
   * One pass over all that is due: each is claimed by one conditional update, which one process wins, and then its job is added. Returns
   * how many this one claimed. A schedule that fails is logged and left for the next pass; throws where the store cannot be reached.
   */
  async claim(signal?: AbortSignal): Promise<number> {
    const { schedules, chat } = this.#ports;
    const where = { nextAt: { lte: chat.clock.now() } };
    const jobs: Jobs = { refused: 0 };
    let claimed = 0;
    let cursor: string | undefined;
    do {
      const sort = { by: ['nextAt'], direction: 'asc' } as const;
      const page = await schedules.find({ where, sort, limit: batch, cursor });
      for (let from = 0; from < page.items.length; from += parallel) {
        const some = page.items.slice(from, from + parallel);
        const done = await Promise.all(some.map((schedule) => this.#claimOrLog(schedule, jobs)));
        claimed += done.filter(Boolean).length;
      }
      cursor = page.nextCursor;
    } while (cursor !== undefined && !signal?.aborted);
    return claimed;
  }

  /** Adds the jobs of what was noted some time ago and has not begun: the oldest, since the queue keeps their order. */
  async sweep(): Promise<void> {
    const { schedules, chat } = this.#ports;
    const { items } = await schedules.find({
      where: { dueSince: { lte: chat.clock.now() - jobLostAfterMs } },
      sort: { by: ['dueSince'], direction: 'asc' },
      limit: batch,
      fields: ['due'],
    });
    const jobs: Jobs = { refused: 0 };
    for (const schedule of items) await this.#addJob(schedule, jobs);
  }

  async #claimOrLog(schedule: ScheduleRecord, jobs: Jobs): Promise<boolean> {
    try {
      return await this.#claimOne(schedule, jobs);
    } catch (error) {
      if (isAppError(error, 'store_unavailable')) throw error;
      this.#ports.chat.logger.error('A schedule could not be claimed; it is tried again.', {
        ...fieldsOf(schedule),
        error,
      });
      return false;
    }
  }

  /** Whether its story is to be begun, by the word of this process. */
  async #claimOne(schedule: ScheduleRecord, jobs: Jobs): Promise<boolean> {
    const { clock, newId } = this.#ports.chat;
    const now = clock.now();
    const { at, next } = this.#timesOf(schedule, now);
    const onward = next === undefined ? { unset: ['nextAt', 'skipAt'] } : { set: { nextAt: next }, unset: ['skipAt'] };
    if (now - at > lateAfterMs) {
      if (await this.#goOn(schedule, { ...onward, set: { ...onward.set, last: { at, outcome: 'late' } } }))
        observeLate(this.#ports, schedule, at);
      return false;
    }
    if (at === schedule.skipAt) {
      if (await this.#goOn(schedule, onward)) this.#ports.chat.metrics.scheduleTimes.inc({ outcome: 'skipped' });
      return false;
    }
    // The time before waits for its story yet.
    if (schedule.due) return false;
    const due = { at, storyId: newId(), runId: newId(), claimedAt: now };
    const claimed = await this.#goOn(schedule, { ...onward, set: { ...onward.set, due, dueSince: now } });
    if (claimed) await this.#addJob(claimed, jobs);
    return claimed !== undefined;
  }

  /** Only the first who saw this time goes on from it; `due` set meanwhile stays. */
  #goOn({ _id, nextAt, version, due, skipAt }: ScheduleRecord, change: Change): Promise<ScheduleRecord | undefined> {
    // Whether it is skipped, too: its owner may have said so, or taken it back, a moment ago.
    const seen = { nextAt: nextAt ?? 0, version, skipAt: skipAt ?? ({ absent: true } as const) };
    const condition = due ? { ...seen, 'due.storyId': due.storyId } : { ...seen, dueSince: { absent: true } as const };
    return this.#ports.schedules.update(_id, change, condition, ['due']);
  }

  /** The latest time that has come (those before it were missed together), and the first one that has not. */
  #timesOf({ nextAt = 0, timing, timeZone }: ScheduleRecord, now: number): { at: number; next: number | undefined } {
    const clock = this.#clocks.in(timeZone);
    const after = (time: number) => nextTimes(timing, timeZone, time, 1, clock)[0];
    let at = nextAt;
    let next = after(Math.max(at, now - lateAfterMs));
    while (next !== undefined && next <= now) {
      at = next;
      next = after(at);
    }
    return { at, next };
  }

  /** Where the queue does not take it, the sweep adds it later. */
  async #addJob({ _id, due }: Pick<ScheduleRecord, '_id' | 'due'>, jobs: Jobs): Promise<void> {
    if (!due || jobs.refused >= queueIsAway) return;
    try {
      const job = { scheduleId: _id, storyId: due.storyId };
      await this.#ports.chat.queue.add(dueStoryQueue, job, { id: `due-${due.storyId}` });
      jobs.refused = 0;
    } catch (error) {
      jobs.refused += 1;
      this.#ports.chat.logger.warn('The job of a story that is due was not added; the sweep adds it.', {
        'event.action': 'schedule_claim',
        'lamplight.schedule.id': _id,
        'lamplight.story.id': due.storyId,
        error,
      });
    }
  }
}

/** A time that passed without its story: nobody was there to note it, or to write it. */
export function observeLate(
  { chat }: { readonly chat: Pick<ClaimPorts['chat'], 'logger' | 'metrics'> },
  schedule: Pick<ScheduleRecord, '_id' | 'ownerId'>,
  at: number,
): void {
  chat.metrics.scheduleTimes.inc({ outcome: 'late' });
  chat.logger.warn(`A story was due at ${new Date(at).toISOString()}, more than two hours ago: it is left out.`, {
    ...fieldsOf(schedule),
    'event.outcome': 'failure',
  });
}

const fieldsOf = ({ _id, ownerId }: Pick<ScheduleRecord, '_id' | 'ownerId'>) =>
  ({ 'event.action': 'schedule_claim', 'lamplight.schedule.id': _id, 'user.id': ownerId }) as const;
