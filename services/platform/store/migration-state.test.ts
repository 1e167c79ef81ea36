import { describe, expect, it } from 'vitest';
import { type MigrationState, pendingAfter } from './migration-state.ts';
import { countWords } from './song-migrations.ts';

const state: MigrationState = { _id: 'state', number: 0, done: [], term: 0 };

describe('what a store still lacks', () => {
  it('cannot be told while a restore has not come to its end, so nothing runs on it', () => {
    for (const migrations of [[], [countWords]]) {
      expect(() => pendingAfter({ ...state, restoring: 'an archive' }, migrations)).toThrow(
        'A restore into this database is under way, or was cut off: end it with scripts/restore first.',
      );
    }
    expect(pendingAfter(state, [countWords])).toEqual([countWords]);
  });
});
