import type { Timing } from '#contract/schedules.ts';
import { checkCron, WallCron } from './cron-rules.ts';
import { LocalClock } from './local-clock.ts';

/**
 * The next times of a timing after a moment, at most `count`; fewer where it does not come again. All in ms since the epoch. A local time
 * that does not exist is the next one that does; one that occurs twice is the first; each moment comes once.
 */
export function nextTimes(
  timing: Timing,
  timeZone: string,
  after: number,
  count: number,
  clock = new LocalClock(timeZone),
): number[] {
  const cron = new WallCron(cronOf(timing));
  const times: number[] = [];
  let last = after;
  let wall = cron.next(clock.wallAt(after));
  while (wall !== undefined && times.length < count) {
    const time = clock.momentOf(wall);
    if (time > last) {
      times.push(time);
      last = time;
    }
    wall = cron.next(wall);
  }
  return times;
}

/** Throws `invalid_request` where a timing says nothing that could be kept. */
export function checkTiming(timing: Timing): void {
  if (timing.kind === 'cron') checkCron(timing.cron);
}

function cronOf(timing: Timing): string {
  if (timing.kind === 'cron') return timing.cron;
  const [hour, minute] = timing.time.split(':').map(Number);
  return `${minute} ${hour} * * ${timing.days.join(',')}`;
}
