import { erasersOf } from '#domain/accounts/erase-person.ts';
import { PeopleSweep } from '#domain/accounts/sweep-people.ts';
import { ConversationSweep } from '#domain/chat/sweep-conversations.ts';
import { sweepReservations, sweepReservationsEveryMs } from '#domain/runs/sweep-reservations.ts';
import { RunSweep, sweepEveryMs } from '#domain/runs/sweep-runs.ts';
import { claimEveryMs, ScheduleClock, sweepDueEveryMs } from '#domain/schedules/claim-due.ts';
import { FollowUpSweep, followUpsEveryMs } from '#domain/stories/follow-ups/sweep-follow-ups.ts';
import { referredByRecords, sweepBlobs, sweepBlobsEveryMs } from '#domain/stories/sweep-blobs.ts';
import { sweepStories, sweepStoriesEveryMs } from '#domain/stories/sweep-stories.ts';
import { sweepWritingEveryMs, WritingSweep } from '#domain/stories/sweep-writing.ts';
import { foldEveryMs, foldUsage } from '#domain/usage/fold-usage.ts';
import { sweepUsage } from '#domain/usage/sweep-usage.ts';
import type { Foundation } from '#services/foundation/foundation.ts';
import { queues } from '#services/foundation/queues.ts';

const sessionsEveryMs = 60_000;
const sessionsAtATime = 1_000;
const tidyEveryMs = 60_000;
const eraseEveryMs = 10_000;
const usageEveryMs = 3_600_000;
const usageAtATime = 1_000;
const auditEveryMs = 3_600_000;
const auditAtATime = 1_000;

export interface SchedulerOptions {
  /** Nobody else works on this store: answers that it says are running have lost their worker with the process before. */
  readonly alone: boolean;
}

/** Sweeps until the process stops; several schedulers do not disturb each other. */
export async function startScheduler(foundation: Foundation, { alone }: SchedulerOptions): Promise<void> {
  const { chat, accounts, audit, lifecycle, telemetry, stories } = foundation;
  const sweep = new RunSweep(chat);
  if (alone) {
    await sweep.takeAllOver();
    await sweepReservations(chat, { alone });
  }
  repeat(foundation, sweepEveryMs, () => sweep.requeue());
  repeat(foundation, sweepEveryMs, () => sweep.repair());
  const schedules = new ScheduleClock(foundation.stories);
  repeat(foundation, claimEveryMs, () => schedules.claim(lifecycle.draining));
  repeat(foundation, sweepDueEveryMs, () => schedules.sweep());
  const conversations = new ConversationSweep(chat);
  repeat(foundation, sweepEveryMs, () => conversations.sweep());
  const followUps = new FollowUpSweep(foundation.stories);
  repeat(foundation, followUpsEveryMs, () => followUps.sweep());
  repeat(foundation, sweepReservationsEveryMs, () => sweepReservations(chat));
  repeat(foundation, sessionsEveryMs, async () => {
    // A full batch may have left some: sessions can run out faster than one batch a pass.
    while ((await accounts.sessions.sweep(sessionsAtATime)) >= sessionsAtATime && !lifecycle.draining.aborted);
  });
  repeat(foundation, sweepStoriesEveryMs, () => sweepStories(stories));
  const writing = new WritingSweep(stories);
  repeat(foundation, sweepWritingEveryMs, () => writing.sweep());
  const people = new PeopleSweep(accounts, chat, erasersOf(accounts, chat, stories));
  repeat(foundation, tidyEveryMs, () => people.tidy());
  repeat(foundation, eraseEveryMs, () => people.erase());
  repeat(foundation, foldEveryMs, async () => {
    while ((await foldUsage({ records: chat.usage, newId: chat.newId })) && !lifecycle.draining.aborted);
  });
  repeat(foundation, usageEveryMs, async () => {
    while ((await sweepUsage(chat, usageAtATime)) && !lifecycle.draining.aborted);
  });
  repeat(foundation, auditEveryMs, async () => {
    while ((await audit.sweep(auditAtATime)) >= auditAtATime && !lifecycle.draining.aborted);
  });
  const { blobs, clock } = foundation;
  repeat(foundation, sweepBlobsEveryMs, () =>
    sweepBlobs({
      blobs,
      referred: referredByRecords(stories),
      clock,
      logger: telemetry.logger,
      signal: lifecycle.draining,
    }),
  );
  lifecycle.add('queue depth', { close: () => telemetry.metrics.collectQueueDepth(async () => []) });
  telemetry.metrics.collectQueueDepth(async () => {
    const depths = await Promise.all(
      queues.map(async (queue) => ({ name: queue.name, counts: await chat.queue.counts(queue) })),
    );
    return depths.flatMap(({ name, counts }) =>
      (['waiting', 'active', 'delayed', 'dead'] as const).map((state) => ({ queue: name, state, jobs: counts[state] })),
    );
  });
}

/** Does `work` now and then again `everyMs` after it ended, until the process stops; a failure is logged and the next is tried. */
function repeat({ clock, lifecycle, telemetry }: Foundation, everyMs: number, work: () => Promise<unknown>): void {
  let cancel = () => {};
  let underWay = Promise.resolve();
  const once = async () => {
    try {
      await work();
    } catch (error) {
      telemetry.logger.warn('A sweep did not finish; it is repeated.', { 'event.action': 'sweep', error });
    }
    if (!lifecycle.draining.aborted) cancel = clock.after(everyMs, start);
  };
  const start = () => {
    underWay = once();
  };
  start();
  lifecycle.add('sweep', {
    close: async () => {
      cancel();
      await underWay;
    },
  });
}
