import { afterEach, expect, test, vi } from 'vitest';
import { timeZone } from './time-zone.ts';

afterEach(() => vi.restoreAllMocks());

test.each([
  ['Europe/Berlin', 'Europe/Berlin'],
  ['UTC', 'UTC'],
  ['Etc/Unknown', undefined],
])('a browser in %s says %s', (zone, said) => {
  const options = new Intl.DateTimeFormat().resolvedOptions();
  vi.spyOn(Intl.DateTimeFormat.prototype, 'resolvedOptions').mockReturnValueOnce({ ...options, timeZone: zone });
  expect(timeZone()).toBe(said);
});
