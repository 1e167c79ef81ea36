import type { z } from 'zod';

/**
 * The store keeps collections of JSON documents. It is small on purpose: everything above it is written once and runs on
 * SQLite and on MongoDB alike. Each call is one atomic document write or one indexed read; there are no transactions.
 *
 * Every method throws `AppError('store_unavailable')` where the database cannot be reached.
 */
export interface Store {
  collection<T extends Doc>(spec: CollectionSpec<T>): Collection<T>;
  /** Creates what the declared collections need (tables, indexes). Safe to repeat and to run from several processes. */
  prepare(specs: readonly AnyCollectionSpec[]): Promise<void>;
  /** Throws where the database does not answer within a second. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A stored document: JSON values, times as milliseconds since the epoch. It is read back as JSON would give it: `undefined` is
 * absent (null in an array); a lone surrogate becomes U+FFFD. Names of fields are not empty, do not begin with `$` (at the
 * top level, nor with `_`), and have no dot or NUL in them; free-form JSON is stored as its text. At most 64 levels deep.
 */
export interface Doc {
  readonly _id: string;
}

/** A collection, declared once: both adapters make their tables and indexes from it. */
export interface CollectionSpec<T extends Doc> {
  readonly name: string;
  /** Of the schema; migrations bring documents from one to the next. */
  readonly version: number;
  /** Checked at every insert. */
  readonly schema: z.ZodType<T>;
  readonly indexes: readonly IndexSpec[];
  /**
   * Fields whose words `search` finds. Documents that are there when a collection gets its first are filled in by `prepare`;
   * another choice of fields takes a migration that sets them again.
   */
  readonly text?: readonly string[];
  /** Paths that `sum` reads in many documents at a time, as keys or to add up: numbers or text. SQLite keeps them beside the JSON. */
  readonly sums?: readonly string[];
}

/** For lists of collections, where the type of the documents does not matter. */
// biome-ignore lint/suspicious/noExplicitAny: a spec is invariant in its document; only name, indexes and text are read.
export type AnyCollectionSpec = CollectionSpec<any>;

/**
 * Dotted paths, in order; `_id` follows as the tie-break. What stands there is a scalar of one type, or absent (or null, which sorts
 * the same: first); in a unique index it is not null. A unique index ignores documents that lack one of its fields.
 * An index that is no longer declared stays until a person drops it.
 */
export interface IndexSpec {
  readonly fields: readonly string[];
  readonly unique?: boolean;
}

export type Scalar = string | number | boolean;
export interface Range {
  readonly gt?: Scalar;
  readonly gte?: Scalar;
  readonly lt?: Scalar;
  readonly lte?: Scalar;
}

/**
 * What must hold, by dotted path; all of it (there is no OR). A scalar is equality. In a `find`, `count`, `deleteWhere`
 * and `sum` the paths must be covered by one declared index: first those with equality or `in`, then at most one range or the
 * sort; a query that is not covered throws. In an update's condition (by `_id`, so it needs no index) anything goes, also `absent`
 * (null is not absent). Paths lead through objects and, by number, through arrays, to scalars; values of another type than
 * asked for do not match.
 */
export type Where = Readonly<
  Record<string, Scalar | { readonly in: readonly Scalar[] } | Range | { readonly absent: true }>
>;

/**
 * One atomic change of one document, by dotted paths, none within another. A numeric step reaches into an array where there is
 * one, and is a name elsewhere; objects on the way are made where absent. `set` to `undefined` changes nothing; `unset` takes
 * away fields, not elements; `push` appends all of the given values to an array (made where absent). What cannot be done in
 * this document (a step into a number, an increment of text) throws and changes nothing.
 */
export interface Change {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly unset?: readonly string[];
  readonly increment?: Readonly<Record<string, number>>;
  readonly push?: Readonly<Record<string, readonly unknown[]>>;
}

export interface Find {
  readonly where: Where;
  /** Fields to sort by, all in `direction`; `_id` breaks ties. Default: by `_id` ascending. */
  readonly sort?: { readonly by: readonly string[]; readonly direction: 'asc' | 'desc' };
  /** 1 to 1,000. */
  readonly limit: number;
  /** From `Page.nextCursor` of the same query. A malformed one throws `AppError('invalid_cursor')`. */
  readonly cursor?: string | undefined;
  /** Only these top-level fields (and `_id`) are read and returned. */
  readonly fields?: readonly string[];
}

export interface Sum {
  readonly where: Where;
  readonly by: readonly string[];
  readonly fields: readonly string[];
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. Keyset: rows inserted or removed meanwhile neither repeat nor hide others. */
  readonly nextCursor?: string;
}

export interface Collection<T extends Doc> {
  /** Throws `AppError('conflict')` where `_id` or a unique key exists, `document_too_large` over 15 MB of JSON (UTF-8). */
  insert(doc: T): Promise<void>;
  /** Inserts those whose `_id` does not exist yet; one that exists is success. Returns how many were new. */
  insertMissing(docs: readonly T[]): Promise<number>;
  get(id: string, fields?: readonly string[]): Promise<T | undefined>;
  /** The documents of these ids that exist, in no particular order; up to 1,000 ids. */
  getMany(ids: readonly string[], fields?: readonly string[]): Promise<readonly T[]>;
  find(query: Find): Promise<Page<T>>;
  /**
   * Every document, by `_id`, one at a time. Of what is inserted, changed or removed meanwhile either state may come; a document
   * that stays comes once. Nothing comes of a collection that was never prepared.
   */
  scan(): AsyncIterable<T>;
  /**
   * Changes the document where `condition` holds; the answer is the document after it (only `fields`, where given), or
   * `undefined` where nothing matched. Never inserts. Of concurrent updates with one condition, at most one wins where the
   * change makes the condition false. Throws `conflict` for a unique key, `document_too_large` as `insert` does.
   */
  update(id: string, change: Change, condition?: Where, fields?: readonly string[]): Promise<T | undefined>;
  /** True where a document was there (and `condition` held). */
  delete(id: string, condition?: Where): Promise<boolean>;
  /** Deletes up to `limit` documents that match; returns how many. */
  deleteWhere(where: Where, limit: number): Promise<number>;
  count(where: Where): Promise<number>;
  /**
   * Documents in whose `text` fields every word of `words` begins some word, whatever its case or accents; `where` takes
   * equality only. Sorted and paged like `find`. Words without a letter or digit are ignored; none left matches nothing.
   */
  search(words: string, query: Find): Promise<Page<T>>;
  /** Sums `fields` over what matches, grouped by `by`. Rows in no particular order. */
  sum(query: Sum): Promise<ReadonlyArray<Readonly<Record<string, Scalar>>>>;
}

/** The most JSON a document may take, in bytes of UTF-8: below MongoDB's 16 MB of BSON. */
export const maxDocumentBytes = 15_000_000;
