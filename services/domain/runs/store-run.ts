import { currentTrace } from '#platform/telemetry/trace.ts';
import { orLeaveToSweep } from './leave-to-sweep.ts';
import { kindOf } from './run-kind.ts';
import type { RunPorts } from './run-ports.ts';
import type { RunRecord } from './run-records.ts';

/** The fields that every new run starts with. */
export function blankRun(ports: Pick<RunPorts, 'clock' | 'newId'>, ownerId: string) {
  const now = ports.clock.now();
  return {
    _id: ports.newId(),
    ownerId,
    userMessageId: ports.newId(),
    messageId: ports.newId(),
    status: 'queued',
    attempt: 0,
    crashes: 0,
    leaseUntil: now,
    stopRequested: false,
    output: [],
    length: 0,
    traceId: currentTrace()?.traceId ?? '',
    createdAt: now,
    settled: false,
    slot: '',
  } satisfies Partial<RunRecord>;
}

/** Inserts a run, its job and its copies. Only the first must succeed: the sweep repeats the others. Throws what the insert throws. */
export async function storeRun(ports: RunPorts, run: RunRecord): Promise<void> {
  await ports.records.runs.insert(run);
  const kind = kindOf(ports, run);
  // The job first: a reader waits for what the worker does, and nobody for the copies.
  await orLeaveToSweep(ports, run, kind.addJob(run));
  await orLeaveToSweep(ports, run, kind.copy(run));
}
