import type { Clock } from '#platform/clock.ts';
import type { Logger } from '#platform/telemetry/logger.ts';

/** What stops with the process. Both are called once at most. */
export interface StopSteps {
  /** Ends the work under way in good order; what is not done after `graceMs` should be handed back. */
  readonly drain?: (graceMs: number) => Promise<void>;
  /** Lets go of what is held: connections, files, ports. */
  readonly close?: () => Promise<void> | void;
}

/** `process`, as far as this needs it. */
interface SignalSource {
  on(event: string, listener: (argument: unknown) => void): unknown;
}

export interface LifecycleOptions {
  readonly logger: Logger;
  /** How long the drain steps may take together. */
  readonly graceMs: number;
  /** Ends the process: `process.exit` in a real one. */
  readonly exit: (code: number) => void;
  /** Where signals and uncaught errors come from: `process` in a real one. */
  readonly signals: SignalSource;
  readonly clock: Clock;
  /** How long one close step may take, and one drain step where the grace period is used up. 5 s by default. */
  readonly stepMs?: number;
  /** How long the orderly attempt after an uncaught error may take in all. 3 s by default. */
  readonly crashMs?: number;
}

export interface Lifecycle {
  /** Aborted as soon as the process begins to stop, before any step: readiness fails, nothing new is taken. */
  readonly draining: AbortSignal;
  /** Call in the order in which things start; they stop in the reverse order, all drain steps before any close step. */
  add(name: string, steps: StopSteps): void;
  /** Stops in order, as SIGTERM does, and exits with `code`, 0 by default. A second call is given the first one's promise. */
  stop(code?: number): Promise<void>;
}

/** Starts to listen for SIGTERM, SIGINT and uncaught errors at once. A second signal ends the process without waiting. */
export function createLifecycle(options: LifecycleOptions): Lifecycle {
  const { logger, graceMs, exit, signals, clock, stepMs = 5000, crashMs = 3000 } = options;
  const draining = new AbortController();
  const registered: { name: string; steps: StopSteps }[] = [];
  let stopping: Promise<void> | undefined;
  let signalled = false;
  let crashed = false;
  let exited = false;

  const exitOnce = (code: number) => {
    if (exited) return;
    exited = true;
    exit(code === 0 && crashed ? 1 : code);
  };

  /** Runs one step; what it throws or how long it takes keeps nothing else from stopping. */
  const runStep = async (action: string, name: string, ms: number, step: () => Promise<void> | void) => {
    const { promise: late, resolve } = Promise.withResolvers<'late'>();
    const cancel = clock.after(ms, () => resolve('late'));
    try {
      const outcome = await Promise.race([Promise.resolve().then(step), late]);
      if (outcome === 'late') logger.warn(`${name} did not ${action} within ${ms} ms`, { 'event.action': action });
    } catch (error) {
      logger.error(`${name} failed to ${action}`, { 'event.action': action, 'event.outcome': 'failure', error });
    } finally {
      cancel();
    }
  };

  const drainAll = async (ms: number) => {
    const end = clock.monotonic() + ms;
    for (const { name, steps } of [...registered].reverse()) {
      if (!steps.drain) continue;
      const left = Math.max(0, Math.round(end - clock.monotonic()));
      const { drain } = steps;
      // A step gets a little longer than the time it is told, so that handing back after it still fits.
      await runStep('drain', name, left + stepMs, () => drain(left));
    }
  };

  const closeAll = async () => {
    // What is added meanwhile (a start that a signal interrupted) is closed as well.
    for (let last = registered.pop(); last; last = registered.pop()) {
      const { name, steps } = last;
      if (steps.close) await runStep('close', name, stepMs, steps.close);
    }
  };

  const stop = (code: number, why: string, drainMs = graceMs) => {
    stopping ??= (async () => {
      draining.abort(new Error(`The process stops: ${why}.`));
      logger.info(`Stopping (${why})`, { 'event.action': 'stop' });
      await drainAll(drainMs);
      await closeAll();
      exitOnce(code);
    })();
    return stopping;
  };

  const onSignal = (signal: 'SIGTERM' | 'SIGINT') => () => {
    if (signalled) {
      logger.warn(`A second signal (${signal}): exiting at once`, { 'event.action': 'stop' });
      return exitOnce(signal === 'SIGINT' ? 130 : 1);
    }
    signalled = true;
    void stop(0, signal);
  };

  const onCrash = (kind: string) => (error: unknown) => {
    logger.error(`Unexpected error, the process stops (${kind})`, { 'event.action': 'crash', error });
    if (crashed) return;
    crashed = true;
    clock.after(crashMs, () => exitOnce(1));
    void stop(1, kind, crashMs / 2);
  };

  for (const signal of ['SIGTERM', 'SIGINT'] as const) signals.on(signal, onSignal(signal));
  for (const kind of ['uncaughtException', 'unhandledRejection']) signals.on(kind, onCrash(kind));

  return {
    draining: draining.signal,
    add: (name, steps) => {
      registered.push({ name, steps });
    },
    stop: (code = 0) => stop(code, 'asked to'),
  };
}
