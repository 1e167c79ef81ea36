import type { RunPorts } from './run-ports.ts';
import { isLive } from './run-records.ts';

export const sweepReservationsEveryMs = 15_000;
/** A run is stored a moment after its reservation; by then its process has died in between, or the store was away for as long. */
const orphanedAfterMs = 30_000;
const keepBudgetsMs = 40 * 24 * 3_600_000;
const batch = 200;

/**
 * Gives back what is held for runs that were never stored, settles what a run that is over still holds, and removes budgets of
 * people who have not been here for 40 days. `alone`: nobody else works on this store, so that no run is about to be stored.
 */
export async function sweepReservations(ports: RunPorts, { alone = false } = {}): Promise<void> {
  const reservedBy = alone ? Number.POSITIVE_INFINITY : ports.clock.now() - orphanedAfterMs;
  let cursor: string | undefined;
  do {
    const page = await ports.budgets.withReservations(batch, cursor);
    for (const { personId, reservations } of page.items) {
      await releaseOrphans(
        ports,
        personId,
        reservations.filter(({ at }) => at <= reservedBy).map(({ runId }) => runId),
      );
    }
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  await ports.budgets.removeUnused(ports.clock.now() - keepBudgetsMs, batch);
}

async function releaseOrphans(ports: RunPorts, personId: string, runIds: readonly string[]): Promise<void> {
  if (runIds.length === 0) return;
  const stored = await ports.records.runs.getMany(runIds, ['ownerId', 'status', 'reserved', 'usage']);
  const found = new Map(stored.map((run) => [run._id, run]));
  for (const runId of runIds) {
    const run = found.get(runId);
    if (run && isLive(run)) continue;
    if (run) await ports.budgets.settle(run);
    else if (!(await ports.budgets.releaseOrphan(personId, runId))) continue;
    ports.metrics.sweepRepairs.inc({ kind: 'reservation' });
  }
}
