import { fork } from 'node:child_process';
import type { FromClient, Job, ResultOf, ToClient } from './jobs.ts';
import { cpuSeconds, resetPeak, residentBytes } from './process-figures.ts';

/** Processes that are watched while a job runs, by the name of their group. */
export type Watched = Readonly<Record<string, readonly number[]>>;

export interface Ran<J extends Job> {
  readonly result: ResultOf<J>;
  /** CPU seconds of each group, and of the load client (`client`), while it was measured. */
  readonly cpu: Readonly<Record<string, number>>;
  /** The sum of its processes' peaks meanwhile, in bytes. */
  readonly peak: Readonly<Record<string, number>>;
  readonly seconds: number;
}

const longestMs = 180_000;

/**
 * Runs a job in a load client of its own. `whenOver` runs when what is measured is over while the client still holds what
 * it has open. Throws where the client fails.
 */
export function runJob<J extends Job>(
  job: J,
  watched: Watched,
  whenOver: () => Promise<void> = async () => {},
): Promise<Ran<J>> {
  const client = fork(new URL('./load-client.ts', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const groups = { ...watched, client: client.pid === undefined ? [] : [client.pid] };
  const sums = (figure: (pid: number) => number) =>
    Object.fromEntries(
      Object.entries(groups).map(([name, pids]) => [name, pids.reduce((sum, pid) => sum + figure(pid), 0)]),
    );
  const tell = (message: ToClient) => client.send(message);

  const { promise, resolve, reject } = Promise.withResolvers<Ran<J>>();
  let [before, after, peak] = [sums(() => 0), sums(() => 0), sums(() => 0)];
  let [begin, end] = [0, 0];
  const take = async (message: FromClient) => {
    if (message.type === 'prepared') {
      for (const pids of Object.values(watched)) pids.forEach(resetPeak);
      before = sums(cpuSeconds);
      begin = performance.now();
      tell({ type: 'go' });
    } else if (message.type === 'over') {
      end = performance.now();
      after = sums(cpuSeconds);
      peak = sums((pid) => residentBytes(pid, 'VmHWM'));
      await whenOver();
      if (job.kind === 'sockets') tell({ type: 'go' });
    } else if (message.type === 'failed') reject(new Error(`The load client failed: ${message.reason}`));
    else {
      const cpu = Object.fromEntries(Object.entries(after).map(([name, all]) => [name, all - (before[name] ?? 0)]));
      // The client answers a job with the result of its kind.
      resolve({ result: message.result as ResultOf<J>, cpu, peak, seconds: (end - begin) / 1_000 });
    }
  };
  const limit = setTimeout(() => client.kill('SIGKILL'), longestMs);
  client.on('message', (message) => void take(message as FromClient).catch(reject));
  client.once('exit', (code, signal) => {
    clearTimeout(limit);
    reject(new Error(`The load client ended (${signal ?? code}) before it was done.`));
  });
  tell({ type: 'job', job });
  return promise;
}
