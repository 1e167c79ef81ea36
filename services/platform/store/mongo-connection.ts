import { type Db, MongoClient } from 'mongodb';
import { storeUnavailable } from '#platform/errors.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { fromMongo } from './mongo-errors.ts';
import { watchHeartbeats } from './mongo-heartbeats.ts';

/** What some servers that speak MongoDB's protocol lack, and what is done there instead. */
const instead = {
  partialIndexes: 'has no partial indexes: unique keys of several fields bind documents that have only some of them',
  severalSums: 'gets but one of several sums of a query right: what is summed is read, and summed here',
  updateProjection: 'returns whole documents from updates: they cost more than they should',
} as const;
export type Feature = keyof typeof instead;

const pingTimeoutMs = 1000;
const socketTimeoutMS = 30_000;
/** The driver gives up an answer after `socketTimeoutMS`, but not on a socket that broke as it was written to. */
const longestCallMs = socketTimeoutMS + 1_000;

/** A database, reached through a pool of connections that mends itself. */
export class MongoConnection {
  readonly #uri: string;
  #client: MongoClient;
  #database: Db;
  #endWatch: () => void = () => {};
  readonly #logger: Logger;
  readonly #lacks = new Set<Feature>();
  #closed = false;

  constructor(uri: string, logger: Logger) {
    this.#uri = uri;
    this.#logger = logger;
    this.#client = this.#newClient();
    this.#database = this.#client.db(databaseName(uri));
  }

  /** Does `work`; what the driver throws comes out as the store's own errors. */
  async run<R>(work: (database: Db) => Promise<R>): Promise<R> {
    if (this.#closed) throw storeUnavailable(new Error('The store was closed.'));
    try {
      return await inTime(this.#connected(work));
    } catch (error) {
      throw this.#closed ? storeUnavailable(error) : fromMongo(error);
    }
  }

  /** Waits until a server answers, and finds out about what its answers would not tell. */
  async open(): Promise<void> {
    const build = await this.run((database) => database.command({ buildInfo: 1 }));
    const ferret: unknown = build['ferretdbVersion'];
    if (typeof ferret === 'string' && !ferret.startsWith('v2')) this.noteLack('severalSums');
  }

  lacks(feature: Feature): boolean {
    return this.#lacks.has(feature);
  }

  /** Remembers that the server lacks something, and says so once. */
  noteLack(feature: Feature): void {
    if (this.#lacks.has(feature)) return;
    this.#lacks.add(feature);
    this.#logger.warn(`The database server ${instead[feature]}.`, { 'event.action': 'store_feature_missing' });
  }

  /** Throws `store_unavailable` where no server answers within a second. */
  async ping(): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(storeUnavailable(new Error('No answer to a ping.'))), pingTimeoutMs);
    try {
      await Promise.race([this.run((database) => database.command({ ping: 1 })), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#endWatch();
    await this.#client.close();
  }

  /** The driver connects by itself but once: a client whose first server was away then stays closed, unless it is told again. */
  async #connected<R>(work: (database: Db) => Promise<R>): Promise<R> {
    const database = this.#database;
    await this.#client.connect();
    return await work(database);
  }

  #newClient(): MongoClient {
    const client = new MongoClient(this.#uri, {
      appName: 'lamplight',
      writeConcern: { w: 'majority', journal: true },
      readPreference: 'primary',
      retryWrites: true,
      retryReads: true,
      serverSelectionTimeoutMS: 2000,
      connectTimeoutMS: 2000,
      // A server that froze is found out by its heartbeat; one that answers those alone, by this.
      heartbeatFrequencyMS: 2000,
      socketTimeoutMS,
    });
    this.#endWatch = watchHeartbeats(client, () => this.#replaceClient());
    return client;
  }

  #replaceClient(): void {
    if (this.#closed) return;
    this.#logger.warn('The database driver stands still: its connections are made anew.', {
      'event.action': 'store_reconnect',
    });
    const old = this.#client;
    this.#client = this.#newClient();
    this.#database = this.#client.db(databaseName(this.#uri));
    old.close(true).catch((error: unknown) => {
      this.#logger.warn('The old connections to the database could not be closed.', { error });
    });
  }
}

/** The path of the URI, which the driver itself would take for `test` where it is missing. */
const databaseName = (uri: string): string =>
  decodeURIComponent(/^mongodb(?:\+srv)?:\/\/[^/]*\/([^?]*)/.exec(uri)?.[1] ?? '') || 'lamplight';

/** Throws `store_unavailable` where the driver gives no answer for longer than it should. */
export async function inTime<R>(work: Promise<R>): Promise<R> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(storeUnavailable(new Error(`The driver gave no answer within ${longestCallMs} ms.`)));
  }, longestCallMs);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
