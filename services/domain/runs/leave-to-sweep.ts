import { isAppError } from '#platform/errors.ts';
import type { RunPorts } from './run-ports.ts';
import type { RunRecord } from './run-records.ts';

/** Whether `work` was done; where it failed, the sweep repeats it. */
export async function orLeaveToSweep(
  { logger }: Pick<RunPorts, 'logger'>,
  run: Pick<RunRecord, '_id'>,
  work: Promise<unknown>,
): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    const level = isAppError(error, 'store_unavailable') ? 'warn' : 'error';
    logger[level]('A step after the run was written failed; the sweep repeats it.', {
      'event.action': 'run_copy',
      'lamplight.run.id': run._id,
      error,
    });
    return false;
  }
}
