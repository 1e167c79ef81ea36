import { dirname, resolve } from 'node:path';
import { storeUnavailable } from '#platform/errors.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { SqliteCollection } from './sqlite-collection.ts';
import { SqliteDatabase } from './sqlite-database.ts';
import { fromSqlite, sqliteBusy, sqliteCode } from './sqlite-errors.ts';
import { createTables } from './sqlite-table.ts';
import type { AnyCollectionSpec, Collection, CollectionSpec, Doc, Store } from './store.ts';

/** A predecessor that is just ending gets this long to let go of the file. */
const busyTimeoutMs = 1000;

/**
 * Copying the log into the file waits for the disk, and with it the whole process: 32 MB make that rare, and cheaper in all, since
 * documents that were updated many times meanwhile are copied once.
 */
const pagesBetweenCheckpoints = 8000;

/** Documents in one SQLite file that this process alone holds, or in memory. */
export class SqliteStore implements Store {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  collection<T extends Doc>(spec: CollectionSpec<T>): Collection<T> {
    return new SqliteCollection(this.#database, spec);
  }

  async prepare(specs: readonly AnyCollectionSpec[]): Promise<void> {
    try {
      createTables(this.#database, specs);
    } catch (error) {
      throw fromSqlite(error);
    }
  }

  async ping(): Promise<void> {
    try {
      this.#database.get('SELECT 1');
    } catch (error) {
      throw fromSqlite(error);
    }
  }

  async close(): Promise<void> {
    this.#database.close();
  }
}

/** `file` is a path in a folder that exists, or `:memory:`. Throws where another process holds the file. */
export async function openSqliteStore({ file, logger }: { file: string; logger: Logger }): Promise<SqliteStore> {
  const database = open(file);
  if (file === ':memory:') return new SqliteStore(database);
  try {
    database.execute(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA wal_autocheckpoint = ${pagesBetweenCheckpoints};
      PRAGMA journal_size_limit = 67108864;
      BEGIN EXCLUSIVE;
      COMMIT;`);
  } catch (error) {
    database.close();
    throw cannotOpen(file, error);
  }
  logger.debug(`The store is the file ${file}.`, { 'event.action': 'store_opened' });
  return new SqliteStore(database);
}

function open(file: string): SqliteDatabase {
  try {
    return new SqliteDatabase(file, busyTimeoutMs);
  } catch (error) {
    throw cannotOpen(file, error);
  }
}

function cannotOpen(file: string, error: unknown): Error {
  const folder = dirname(resolve(file));
  if ((sqliteCode(error) & 0xff) !== sqliteBusy) {
    return storeUnavailable(new Error(`${file} cannot be opened as a database.`, { cause: error }));
  }
  return new Error(
    `Another process is using the data in ${folder}. Stop it, or give this one another folder (DATA_DIR).`,
    { cause: error },
  );
}
