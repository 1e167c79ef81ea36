import { describe, expect, test } from 'vitest';
import type { ServerFrame } from '#contract/socket.ts';
import { Socket, type Wire, type WireEvents } from './socket.ts';

/** Time that passes when it is told to. */
class Time {
  now = 0;
  #timers: { at: number; callback: () => void }[] = [];

  readonly after = (ms: number, callback: () => void): (() => void) => {
    const timer = { at: this.now + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  };

  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.now = next.at;
      next.callback();
      await settle();
    }
    this.now = end;
  }
}

const settle = async () => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

class FakeWire implements Wire {
  readonly sent: unknown[] = [];
  closed = false;
  readonly #events: WireEvents;

  constructor(events: WireEvents) {
    this.#events = events;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.closed = true;
  }

  say(frame: unknown): void {
    this.#events.onMessage(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  drop(code: number): void {
    this.#events.onClose(code);
  }
}

const ready = { type: 'ready', traceId: 't', maxSubscriptions: 50 };

async function start(options: { online?: () => boolean; ticket?: (signal: AbortSignal) => Promise<string> } = {}) {
  const time = new Time();
  const wires: FakeWire[] = [];
  const frames: ServerFrame[] = [];
  const readies: boolean[] = [];
  const socket = new Socket({
    ticket: options.ticket ?? (async () => `ticket-${wires.length + 1}`),
    open: (_, events) => {
      const wire = new FakeWire(events);
      wires.push(wire);
      return wire;
    },
    onFrame: (frame) => frames.push(frame),
    onReady: (again) => readies.push(again),
    after: time.after,
    now: () => time.now,
    random: () => 1,
    online: options.online ?? (() => true),
  });
  socket.start();
  await settle();
  const wire = () => {
    const last = wires.at(-1);
    if (!last) throw new Error('No connection was opened.');
    return last;
  };
  return { socket, time, wires, wire, frames, readies };
}

describe('Socket', () => {
  test('is connected when the server says that it is ready', async () => {
    const { socket, wire, readies } = await start();
    expect(socket.state()).toBe('connecting');
    expect(socket.send({ type: 'ping' })).toBe(false);
    wire().say(ready);
    expect(socket.state()).toBe('connected');
    expect(readies).toEqual([false]);
    expect(socket.send({ type: 'stop', runId: 'r' })).toBe(true);
    expect(wire().sent).toEqual([{ type: 'stop', runId: 'r' }]);
  });

  test('comes back with a longer wait after each failure, on a new ticket, and says that it was there before', async () => {
    const { socket, time, wires, wire, readies } = await start();
    wire().say(ready);
    wire().drop(1006);
    expect(socket.state()).toBe('reconnecting');
    await time.pass(499);
    expect(wires).toHaveLength(1);
    await time.pass(1);
    expect(wires).toHaveLength(2);
    wire().drop(1013);
    await time.pass(999);
    expect(wires).toHaveLength(2);
    await time.pass(1);
    wire().say(ready);
    expect(readies).toEqual([false, true]);
  });

  test('says that notices may have been missed where an earlier try failed, although it was never ready', async () => {
    const { time, wire, readies } = await start();
    wire().drop(1006);
    await time.pass(500);
    wire().say(ready);
    expect(readies).toEqual([true]);
  });

  test('has more patience with each try that is not ready in time, and gives up the ticket of the one before', async () => {
    const signals: AbortSignal[] = [];
    const { time } = await start({
      ticket: (signal) => {
        signals.push(signal);
        return new Promise(() => {});
      },
    });
    await time.pass(10_500);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    await time.pass(19_999);
    expect(signals).toHaveLength(2);
    await time.pass(1_001);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, false]);
  });

  test('tells when it tries again, and not while it tries', async () => {
    const { socket, time, wire } = await start();
    wire().say(ready);
    let told = 0;
    socket.subscribe(() => {
      told += 1;
    });
    wire().drop(1006);
    expect(socket.nextTry()).toBe(time.now + 500);
    await time.pass(500);
    expect(socket.nextTry()).toBeUndefined();
    wire().drop(1006);
    expect(socket.nextTry()).toBe(time.now + 1000);
    expect(told).toBe(3);
    socket.stop();
    expect([socket.state(), socket.nextTry()]).toEqual(['connecting', undefined]);
  });

  test('comes back at once after 1008, but only once', async () => {
    const { time, wires, wire } = await start();
    wire().say(ready);
    wire().drop(1008);
    await time.pass(0);
    expect(wires).toHaveLength(2);
    wire().drop(1008);
    await time.pass(0);
    expect(wires).toHaveLength(2);
  });

  test('comes back within half a second after 1012, not with all others of that server at once', async () => {
    const { time, wires, wire } = await start();
    wire().say(ready);
    wire().drop(1012);
    await time.pass(499);
    expect(wires).toHaveLength(1);
    await time.pass(1);
    expect(wires).toHaveLength(2);
  });

  test('asks after a silence, and gives up a connection that does not answer', async () => {
    const { socket, time, wire } = await start();
    wire().say(ready);
    await time.pass(20_000);
    expect(wire().sent).toEqual([{ type: 'ping' }]);
    wire().say({ type: 'pong', traceId: 't' });
    await time.pass(20_000);
    expect(wire().sent).toHaveLength(2);
    const dead = wire();
    await time.pass(8000);
    expect(dead.closed).toBe(true);
    expect(socket.state()).toBe('reconnecting');
  });

  test('gives up a connection that is never ready', async () => {
    const { time, wires, wire } = await start();
    await time.pass(10_000);
    expect(wire().closed).toBe(true);
    await time.pass(500);
    expect(wires).toHaveLength(2);
  });

  test('tries again where there was no ticket', async () => {
    let asked = 0;
    const { time, wires } = await start({
      ticket: async () => {
        asked += 1;
        if (asked === 1) throw new Error('unreachable');
        return 'ticket';
      },
    });
    expect(wires).toHaveLength(0);
    await time.pass(500);
    expect(wires).toHaveLength(1);
  });

  test('does not wait once the network is back, and says offline before', async () => {
    let online = true;
    const { socket, time, wires, wire } = await start({ online: () => online });
    wire().say(ready);
    online = false;
    socket.lost();
    expect(socket.state()).toBe('offline');
    for (const _ of [1, 2, 3, 4]) {
      await time.pass(15_000);
      wire().drop(1006);
    }
    online = true;
    const tries = wires.length;
    socket.hurry();
    await settle();
    expect(wires).toHaveLength(tries + 1);
    expect(socket.state()).toBe('reconnecting');
  });

  test('asks whether the connection lives when the page is shown again', async () => {
    const { socket, wire } = await start();
    wire().say(ready);
    socket.hurry();
    expect(wire().sent).toEqual([{ type: 'ping' }]);
  });

  test('passes frames on, and ignores what is none', async () => {
    const { wire, frames } = await start();
    wire().say(ready);
    wire().say({ type: 'reset', runId: 'r', at: '1-0' });
    for (const nothing of ['not JSON', '1', 'null', '{}', '{"type":1}']) wire().say(nothing);
    expect(frames).toEqual([{ type: 'reset', runId: 'r', at: '1-0' }]);
  });

  test('after stop, neither comes back nor listens', async () => {
    const { socket, time, wires, wire, frames } = await start();
    wire().say(ready);
    socket.stop();
    wire().say({ type: 'reset', runId: 'r', at: '1-0' });
    wire().drop(1006);
    socket.lost();
    socket.hurry();
    await time.pass(60_000);
    expect(wires).toHaveLength(1);
    expect(frames).toEqual([]);
  });
});
