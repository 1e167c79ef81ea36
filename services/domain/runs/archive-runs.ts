import type { Clock } from '#platform/clock.ts';
import { isLive, type RunRecord, type RunRecords } from './run-records.ts';

/** Clocks of machines differ by seconds. */
const clocksDifferMs = 5 * 60_000;

/**
 * How a backup that begins now writes runs, so that what is restored repairs itself. It reads beside a system that goes on:
 * messages, then conversations, then runs, since copies may lack what their source has, but not the other way round.
 * - A run under way is written as handed back, with what it has: a worker of the restored system takes it, and its sweep makes
 *   the copies that the backup missed.
 * - A run that came to rest only after the backup began is written as not settled: the sweep writes its copies again.
 * - A run whose conversation had another one under way when that was read began later than all that: it is left out.
 */
export async function runArchiver(
  { runs }: RunRecords,
  clock: Clock,
): Promise<(run: RunRecord) => RunRecord | undefined> {
  const began = clock.now();
  const unsettled = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await runs.find({ where: { settled: false }, limit: 1_000, fields: ['settled'], cursor });
    for (const { _id } of page.items) unsettled.add(_id);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  const taken = new Set<string>();
  return (run) => {
    if (isLive(run)) {
      if (taken.has(run.slot)) return undefined;
      taken.add(run.slot);
      return { ...run, status: 'queued', leaseUntil: Math.min(run.leaseUntil, began) };
    }
    const isFresh = run.createdAt >= began - clocksDifferMs || unsettled.has(run._id);
    return run.settled && isFresh ? { ...run, settled: false } : run;
  };
}
