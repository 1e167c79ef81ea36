import { describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '#platform/clock.ts';
import { LocalRunLog } from './local-run-log.ts';
import { testRunLog } from './run-log.contract.ts';
import { done, follow, listeningLogger, output } from './run-log.fixture.ts';
import { RunLogUnavailable } from './run-log.ts';

/** A clock that stands still until it is told to go on. */
function standingClock() {
  let time = 0;
  let timers: { at: number; callback: () => void }[] = [];
  const clock: Clock = {
    now: () => time,
    monotonic: () => time,
    after: (ms, callback) => {
      const timer = { at: time + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  };
  const go = (ms: number) => {
    time += ms;
    const due = timers.filter(({ at }) => at <= time);
    timers = timers.filter(({ at }) => at > time);
    for (const { callback } of due) callback();
  };
  return { clock, go, timers: () => timers.length };
}

const minutes = 60_000;

describe('LocalRunLog', () => {
  describe('as every run log', () => {
    testRunLog(async (logger) => {
      let skipped = 0;
      const clock = { ...systemClock, monotonic: () => performance.now() + skipped };
      return {
        log: new LocalRunLog({ clock, logger }),
        lose: async () => {
          skipped += 11 * minutes;
        },
      };
    });
  });

  it('keeps a log for ten minutes after its last append', async () => {
    const { clock, go } = standingClock();
    const log = new LocalRunLog({ clock, logger: listeningLogger() });
    await log.open('a', 1);
    go(9 * minutes);
    await log.append('a', output(1, 1, 'x'));
    go(10 * minutes - 1);
    expect((await log.read('a', undefined, 10)).entries).toHaveLength(2);
    go(1);
    expect(await log.read('a', undefined, 10)).toEqual({ exists: false, entries: [] });
    expect(await log.append('a', output(1, 2, 'y'))).toBe('gone');
    await log.close();
  });

  it('keeps the log of a finished run for a minute', async () => {
    const { clock, go } = standingClock();
    const log = new LocalRunLog({ clock, logger: listeningLogger() });
    await log.open('a', 1);
    await log.append('a', done(1, 0));
    go(minutes - 1);
    expect(await log.last('a')).toEqual(done(1, 0));
    go(1);
    expect(await log.last('a')).toBeUndefined();
    await log.close();
  });

  it('has one timer at most, and none where there is nothing to let go', async () => {
    const { clock, go, timers } = standingClock();
    const log = new LocalRunLog({ clock, logger: listeningLogger() });
    expect(timers()).toBe(0);
    for (const id of ['a', 'b', 'c']) await log.open(id, 1);
    const tail = follow(log, 'd');
    expect(timers()).toBe(1);
    for (let minute = 0; minute < 11; minute += 1) go(minutes);
    expect(timers()).toBe(1);
    tail.close();
    go(minutes);
    expect(timers()).toBe(0);
    await log.open('a', 1);
    expect(timers()).toBe(1);
    await log.close();
    expect(timers()).toBe(0);
  });

  it('holds the output of a finished run as one entry a part', async () => {
    const log = new LocalRunLog({ clock: systemClock, logger: listeningLogger() });
    const tail = follow(log, 'a');
    await log.open('a', 1);
    await log.append('a', output(1, 2, 'ab'));
    await log.append('a', output(1, 3, 'c'));
    await log.append('a', output(1, 5, 'de', 1));
    // A gap: what lies between was lost.
    await log.append('a', output(1, 9, 'fg', 1));
    await log.append('a', done(1, 9));
    const { entries } = await log.read('a', { attempt: 1, length: 1 }, 10);
    expect(entries).toEqual([output(1, 3, 'abc'), output(1, 5, 'de', 1), output(1, 9, 'fg', 1), done(1, 9)]);
    await tail.reached(1, Number.POSITIVE_INFINITY);
    expect(tail.texts()).toEqual(['open', 'ab', 'c', 'de', 'fg', 'done']);
    await log.close();
  });

  it('does nothing more once it is closed', async () => {
    const log = new LocalRunLog({ clock: systemClock, logger: listeningLogger() });
    const tail = follow(log, 'a');
    await log.open('a', 1);
    await log.close();
    await expect(log.append('a', output(1, 1, 'x'))).rejects.toThrow(RunLogUnavailable);
    await expect(log.ping()).rejects.toThrow(RunLogUnavailable);
    follow(log, 'a').close();
    tail.close();
    expect(tail.texts()).toEqual(['open']);
  });
});
