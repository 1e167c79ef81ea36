import type { Clock } from '#platform/clock.ts';
import { waitFor } from './servers/child.ts';

/** Time that passes only where someone waits for it, and then at once. */
export function hurriedClock(): Clock {
  let elapsed = 0;
  return {
    now: () => 1_800_000_000_000 + elapsed,
    monotonic: () => elapsed,
    after(ms, callback) {
      const timer = setTimeout(() => {
        elapsed += ms;
        callback();
      }, 2);
      return () => clearTimeout(timer);
    },
  };
}

/** Time that stands still. */
export const stillClock: Clock = { now: () => 1_800_000_000_000, monotonic: () => 0, after: () => () => {} };

/** Time of several processes, which passes in steps: to the next thing that one of them waits for. */
export function timeline() {
  let elapsed = 0;
  let waits: Array<{ at: number; callback: () => void }> = [];
  /** `offset` is how wrong its calendar is, in milliseconds. */
  const clock = (offset: number): Clock => ({
    now: () => 1_800_000_000_000 + offset + elapsed,
    monotonic: () => elapsed,
    after(ms, callback) {
      const wait = { at: elapsed + ms, callback };
      waits.push(wait);
      return () => {
        waits = waits.filter((other) => other !== wait);
      };
    },
  });
  const waiting = () => waits.length;
  /** One step, once that many processes wait for time to pass. */
  const step = async (processes: number) => {
    await waitFor(() => waits.length >= processes, { what: `${processes} to wait`, everyMs: 1 });
    const [next] = waits.sort((a, b) => a.at - b.at);
    if (!next) return;
    waits = waits.filter((wait) => wait !== next);
    elapsed = Math.max(elapsed, next.at);
    next.callback();
  };
  return { clock, step, waiting, elapsed: () => elapsed };
}
