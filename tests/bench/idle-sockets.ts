import { readFileSync } from 'node:fs';
import { rest } from './measured.ts';
import type { Model } from './places.ts';
import { openStandalone } from './places.ts';
import { residentBytes } from './process-figures.ts';
import { runJob } from './run-job.ts';

export interface IdleSockets {
  readonly sockets: number;
  /** Growth of the process's resident memory for each, in bytes: as it settles by itself, and after a collection of garbage before and after. */
  readonly settled: number;
  readonly collected: number;
  readonly openSeconds: number;
}

/** Files that a process may have open beside its sockets. */
const spareFiles = 500;
const warmUpSockets = 500;
const settleMs = 20_000;
const afterCollectionMs = 1_000;

/** Of the limit on open files; node raises its own to the hard one. */
const socketsAllowed = (): number => {
  const limit = /^Max open files\s+\d+\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit ?? 0) - spareFiles;
};

/**
 * Opens idle WebSockets, each for a guest of its own, on a standalone process and looks at its memory before and after.
 * Some are opened and closed first, so that what a first socket loads, and the heap's own growth, do not count.
 */
export async function measureIdleSockets(model: Model, wanted: number): Promise<IdleSockets> {
  const sockets = Math.min(wanted, socketsAllowed());
  const preload = new URL('./collect-on-signal.ts', import.meta.url);
  const place = await openStandalone(model, { NODE_OPTIONS: `--expose-gc --import=${preload}` });
  try {
    const pid = place.watched['ours']?.[0] ?? 0;
    const collect = async (): Promise<number> => {
      process.kill(pid, 'SIGUSR2');
      await rest(afterCollectionMs);
      return residentBytes(pid);
    };
    await runJob({ kind: 'sockets', target: place.target, sockets: Math.min(warmUpSockets, sockets) }, place.watched);
    await rest(afterCollectionMs);
    const before = await collect();
    let [settled, collected] = [0, 0];
    const { result, seconds } = await runJob(
      { kind: 'sockets', target: place.target, sockets },
      place.watched,
      async () => {
        await rest(settleMs);
        settled = residentBytes(pid);
        collected = await collect();
      },
    );
    if (result.open !== sockets) throw new Error(`Of ${sockets} sockets, ${result.open} stayed open.`);
    const each = (bytes: number) => (bytes - before) / sockets;
    return { sockets, settled: each(settled), collected: each(collected), openSeconds: seconds };
  } finally {
    await place.stop();
  }
}
