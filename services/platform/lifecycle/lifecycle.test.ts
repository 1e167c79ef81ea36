import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '#platform/clock.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createLifecycle, type StopSteps } from './lifecycle.ts';

/** A clock whose timers fire when the test says so. */
function createManualClock() {
  let now = 0;
  const timers = new Set<{ at: number; callback: () => void }>();
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    after: (ms, callback) => {
      const timer = { at: now + ms, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  };
  const advance = (ms: number) => {
    now += ms;
    for (const timer of [...timers]) {
      if (timer.at <= now && timers.delete(timer)) timer.callback();
    }
  };
  return { clock, advance };
}

function start({ graceMs = 1000 } = {}) {
  const events: string[] = [];
  const exits: number[] = [];
  const log = (level: string) => (message: string, fields?: { error?: unknown }) =>
    void events.push(`${level}: ${message}${fields?.error instanceof Error ? ` ${fields.error.message}` : ''}`);
  const logger: Logger = { error: log('error'), warn: log('warn'), info: () => {}, debug: () => {} };
  const signals = new EventEmitter();
  const { clock, advance } = createManualClock();
  const exit = (code: number) => void exits.push(code);
  const lifecycle = createLifecycle({ logger, graceMs, exit, signals, clock, stepMs: 100, crashMs: 500 });
  const add = (name: string, steps: StopSteps = {}) =>
    lifecycle.add(name, {
      drain: async (ms) => {
        events.push(`drain ${name}`);
        await steps.drain?.(ms);
      },
      close: async () => {
        events.push(`close ${name}`);
        await steps.close?.();
      },
    });
  return { ...lifecycle, add, events, exits, signals, advance };
}

const never = () => new Promise<never>(() => {});
const exited = (exits: readonly number[]) => waitFor(() => exits.length > 0, { what: 'the exit' });

describe('createLifecycle', () => {
  it.each(['SIGTERM', 'SIGINT'])(
    'on %s fails readiness, drains all, then closes all, each in reverse order, and exits 0',
    async (signal) => {
      const { draining, add, events, exits, signals } = start();
      const readyAtDrain: boolean[] = [];
      add('store');
      add('worker', { drain: async () => void readyAtDrain.push(!draining.aborted) });
      expect(draining.aborted).toBe(false);
      signals.emit(signal);
      expect(draining.aborted).toBe(true);
      await exited(exits);
      expect(events).toEqual(['drain worker', 'drain store', 'close worker', 'close store']);
      expect(readyAtDrain).toEqual([false]);
      expect(exits).toEqual([0]);
    },
  );

  it('stops when it is asked to, once', async () => {
    const { add, events, exits, stop } = start();
    add('store');
    await Promise.all([stop(), stop(), stop(3)]);
    expect(events).toEqual(['drain store', 'close store']);
    expect(exits).toEqual([0]);
  });

  it('waits for each step before the next', async () => {
    const { add, events, exits, signals } = start();
    const gate = Promise.withResolvers<void>();
    add('store');
    add('worker', { drain: () => gate.promise });
    signals.emit('SIGTERM');
    await waitFor(() => events.length);
    expect(events).toEqual(['drain worker']);
    gate.resolve();
    await exited(exits);
    expect(events).toHaveLength(4);
  });

  it('tells each drain step what is left of the grace period', async () => {
    const { add, exits, signals, advance } = start({ graceMs: 1000 });
    const told: number[] = [];
    add('third', { drain: async (ms) => void told.push(ms) });
    add('second', {
      drain: async (ms) => {
        told.push(ms);
        advance(900);
      },
    });
    add('first', {
      drain: async (ms) => {
        told.push(ms);
        advance(300);
      },
    });
    signals.emit('SIGTERM');
    await exited(exits);
    expect(told).toEqual([1000, 700, 0]);
  });

  it('goes on where a step fails, throws or hangs, and says so', async () => {
    const { add, events, exits, signals, advance } = start();
    add('store', {
      close: () => {
        throw new Error('at once');
      },
    });
    add('queue', { close: never });
    add('worker', { drain: () => Promise.reject(new Error('later')) });
    add('streams', { drain: never });
    signals.emit('SIGTERM');
    await waitFor(() => events.includes('drain streams'));
    advance(1100);
    await waitFor(() => events.includes('close queue'));
    advance(100);
    await exited(exits);
    expect(events.filter((event) => /^(warn|error)/.test(event))).toEqual([
      'warn: streams did not drain within 1100 ms',
      'error: worker failed to drain later',
      'warn: queue did not close within 100 ms',
      'error: store failed to close at once',
    ]);
    expect(events).toContain('close store');
    expect(exits).toEqual([0]);
  });

  it('closes what was started while it was stopping', async () => {
    const { add, events, exits, signals } = start();
    add('store', { close: () => void add('late') });
    signals.emit('SIGTERM');
    await exited(exits);
    expect(events).toEqual(['drain store', 'close store', 'close late']);
  });

  it.each([
    ['SIGTERM', 1],
    ['SIGINT', 130],
  ])('exits at once on a second signal, %s', async (signal, code) => {
    const { add, events, exits, signals } = start();
    add('worker', { drain: never });
    signals.emit('SIGTERM');
    await waitFor(() => events.length);
    signals.emit(signal);
    expect(exits).toEqual([code]);
  });

  it.each(['uncaughtException', 'unhandledRejection'])('logs an %s whole, stops in order and exits 1', async (kind) => {
    const { add, events, exits, signals } = start();
    const told: number[] = [];
    add('store', { drain: async (ms) => void told.push(ms) });
    signals.emit(kind, new Error('unexpected'));
    signals.emit(kind, new Error('and another'));
    await exited(exits);
    expect(events).toEqual([
      `error: Unexpected error, the process stops (${kind}) unexpected`,
      `error: Unexpected error, the process stops (${kind}) and another`,
      'drain store',
      'close store',
    ]);
    expect(told).toEqual([250]);
    expect(exits).toEqual([1]);
  });

  it('exits 1 after an uncaught error although a step hangs', async () => {
    const { add, events, exits, signals, advance } = start();
    add('worker', { drain: never });
    signals.emit('uncaughtException', new Error('unexpected'));
    await waitFor(() => events.includes('drain worker'));
    advance(500);
    expect(exits).toEqual([1]);
  });

  it('exits 1 where an uncaught error comes while it stops', async () => {
    const { add, exits, signals } = start();
    add('worker', { drain: async () => void signals.emit('uncaughtException', new Error('unexpected')) });
    signals.emit('SIGTERM');
    await exited(exits);
    expect(exits).toEqual([1]);
  });

  it('goes on to stop in order where a signal follows an uncaught error', async () => {
    const { add, events, exits, signals } = start();
    add('worker', { drain: async () => void signals.emit('SIGTERM') });
    signals.emit('uncaughtException', new Error('unexpected'));
    await exited(exits);
    expect(events).toContain('close worker');
    expect(exits).toEqual([1]);
  });
});

describe('a process with a lifecycle', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** A real process that says `ready`, and drains for as long as `drain` (an expression) takes. */
  function run(drain: string, after = '') {
    const program = `
      import { createLifecycle } from '#platform/lifecycle/lifecycle.ts';
      import { systemClock as clock } from '#platform/clock.ts';
      const log = (message, fields) => console.log(message, fields?.error?.message ?? '');
      const logger = { error: log, warn: log, info: log, debug: log };
      const lifecycle = createLifecycle({ logger, graceMs: 10_000, exit: process.exit, signals: process, clock });
      const alive = setInterval(() => {}, 1000);
      lifecycle.add('work', { drain: () => ${drain}, close: () => { clearInterval(alive); console.log('closed'); } });
      console.log('ready');
      ${after}`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    const says = (text: string) => waitFor(() => output.includes(text), { what: `the process to say ${text}` });
    const ended = once(child, 'exit').then(([code]) => ({ code, output }));
    children.push(child);
    return { child, says, ended };
  }

  it('ends with 0 on SIGTERM, in order', async () => {
    const { child, says, ended } = run('Promise.resolve(console.log("drained"))');
    await says('ready');
    child.kill('SIGTERM');
    const { code, output } = await ended;
    expect(code).toBe(0);
    expect(output).toMatch(/ready\n[\s\S]*drained\nclosed\n/);
  });

  it('ends at once on a second SIGTERM', async () => {
    const { child, says, ended } = run('new Promise(() => console.log("draining"))');
    await says('ready');
    child.kill('SIGTERM');
    await says('draining');
    const start = systemClock.monotonic();
    child.kill('SIGTERM');
    expect((await ended).code).toBe(1);
    expect(systemClock.monotonic() - start).toBeLessThan(5000);
  });

  it.each(['setTimeout(() => { throw new Error("oh no"); })', 'Promise.reject(new Error("oh no"))'])(
    'ends with 1 after %s',
    async (statement) => {
      const { code, output } = await run('Promise.resolve()', statement).ended;
      expect(code).toBe(1);
      expect(output).toMatch(/Unexpected error[\s\S]*oh no\n[\s\S]*closed\n/);
    },
  );
});
