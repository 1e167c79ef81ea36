import { type Collection as DriverCollection, MongoBulkWriteError } from 'mongodb';
import { AppError } from '#platform/errors.ts';
import { parseChange } from './change.ts';
import { checkCovered } from './coverage.ts';
import { cursorAt, sortOf, stretches } from './cursor.ts';
import { asDocument, pick } from './documents.ts';
import type { MongoConnection } from './mongo-connection.ts';
import { fromRecord, type MongoRecord, toRecord, wordsPath } from './mongo-document.ts';
import { duplicateKey } from './mongo-errors.ts';
import { updateRecord } from './mongo-update.ts';
import { allOf, type Filter, mongoAfter, mongoFilter, mongoSort } from './mongo-where.ts';
import { parsePath, readPath } from './paths.ts';
import { wordsOf } from './search-words.ts';
import type { Change, Collection, CollectionSpec, Doc, Find, Page, Scalar, Sum, Where } from './store.ts';
import { parseWhere } from './where.ts';

/** A collection in MongoDB. */
export class MongoCollection<T extends Doc> implements Collection<T> {
  readonly #connection: MongoConnection;
  readonly #spec: CollectionSpec<T>;

  constructor(connection: MongoConnection, spec: CollectionSpec<T>) {
    this.#connection = connection;
    this.#spec = spec;
  }

  async insert(doc: T): Promise<void> {
    const record = toRecord(this.#spec, doc);
    await this.#run((records) => records.insertOne(record));
  }

  async insertMissing(docs: readonly T[]): Promise<number> {
    if (docs.length === 0) return 0;
    const records = docs.map((doc) => toRecord(this.#spec, doc));
    return this.#run(async (collection) => {
      try {
        return (await collection.insertMany(records, { ordered: false })).insertedCount;
      } catch (error) {
        if (!(error instanceof MongoBulkWriteError) || error.code !== duplicateKey) throw error;
        const refused = [error.writeErrors].flat();
        if (refused.some((each) => each.code !== duplicateKey)) throw error;
        // Which key it was, not every server tells: a document that is there has its own _id taken, the others a unique key.
        const ids = [...new Set(refused.flatMap(({ index }) => records[index]?._id ?? []))];
        const there = await collection.countDocuments({ _id: { $in: ids } });
        if (there < ids.length) throw new AppError('conflict', undefined, { cause: error });
        return records.length - refused.length;
      }
    });
  }

  async get(id: string, fields?: readonly string[]): Promise<T | undefined> {
    const record = await this.#run((records) => records.findOne({ _id: id }, { projection: projection(fields) }));
    return record ? this.#document(record, fields) : undefined;
  }

  async getMany(ids: readonly string[], fields?: readonly string[]): Promise<readonly T[]> {
    const filter = { _id: { $in: [...ids] } };
    const found = await this.#run((records) => records.find(filter, { projection: projection(fields) }).toArray());
    return found.map((record) => this.#document(record, fields));
  }

  async find(query: Find): Promise<Page<T>> {
    const terms = parseWhere(query.where);
    checkCovered(this.#spec, terms, query.sort?.by);
    return this.#page(query, mongoFilter(terms));
  }

  async *scan(): AsyncGenerator<T> {
    const options = { sort: { _id: 1 }, projection: projection(undefined), readConcern: 'majority' } as const;
    const cursor = await this.#run(async (records) => records.find({}, options));
    try {
      for (;;) {
        const record = await this.#run(() => cursor.next());
        if (!record) return;
        yield this.#document(record, undefined);
      }
    } finally {
      await cursor.close();
    }
  }

  async search(words: string, query: Find): Promise<Page<T>> {
    const terms = parseWhere(query.where);
    if (!this.#spec.text?.length) throw new Error(`"${this.#spec.name}" declares no text to search.`);
    if (terms.some((term) => term.kind !== 'equal')) throw new Error('A search takes equality only.');
    const wanted = wordsOf(words);
    if (wanted.length === 0) return { items: [] };
    // Words are letters and digits: nothing in them means anything in a regular expression.
    return this.#page(
      query,
      allOf(mongoFilter(terms), ...wanted.map((word) => ({ [wordsPath]: { $regex: `^${word}` } }))),
    );
  }

  async update(id: string, change: Change, condition?: Where, fields?: readonly string[]): Promise<T | undefined> {
    const edits = parseChange(this.#spec, change);
    const terms = condition ? parseWhere(condition) : [];
    const record = await this.#run((records) =>
      updateRecord({ records, connection: this.#connection, spec: this.#spec }, { id, edits, terms, fields }),
    );
    return record && this.#document(record, fields);
  }

  async delete(id: string, condition?: Where): Promise<boolean> {
    const filter = allOf({ _id: id }, condition ? mongoFilter(parseWhere(condition)) : {});
    return (await this.#run((records) => records.deleteOne(filter))).deletedCount === 1;
  }

  async deleteWhere(where: Where, limit: number): Promise<number> {
    const terms = parseWhere(where);
    checkCovered(this.#spec, terms);
    const filter = mongoFilter(terms);
    return this.#run(async (records) => {
      const found = await records.find(filter, { projection: { _id: 1 }, limit }).toArray();
      if (found.length === 0) return 0;
      const these = { _id: { $in: found.map((record) => record._id) } };
      return (await records.deleteMany(allOf(these, filter))).deletedCount;
    });
  }

  async count(where: Where): Promise<number> {
    const terms = parseWhere(where);
    checkCovered(this.#spec, terms);
    return this.#run((records) => records.countDocuments(mongoFilter(terms)));
  }

  async sum(query: Sum): Promise<ReadonlyArray<Readonly<Record<string, Scalar>>>> {
    const terms = parseWhere(query.where);
    checkCovered(this.#spec, terms);
    if (query.fields.length > 1 && this.#connection.lacks('severalSums'))
      return this.#sumHere(query, mongoFilter(terms));
    // Names of our own, since those of groups and sums must not have dots.
    const keys = Object.fromEntries(query.by.map((path, at) => [`k${at}`, `$${path}`]));
    const sums = Object.fromEntries(query.fields.map((path, at) => [`s${at}`, { $sum: `$${path}` }]));
    const stages = [{ $match: mongoFilter(terms) }, { $group: { _id: query.by.length > 0 ? keys : null, ...sums } }];
    const groups = await this.#run((records) => records.aggregate(stages).toArray());
    return groups.map((group) => {
      const values = query.by.map((path, at) => [path, group['_id'][`k${at}`]]);
      const present = values.filter(([, value]) => value !== undefined && value !== null);
      return Object.fromEntries([...present, ...query.fields.map((path, at) => [path, group[`s${at}`]])]);
    });
  }

  /** Reads what is to be summed: for a server that sums no more than one field at a time right. */
  async #sumHere(query: Sum, filter: Filter): Promise<ReadonlyArray<Readonly<Record<string, Scalar>>>> {
    const heads = [...query.by, ...query.fields].map((path) => path.replace(/\..*/, ''));
    const records = await this.#run((found) => found.find(filter, { projection: projection(heads) }).toArray());
    const groups = new Map<string, Record<string, Scalar>>();
    for (const record of records) {
      const { doc } = fromRecord(record);
      const values = query.by.map((path) => [path, readPath(doc, parsePath(path))] as const);
      const name = JSON.stringify(values);
      const group = groups.get(name) ?? Object.fromEntries(values.filter(isPresent));
      for (const path of query.fields) {
        const value = readPath(doc, parsePath(path));
        group[path] = Number(group[path] ?? 0) + (typeof value === 'number' ? value : 0);
      }
      groups.set(name, group);
    }
    return [...groups.values()];
  }

  async #page(query: Find, matching: Filter): Promise<Page<T>> {
    const sort = sortOf(query);
    const filter = allOf(matching, mongoAfter(sort, stretches(sort, query.cursor)));
    const options = {
      sort: mongoSort(sort),
      limit: query.limit + 1,
      projection: projection(query.fields && [...query.fields, ...sort.by.map((path) => path.replace(/\..*/, ''))]),
    };
    const records = await this.#run((collection) => collection.find(filter, options).toArray());
    const page = records.slice(0, query.limit);
    const items = page.map((record) => this.#document(record, query.fields));
    return records.length > query.limit ? { items, nextCursor: cursorAt(sort, page.at(-1)) } : { items };
  }

  #document(record: MongoRecord, fields: readonly string[] | undefined): T {
    return asDocument<T>(pick(fromRecord(record).doc, fields));
  }

  #run<R>(work: (records: DriverCollection<MongoRecord>) => Promise<R>): Promise<R> {
    return this.#connection.run((database) => work(database.collection<MongoRecord>(this.#spec.name)));
  }
}

/** What to read: these fields, or all but the hidden ones. */
const projection = (fields: readonly string[] | undefined): Record<string, 0 | 1> =>
  fields ? Object.fromEntries(['_id', ...fields].map((field) => [field, 1])) : { _: 0 };

const isPresent = (entry: readonly [path: string, value: unknown]): entry is readonly [string, Scalar] =>
  ['string', 'number', 'boolean'].includes(typeof entry[1]);
