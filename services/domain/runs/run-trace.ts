import { continueTrace, currentTrace, runInTrace } from '#platform/telemetry/trace.ts';
import type { RunRecord } from './run-records.ts';

/** Does `work` in the trace of the send that began a run: one ID finds all that was done for an answer, whoever did it. */
export const inTraceOf = <T>({ traceId }: Pick<RunRecord, 'traceId'>, work: () => T): T =>
  traceId === currentTrace()?.traceId ? work() : runInTrace(continueTrace(undefined, traceId), work);
