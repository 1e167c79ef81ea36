import { type Db, MongoClient } from 'mongodb';
import { storeUnavailable } from '#platform/errors.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { fromMongo } from './mongo-errors.ts';

/** What some servers that speak MongoDB's protocol lack, and what is done there instead. */
const instead = {
  partialIndexes: 'has no partial indexes: unique keys of several fields bind documents that have only some of them',
  severalSums: 'gets but one of several sums of a query right: each is asked for by itself',
  updateProjection: 'returns whole documents from updates: they cost more than they should',
} as const;
export type Feature = keyof typeof instead;

/** A database, reached through a pool of connections that mends itself. */
export class MongoConnection {
  readonly #client: MongoClient;
  readonly #database: Db;
  readonly #logger: Logger;
  readonly #lacks = new Set<Feature>();
  #closed = false;

  constructor(uri: string, logger: Logger) {
    this.#logger = logger;
    this.#client = new MongoClient(uri, {
      appName: 'lamplight',
      writeConcern: { w: 'majority', journal: true },
      readPreference: 'primary',
      retryWrites: true,
      retryReads: true,
      serverSelectionTimeoutMS: 2000,
      connectTimeoutMS: 2000,
      // A server that froze is found out by its heartbeat; one that answers those alone, by this.
      heartbeatFrequencyMS: 2000,
      socketTimeoutMS: 30_000,
    });
    this.#database = this.#client.db(databaseName(uri));
  }

  /** Does `work`; what the driver throws comes out as the store's own errors. */
  async run<R>(work: (database: Db) => Promise<R>): Promise<R> {
    if (this.#closed) throw storeUnavailable(new Error('The store was closed.'));
    try {
      return await work(this.#database);
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

  async close(): Promise<void> {
    this.#closed = true;
    await this.#client.close();
  }
}

/** The path of the URI, which the driver itself would take for `test` where it is missing. */
const databaseName = (uri: string): string =>
  decodeURIComponent(/^mongodb(?:\+srv)?:\/\/[^/]*\/([^?]*)/.exec(uri)?.[1] ?? '') || 'lamplight';
