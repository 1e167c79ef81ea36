import { Cron } from 'croner';
import { AppError } from '#platform/errors.ts';

const fields = ['minute', 'hour', 'day of month', 'month', 'day of week'];
/** Numbers, lists, ranges and steps; names of months and days. What else croner reads (`L`, `W`, `#`, `+`, `?`) is not cron's everywhere. */
const fieldForm = /^(?:\d|[a-z]{3}|[*,/-])+$/i;
const hourMs = 3_600_000;
/** A cron repeats its hours each day it comes: by then two within an hour have come, where there are any. */
const simulatedTimes = 50;
const simulatedFrom = Date.UTC(2000, 0, 1) - 1;

/**
 * Reads five fields of cron, by wall-clock times written as in UTC: what a clock change does to them is nobody's business here. Days of
 * month and of week, where both are given, each count (as cron has it). Throws what croner throws.
 */
export class WallCron {
  readonly #cron: Cron;

  constructor(pattern: string) {
    this.#cron = new Cron(pattern, { mode: '5-part', utcOffset: 0, paused: true });
  }

  /** The first time after another; undefined where there is none any more. */
  next(after: number): number | undefined {
    return this.#cron.nextRun(new Date(after))?.getTime();
  }
}

/** Throws `invalid_request` that names the field which is wrong, and where two times of it are less than an hour apart. */
export function checkCron(pattern: string): void {
  const parts = pattern.split(/\s+/);
  if (parts.length !== fields.length)
    throw refuse(`Cron has five fields (${fields.join(', ')}); this has ${parts.length}.`);
  for (const [index, part] of parts.entries()) {
    if (!isField(part, index)) throw refuse(`The field ${fields[index]} is not cron's: "${part}".`);
  }
  const cron = new WallCron(pattern);
  let before = Number.NEGATIVE_INFINITY;
  let time = cron.next(simulatedFrom);
  for (let count = 0; count < simulatedTimes && time !== undefined; count += 1) {
    if (time - before < hourMs) throw refuse('At most one time in an hour: give one minute, such as 15.');
    before = time;
    time = cron.next(time);
  }
}

/** Whether one field can be read, whatever the others say. */
function isField(part: string, index: number): boolean {
  if (!fieldForm.test(part)) return false;
  try {
    new WallCron(fields.map((_, place) => (place === index ? part : '*')).join(' '));
    return true;
  } catch {
    return false;
  }
}

function refuse(message: string): AppError {
  return new AppError('invalid_request', message, { details: [{ path: 'timing.cron', message }] });
}
