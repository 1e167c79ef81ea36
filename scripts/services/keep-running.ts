import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type Clock, systemClock } from '#platform/clock.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { endProcess, hasEnded, howItEnded, isReady } from './child-process.ts';

export interface KeepRunningOptions {
  /** For the log. */
  readonly name: string;
  readonly start: () => ChildProcess;
  /** Where `/readyz` is. */
  readonly opsUrl: string;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** How long it may take from its start until it is ready; 30 s by default. */
  readonly readyMs?: number;
  /** How long after its end it is started again; 1 s by default. */
  readonly restartMs?: number;
}

export interface RunningProcess {
  /** The process that runs now, or ran last: another one after a restart. */
  readonly child: ChildProcess;
  readonly ready: boolean;
  /** Resolves when it is ready for the first time; rejects where it ends before, or takes too long. */
  readonly firstReady: Promise<void>;
  /** Ends it in order, by force after `graceMs`; it is not started again. */
  stop(graceMs: number): Promise<void>;
}

const pollMs = 25;

/**
 * Starts a process and starts it again when it ends, as a cluster would, so that the others go on. A process that was
 * never ready is not repeated: what stops it (a wrong setting) would stop it again.
 */
export function keepRunning(options: KeepRunningOptions): RunningProcess {
  const { name, start, opsUrl, logger, clock = systemClock, readyMs = 30_000, restartMs = 1000 } = options;
  const state = { child: start(), ready: false, stopping: false };
  const pause = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));

  const becomeReady = async (withinMs: number) => {
    const end = clock.monotonic() + withinMs;
    while (!(await isReady(opsUrl))) {
      if (hasEnded(state.child)) throw new Error(`${name} ended with ${howItEnded(state.child)} before it was ready.`);
      if (clock.monotonic() > end) throw new Error(`${name} was not ready within ${withinMs / 1000} s.`);
      await pause(pollMs);
    }
    state.ready = true;
  };

  const watch = async () => {
    while (!state.stopping) {
      if (!hasEnded(state.child)) await once(state.child, 'exit');
      state.ready = false;
      if (state.stopping) return;
      logger.warn(`${name} (process ${state.child.pid}) ended with ${howItEnded(state.child)}; it is started again`, {
        'event.action': 'restart',
      });
      await pause(restartMs);
      if (state.stopping) return;
      state.child = start();
      await becomeReady(Number.POSITIVE_INFINITY).catch((error: unknown) =>
        logger.error(`${name} did not come back`, { error }),
      );
    }
  };

  const firstReady = becomeReady(readyMs);
  firstReady.then(watch, () => {});
  return {
    get child() {
      return state.child;
    },
    get ready() {
      return state.ready;
    },
    firstReady,
    stop: (graceMs) => {
      state.stopping = true;
      state.ready = false;
      return endProcess(state.child, graceMs);
    },
  };
}
