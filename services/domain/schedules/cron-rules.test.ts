import { describe, expect, it } from 'vitest';
import { isAppError } from '#platform/errors.ts';
import { checkCron } from './cron-rules.ts';

const problemOf = (pattern: string): unknown => {
  try {
    checkCron(pattern);
    return undefined;
  } catch (error) {
    if (!isAppError(error, 'invalid_request')) throw error;
    expect(error.details).toEqual([{ path: 'timing.cron', message: error.message }]);
    return error.message;
  }
};

describe('cron', () => {
  it.each([
    '15 19 * * *',
    '0 * * * *',
    '59 */2 * * 1-5',
    '30 7 29 2 *',
    '0 6,18 1-7 JAN,jul SUN',
    '0  0   30 2 *',
    '5 4 * * 7',
  ])('takes %s', (pattern) => {
    expect(problemOf(pattern)).toBeUndefined();
  });

  it.each([
    ['minute', '60 19 * * *'],
    ['minute', 'x 19 * * *'],
    ['minute', '-5 19 * * *'],
    ['minute', '1.5 19 * * *'],
    ['hour', '0 24 * * *'],
    ['hour', '0 20-4 * * *'],
    ['hour', '0 5/3 * * *'],
    ['day of month', '0 19 0 * *'],
    ['day of month', '0 19 32 * *'],
    ['day of month', '0 19 L * *'],
    ['day of month', '0 19 ? * *'],
    ['day of month', '0 19 1, * *'],
    ['month', '0 19 * 13 *'],
    ['month', '0 19 * foo *'],
    ['day of week', '0 19 * * 8'],
    ['day of week', '0 19 * * MON#1'],
    ['day of week', '0 19 * * +5'],
  ])('names the field %s of %s', (field, pattern) => {
    const part = pattern.split(' ')[['minute', 'hour', 'day of month', 'month', 'day of week'].indexOf(field)];
    expect(problemOf(pattern)).toBe(`The field ${field} is not cron's: "${part}".`);
  });

  it.each(['@daily', '0 19 * *', '0 0 19 * * *', 'every evening'])(
    'says how many fields there are in "%s"',
    (pattern) => {
      expect(problemOf(pattern)).toMatch(/^Cron has five fields \(.*\); this has [1-6]\.$/);
    },
  );

  it.each(['* * * * *', '*/30 * * * *', '0,59 19 * * *', '0,30 0 29 2 *', '10-11 3 1 1 *'])(
    'takes at most one time in an hour: not %s',
    (pattern) => {
      expect(problemOf(pattern)).toMatch(/^At most one time in an hour/);
    },
  );
});
