/** The load as a process of its own, which `main.ts` starts and talks to: does one job, says what came of it, and ends. */
import { once } from 'node:events';
import type { Job, ResultOf, ToClient } from './jobs.ts';
import { measureLatency } from './measure-latency.ts';
import { measureStreams } from './measure-streams.ts';
import type { Measured } from './measured.ts';
import { openSockets } from './open-sockets.ts';

async function told(): Promise<ToClient> {
  const [message]: ToClient[] = await once(process, 'message');
  if (!message) throw new Error('The channel to the benchmark is broken.');
  return message;
}

const tell = (message: object) => new Promise<void>((resolve) => process.send?.(message, () => resolve()));

/** Runs what is measured between two signs, so that the processes are looked at just before and after it. */
const measured: Measured = async (work) => {
  const go = told();
  await tell({ type: 'prepared' });
  await go;
  const result = await work();
  await tell({ type: 'over' });
  return result;
};

const run = (job: Job): Promise<ResultOf<Job>> => {
  if (job.kind === 'latency') return measureLatency(job, measured);
  if (job.kind === 'streams') return measureStreams(job, measured);
  return openSockets(job, measured, async () => void (await told()));
};

try {
  const first = await told();
  if (first.type !== 'job') throw new Error('A job must come first.');
  await tell({ type: 'result', result: await run(first.job) });
} catch (error) {
  await tell({ type: 'failed', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
process.disconnect();
process.exit();
