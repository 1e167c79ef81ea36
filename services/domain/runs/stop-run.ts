import type { Principal } from '#domain/accounts/principal.ts';
import { notFound } from '#platform/errors.ts';
import { concludeRun } from './conclude-run.ts';
import type { RunPorts } from './run-ports.ts';
import { isLive, type RunRecord } from './run-records.ts';
import { stopRequested } from './run-topics.ts';

/** A run of this person's. Throws `not_found`, also for someone else's. */
export async function getRun(ports: RunPorts, principal: Principal, runId: string): Promise<RunRecord> {
  const run = await ports.records.runs.get(runId);
  if (run?.ownerId !== principal.id) throw notFound('answer');
  return run;
}

/** Asks for an answer to end with what it has. A run that is over stays as it is; stopping twice is stopping once. */
export async function stopRun(ports: RunPorts, runId: string): Promise<void> {
  const run = await ports.records.runs.update(
    runId,
    { set: { stopRequested: true } },
    { status: { in: ['queued', 'running'] } },
  );
  if (!run || !isLive(run)) return;
  if (await concludeRun(ports, run, { status: 'queued' }, { status: 'stopped' })) return;
  try {
    await ports.broadcast.publish(stopRequested, { runId });
  } catch (error) {
    ports.logger.warn('The worker was not told to stop; it learns it from its next renewal.', {
      'event.action': 'run_stop',
      'lamplight.run.id': runId,
      error,
    });
  }
}
