import type { Migration } from '#platform/store/migration-state.ts';
import { pendingMigrations, runMigrations } from '#platform/store/migrations.ts';
import { collections, type Foundation } from './foundation.ts';

/** The steps from one release's data to the next, in order; none is changed once it was released. */
export const migrations: readonly Migration[] = [];

/**
 * Brings the store to what this release needs, while processes of the release before may go on. `allStopped`: none does, as for
 * the process that has the store alone.
 */
export async function migrate(
  { store, telemetry, clock, chat, runtime }: Foundation,
  { allStopped }: { allStopped: boolean },
): Promise<void> {
  await store.prepare(collections);
  await runMigrations(store, migrations, { clock, logger: telemetry.logger, owner: chat.newId(), allStopped });
  await runtime.install();
  await runtime.start();
}

/** For the separate processes: throws where the store is older than this release needs; then reads what is set in it. */
export async function requireMigrated({ store, runtime }: Foundation): Promise<void> {
  const pending = await pendingMigrations(store, migrations);
  if (pending.length > 0) {
    throw new Error('The database is older than this release: run `npm run migrate` first, then start the services.');
  }
  await runtime.start();
}
