import { describe, expect, it } from 'vitest';
import { AppError } from '#platform/errors.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { hurriedClock } from '#tests/timeline.ts';
import { waitForStore } from './wait-for-store.ts';

const away = new AppError('store_unavailable', 'The database cannot be reached.');

function openAfter(failures: number, error: Error = away) {
  const { logger, lines } = collectingLogger();
  let tries = 0;
  const open = async (): Promise<Store> => {
    tries += 1;
    if (tries <= failures) throw error;
    return openSqliteStore({ file: ':memory:', logger });
  };
  const waiting = () => waitForStore(open, { clock: hurriedClock(), logger, patienceMs: 60_000 });
  return { waiting, lines, tries: () => tries };
}

describe('waitForStore', () => {
  it('opens a store that comes late, and says that it waits', async () => {
    const { waiting, lines, tries } = openAfter(3);
    const store = await waiting();
    expect([tries(), lines.filter(({ level }) => level === 'warn').length]).toEqual([4, 3]);
    await store.close();
  });

  it('gives up after its time', async () => {
    const { waiting, tries } = openAfter(1_000);
    await expect(waiting()).rejects.toBe(away);
    expect(tries()).toBeGreaterThan(1);
  });

  it('does not wait where something else is wrong', async () => {
    const { waiting, tries } = openAfter(1, new Error('Authentication failed.'));
    await expect(waiting()).rejects.toThrow('Authentication failed.');
    expect(tries()).toBe(1);
  });
});
