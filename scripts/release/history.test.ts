import { describe, expect, it } from 'vitest';
import { lastGood, pending, type Revision, readHistory, running } from './history.ts';

const history = (...entries: ReadonlyArray<readonly [status: string, description?: string]>): Revision[] =>
  entries.map(([status, description = 'Upgrade complete'], index) => ({
    revision: index + 1,
    status,
    chart: 'lamplight-0.1.0',
    description,
  }));

describe('lastGood', () => {
  it.each([
    ['the one before', history(['superseded'], ['superseded'], ['deployed']), 2],
    ['none at the first install', history(['deployed']), undefined],
    ['none that failed', history(['superseded'], ['failed'], ['deployed']), 1],
    ['none that was gone back from', history(['superseded'], ['superseded'], ['deployed', 'Rollback to 1']), undefined],
    ['older than the copy', history(['superseded'], ['superseded'], ['superseded'], ['deployed', 'Rollback to 2']), 1],
    [
      'the copy, once something newer runs',
      history(['superseded'], ['superseded'], ['superseded', 'Rollback to 1'], ['deployed']),
      3,
    ],
    [
      'past a copy of a copy',
      history(
        ['superseded'],
        ['superseded'],
        ['superseded'],
        ['superseded', 'Rollback to 2'],
        ['superseded'],
        ['deployed', 'Rollback to 4'],
      ),
      1,
    ],
    ['nothing where nothing runs', history(['superseded'], ['uninstalled']), undefined],
  ])('%s', (_, revisions, expected) => {
    expect(lastGood(revisions)?.revision).toBe(expected);
  });
});

describe('a history', () => {
  it('tells what runs, also while a newer one is under way', () => {
    const now = history(['superseded'], ['deployed'], ['pending-upgrade', 'Preparing upgrade']);
    expect(running(now)?.revision).toBe(2);
    expect(pending(now)?.revision).toBe(3);
    expect(pending(history(['pending-install'], ['deployed']))).toBeUndefined();
  });

  it('is read as helm prints it, in order', () => {
    const json = JSON.stringify([
      {
        revision: 2,
        updated: '2026-01-02T10:00:00Z',
        status: 'deployed',
        chart: 'a-1',
        app_version: '1',
        description: 'x',
      },
      { revision: 1, updated: '2026-01-01T10:00:00Z', status: 'superseded', chart: 'a-1', app_version: '1' },
    ]);
    expect(readHistory(json).map(({ revision }) => revision)).toEqual([1, 2]);
    expect(() => readHistory('[{}]')).toThrow();
  });
});
