import type { SQLInputValue } from 'node:sqlite';
import { type AppError, isAppError } from '#platform/errors.ts';
import { applyChange, type Edit, parseChange } from './change.ts';
import { checkCovered } from './coverage.ts';
import { cursorAt, sortOf, stretches } from './cursor.ts';
import { asDocument, checkDocument, checkSize, pick, toJson } from './documents.ts';
import { isTree, overlap, readPath, type Tree } from './paths.ts';
import { searchWords, wordsOf } from './search-words.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import { fromSqlite } from './sqlite-errors.ts';
import { jsonAt, type SqliteColumn, type SqliteTable, tableOf, valueAt } from './sqlite-table.ts';
import { type SqlCondition, sqlOrder, sqlStretch, sqlWhere, whereClause } from './sqlite-where.ts';
import type { Change, Collection, CollectionSpec, Doc, Find, Page, Scalar, Sum, Where } from './store.ts';
import { holds, parseWhere, type Term } from './where.ts';

/**
 * A collection in SQLite. One process holds the file and SQLite is called synchronously, so each method is one turn
 * that nothing else comes between: an update reads, checks, changes and writes within it.
 */
export class SqliteCollection<T extends Doc> implements Collection<T> {
  readonly #database: SqliteDatabase;
  readonly #spec: CollectionSpec<T>;
  readonly #table: SqliteTable;
  readonly #insertRow: string;
  readonly #readRow: string;

  constructor(database: SqliteDatabase, spec: CollectionSpec<T>) {
    this.#database = database;
    this.#spec = spec;
    this.#table = tableOf(spec);
    const columns = ['_id', 'doc', ...this.#table.columns.map((column) => column.name)];
    const marks = columns.map(() => '?').join(', ');
    this.#insertRow = `INSERT INTO ${this.#table.name} (${columns.join(', ')}) VALUES (${marks})`;
    this.#readRow = `SELECT n, doc FROM ${this.#table.name} WHERE _id = ?`;
  }

  async insert(doc: T): Promise<void> {
    const checked = checkDocument(this.#spec, doc);
    this.#try(() => this.#write(() => this.#insertChecked(checked)));
  }

  async insertMissing(docs: readonly T[]): Promise<number> {
    const checked = docs.map((doc) => checkDocument(this.#spec, doc));
    return this.#try(() => {
      let conflict: AppError | undefined;
      const added = this.#database.atomically(() => {
        let count = 0;
        for (const each of checked) {
          if (this.#database.get(this.#readRow, each.doc._id)) continue;
          try {
            this.#insertChecked(each);
            count++;
          } catch (error) {
            const known = fromSqlite(error);
            if (!isAppError(known, 'conflict')) throw error;
            conflict = known;
          }
        }
        return count;
      });
      if (conflict) throw conflict;
      return added;
    });
  }

  async get(id: string, fields?: readonly string[]): Promise<T | undefined> {
    const row = this.#try(() => this.#database.get(this.#readRow, id));
    return row && this.#document(row, fields);
  }

  async getMany(ids: readonly string[], fields?: readonly string[]): Promise<readonly T[]> {
    const sql = `SELECT doc FROM ${this.#table.name} WHERE _id IN (SELECT value FROM json_each(?))`;
    const rows = this.#try(() => this.#database.all(sql, [toJson(ids)]));
    return rows.map((row) => this.#document(row, fields));
  }

  async find(query: Find): Promise<Page<T>> {
    const terms = parseWhere(query.where);
    checkCovered(this.#spec, terms, query.sort?.by);
    return this.#page(query, sqlWhere(this.#table, terms));
  }

  async *scan(): AsyncGenerator<T> {
    const { name } = this.#spec;
    if (!this.#try(() => this.#database.get('SELECT 1 FROM sqlite_schema WHERE name = ?', name))) return;
    const next = `SELECT _id, doc FROM ${this.#table.name} WHERE _id > ? ORDER BY _id LIMIT 1`;
    for (let last = ''; ; ) {
      const row = this.#try(() => this.#database.get(next, last));
      if (!row) return;
      last = String(row['_id']);
      yield this.#document(row, undefined);
    }
  }

  async search(words: string, query: Find): Promise<Page<T>> {
    const terms = parseWhere(query.where);
    if (!this.#table.words) throw new Error(`"${this.#spec.name}" declares no text to search.`);
    if (terms.some((term) => term.kind !== 'equal')) throw new Error('A search takes equality only.');
    const wanted = wordsOf(words);
    if (wanted.length === 0) return { items: [] };
    const where = sqlWhere(this.#table, terms);
    const match = wanted.map((word) => `"${word}" *`).join(' AND ');
    const found = `n IN (SELECT rowid FROM ${this.#table.words} WHERE ${this.#table.words} MATCH ?)`;
    return this.#page(query, { sql: [found, ...where.sql], values: [match, ...where.values] });
  }

  async update(id: string, change: Change, condition?: Where, fields?: readonly string[]): Promise<T | undefined> {
    const edits = parseChange(this.#spec, change);
    const terms = condition ? parseWhere(condition) : [];
    const doc = this.#try(() => this.#change(id, edits, terms));
    return doc && asDocument<T>(pick(doc, fields));
  }

  async delete(id: string, condition?: Where): Promise<boolean> {
    const terms = condition ? parseWhere(condition) : [];
    return this.#try(() => {
      const row = this.#database.get(this.#readRow, id);
      if (!row || (terms.length > 0 && !holds(terms, tree(row)))) return false;
      this.#write(() => this.#deleteRows([Number(row['n'])]));
      return true;
    });
  }

  async deleteWhere(where: Where, limit: number): Promise<number> {
    const terms = parseWhere(where);
    checkCovered(this.#spec, terms);
    const matching = sqlWhere(this.#table, terms);
    const sql = `SELECT n FROM ${this.#table.name}${whereClause(matching)} LIMIT ?`;
    return this.#try(() => {
      const rows = this.#database.all(sql, [...matching.values, limit]);
      this.#database.atomically(() => this.#deleteRows(rows.map((row) => Number(row['n']))));
      return rows.length;
    });
  }

  async count(where: Where): Promise<number> {
    const terms = parseWhere(where);
    checkCovered(this.#spec, terms);
    const matching = sqlWhere(this.#table, terms);
    const sql = `SELECT count(*) AS number FROM ${this.#table.name}${whereClause(matching)}`;
    return this.#try(() => Number(this.#database.all(sql, matching.values)[0]?.['number']));
  }

  async sum(query: Sum): Promise<ReadonlyArray<Readonly<Record<string, Scalar>>>> {
    const terms = parseWhere(query.where);
    checkCovered(this.#spec, terms);
    const matching = sqlWhere(this.#table, terms);
    const keys = query.by.map((path, at) => `${this.#keyAt(path)} AS k${at}`);
    const sums = query.fields.map((path, at) => `${totalOf(valueAt(this.#table, path))} AS s${at}`);
    const groups = query.by.map((_, at) => `k${at}`).join(', ');
    const from = `FROM ${this.#table.name}${whereClause(matching)}`;
    const sql = `SELECT ${['count(*) AS rows', ...keys, ...sums].join(', ')} ${from}${groups && ` GROUP BY ${groups}`}`;
    const rows = this.#try(() => this.#database.all(sql, matching.values));
    return rows.filter((row) => row['rows'] !== 0).map((row) => summed(query, row));
  }

  /** As JSON, which tells true from 1. */
  #keyAt(path: string): string {
    return this.#spec.sums?.includes(path) ? `json_quote(${valueAt(this.#table, path)})` : jsonAt(path);
  }

  #page(query: Find, matching: SqlCondition): Page<T> {
    const sort = sortOf(query);
    const rows: Array<Record<string, unknown>> = [];
    this.#try(() => {
      for (const bounds of stretches(sort, query.cursor)) {
        const stretch = sqlStretch(this.#table, sort, bounds);
        const from = `FROM ${this.#table.name}${whereClause(matching, stretch)}`;
        const sql = `SELECT doc ${from} ORDER BY ${sqlOrder(this.#table, sort)} LIMIT ?`;
        const limit = query.limit + 1 - rows.length;
        rows.push(...this.#database.all(sql, [...matching.values, ...stretch.values, limit]));
        if (rows.length > query.limit) break;
      }
    });
    const docs = rows.slice(0, query.limit).map(tree);
    const items = docs.map((doc) => asDocument<T>(pick(doc, query.fields)));
    return rows.length > query.limit ? { items, nextCursor: cursorAt(sort, docs.at(-1)) } : { items };
  }

  #change(id: string, edits: readonly Edit[], terms: readonly Term[]): Tree | undefined {
    const row = this.#database.get(this.#readRow, id);
    if (!row) return undefined;
    const doc = tree(row);
    if (!holds(terms, doc)) return undefined;
    applyChange(doc, edits);
    const json = toJson(doc);
    checkSize(json);
    const touched = (path: string) => edits.some((edit) => overlap(edit.path, path));
    const columns = this.#table.columns.filter((column) => touched(column.path));
    const n = Number(row['n']);
    const sets = columns.map((column) => `, ${column.name} = ?`).join('');
    const sql = `UPDATE ${this.#table.name} SET doc = ?${sets} WHERE n = ?`;
    const write = () => this.#database.run(sql, json, ...columns.map((column) => columnValue(column, doc)), n);
    if (!this.#table.words || !this.#spec.text?.some(touched)) write();
    else {
      this.#database.atomically(() => {
        write();
        this.#writeWords(n, doc);
      });
    }
    return doc;
  }

  #insertChecked({ doc, json }: { doc: T; json: string }): void {
    const values = this.#table.columns.map((column) => columnValue(column, doc));
    const row = this.#database.statement(this.#insertRow).run(doc._id, json, ...values).lastInsertRowid;
    if (this.#table.words && isTree(doc)) this.#writeWords(Number(row), doc);
  }

  #writeWords(n: number, doc: Tree): void {
    const words = searchWords(this.#spec, doc).join(' ');
    this.#database.run(`INSERT OR REPLACE INTO ${this.#table.words} (rowid, words) VALUES (?, ?)`, n, words);
  }

  #deleteRows(rows: readonly number[]): void {
    for (const n of rows) {
      this.#database.run(`DELETE FROM ${this.#table.name} WHERE n = ?`, n);
      if (this.#table.words) this.#database.run(`DELETE FROM ${this.#table.words} WHERE rowid = ?`, n);
    }
  }

  /** A transaction where words are kept beside the row; a single statement is one by itself. */
  #write(work: () => void): void {
    if (this.#table.words) this.#database.atomically(work);
    else work();
  }

  #document(row: Record<string, unknown>, fields: readonly string[] | undefined): T {
    return asDocument<T>(pick(tree(row), fields));
  }

  #try<R>(work: () => R): R {
    try {
      return work();
    } catch (error) {
      throw fromSqlite(error);
    }
  }
}

function tree(row: Record<string, unknown>): Tree {
  const doc: unknown = JSON.parse(String(row['doc']));
  if (!isTree(doc)) throw new Error('The database holds something else than a document.');
  return doc;
}

function columnValue(column: SqliteColumn, doc: unknown): SQLInputValue {
  const value = readPath(doc, column.steps);
  if (typeof value === 'string' || typeof value === 'number') return value;
  return typeof value === 'boolean' ? Number(value) : null;
}

/** Only numbers count, as in MongoDB's `$sum`: SQLite orders them before all text. */
const totalOf = (at: string): string => `total(${at}) FILTER (WHERE ${at} < '')`;

function summed(query: Sum, row: Record<string, unknown>): Record<string, Scalar> {
  const result: Record<string, Scalar> = {};
  for (const [at, path] of query.by.entries()) {
    const key: unknown = JSON.parse(String(row[`k${at}`]));
    if (typeof key === 'string' || typeof key === 'number' || typeof key === 'boolean') result[path] = key;
  }
  for (const [at, path] of query.fields.entries()) result[path] = Number(row[`s${at}`]);
  return result;
}
