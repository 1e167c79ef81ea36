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

/** Documents in one SQLite file that this process alone writes, or in memory. */
export class SqliteStore implements Store {
  readonly #database: SqliteDatabase;
  readonly #lock: SqliteDatabase | undefined;

  constructor(database: SqliteDatabase, lock?: SqliteDatabase) {
    this.#database = database;
    this.#lock = lock;
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
    this.#lock?.close();
  }
}

/** `file` is a path in a folder that exists, or `:memory:`. Throws where another process holds the file. */
export async function openSqliteStore({ file, logger }: { file: string; logger: Logger }): Promise<SqliteStore> {
  if (file === ':memory:') return new SqliteStore(open(file));
  const lock = takeLock(file);
  let database: SqliteDatabase | undefined;
  try {
    database = open(file);
    database.execute(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA wal_autocheckpoint = ${pagesBetweenCheckpoints};
      PRAGMA journal_size_limit = 67108864;`);
  } catch (error) {
    database?.close();
    lock.close();
    throw cannotOpen(file, error);
  }
  logger.debug(`The store is the file ${file}.`, { 'event.action': 'store_opened' });
  return new SqliteStore(database, lock);
}

/**
 * The documents of a file as they are now, to be read while another process goes on writing. Until it is closed the writer's log
 * grows by what is written meanwhile. Throws where there is no such file.
 */
export async function openSqliteSnapshot({ file }: { file: string }): Promise<SqliteStore> {
  const database = open(file, { readOnly: true });
  try {
    // What the first read of a transaction sees, all its reads see.
    database.execute('BEGIN');
    database.get('SELECT count(*) FROM sqlite_schema');
  } catch (error) {
    database.close();
    throw cannotOpen(file, error);
  }
  return new SqliteStore(database);
}

/** A file of its own, held by an open transaction, so that others can still read the documents; freed when the process ends. */
function takeLock(file: string): SqliteDatabase {
  const lock = open(`${file}.lock`);
  try {
    lock.execute('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw cannotOpen(file, error);
  }
}

function open(file: string, { readOnly = false }: { readOnly?: boolean } = {}): SqliteDatabase {
  try {
    return new SqliteDatabase(file, { busyTimeoutMs, readOnly });
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
