import { countAnswer } from '#domain/usage/usage-shares.ts';
import { kindOf } from './run-kind.ts';
import type { RunPorts } from './run-ports.ts';
import { isLive, type RunRecord } from './run-records.ts';

/** Brings an ended run to rest, from wherever it was left. */
export async function settleRun(ports: RunPorts, run: RunRecord): Promise<void> {
  if (isLive(run)) throw new Error(`Run ${run._id} is ${run.status}: only an ended run settles.`);
  await kindOf(ports, run).copyAll(run);
  await ports.budgets.settle(run);
  await markSettled(ports, run);
}

/** What follows the copy of an ended run: it is counted, what its kind begins then is begun, and it needs no more repairs. */
export async function markSettled(ports: RunPorts, run: RunRecord): Promise<void> {
  await countAnswer(ports, run);
  await kindOf(ports, run).afterEnd(run);
  await ports.records.runs.update(run._id, { set: { settled: true } });
}
