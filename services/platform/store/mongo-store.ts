import type { Logger } from '#platform/telemetry/logger.ts';
import { MongoCollection } from './mongo-collection.ts';
import { MongoConnection } from './mongo-connection.ts';
import { createIndexes } from './mongo-indexes.ts';
import type { AnyCollectionSpec, Collection, CollectionSpec, Doc, Store } from './store.ts';

/** Documents in MongoDB, or a server that speaks its protocol. */
export class MongoStore implements Store {
  readonly #connection: MongoConnection;

  constructor(connection: MongoConnection) {
    this.#connection = connection;
  }

  collection<T extends Doc>(spec: CollectionSpec<T>): Collection<T> {
    return new MongoCollection(this.#connection, spec);
  }

  async prepare(specs: readonly AnyCollectionSpec[]): Promise<void> {
    for (const spec of specs) await createIndexes(this.#connection, spec);
  }

  ping(): Promise<void> {
    return this.#connection.ping();
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

/**
 * The URI's path names the database (`lamplight` where it has none). Throws `store_unavailable` after 2 s without a
 * server that can be written to; once open, it reconnects by itself.
 */
export async function openMongoStore({ uri, logger }: { uri: string; logger: Logger }): Promise<MongoStore> {
  const connection = new MongoConnection(uri, logger);
  try {
    await connection.open();
  } catch (error) {
    await connection.close();
    throw error;
  }
  return new MongoStore(connection);
}
