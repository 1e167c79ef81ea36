import { asDocument } from './documents.ts';
import { parsePath, type Tree } from './paths.ts';
import { searchWords } from './search-words.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import type { AnyCollectionSpec } from './store.ts';

/**
 * A collection is a table: `n` (the row), `_id`, `doc` (JSON), and a column for each indexed or summed path, named as SQLite's JSON path
 * to it. Columns, not indexes on expressions: those would parse the whole JSON, old and new, for every index at every write.
 */
export interface SqliteTable {
  /** Quoted names. */
  readonly name: string;
  readonly words: string | undefined;
  readonly columns: readonly SqliteColumn[];
}

export interface SqliteColumn {
  readonly path: string;
  readonly steps: readonly string[];
  readonly name: string;
}

const plainPath = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/;

function plain(name: string): string {
  if (!plainPath.test(name))
    throw new Error(`"${name}" cannot be declared or queried: letters, digits, "_" and dots only.`);
  return name;
}

/** JSON at a path of the document, as an SQL expression. */
export const jsonAt = (path: string): string => `doc -> '$.${plain(path)}'`;

/** What stands at a path, as an SQL expression: its column, where it has one. Booleans are 1 and 0. */
export function valueAt(table: SqliteTable, path: string): string {
  if (path === '_id') return '_id';
  return table.columns.find((column) => column.path === path)?.name ?? `doc ->> '$.${plain(path)}'`;
}

export function tableOf(spec: AnyCollectionSpec): SqliteTable {
  const paths = new Set([...spec.indexes.flatMap((index) => index.fields), ...(spec.sums ?? [])]);
  paths.delete('_id');
  const columns = [...paths].map((path) => ({ path, steps: parsePath(path), name: `"$.${plain(path)}"` }));
  const words = spec.text?.length ? `"${plain(spec.name)}~words"` : undefined;
  return { name: `"${plain(spec.name)}"`, words, columns };
}

/** Creates or completes the tables; columns, indexes and words that are new are filled from the documents. */
export function createTables(database: SqliteDatabase, specs: readonly AnyCollectionSpec[]): void {
  const known = new Set(database.all('SELECT name FROM sqlite_schema', []).map((row) => `"${row['name']}"`));
  const fresh: string[] = [];
  database.atomically(() => {
    for (const spec of specs) {
      const table = tableOf(spec);
      if (known.has(table.name)) addColumns(database, table);
      else fresh.push(createTable(table));
      for (const index of spec.indexes) {
        const columns = index.fields.map((path) => valueAt(table, path));
        const name = `"${spec.name}:${index.fields.join(',')}${index.unique ? ':unique' : ''}"`;
        if (known.has(name)) continue;
        const tieBreak = index.unique || index.fields.includes('_id') ? [] : ['_id'];
        const kind = index.unique ? 'UNIQUE INDEX' : 'INDEX';
        fresh.push(`CREATE ${kind} ${name} ON ${table.name} (${[...columns, ...tieBreak].join(', ')})`);
      }
    }
    if (fresh.length > 0) database.execute(fresh.join(';\n'));
    for (const spec of specs) {
      const { words, name } = tableOf(spec);
      if (words && !known.has(words)) createWords(database, spec, { words, filled: known.has(name) });
    }
  });
}

const createTable = (table: SqliteTable): string => {
  const columns = ['n INTEGER PRIMARY KEY', '_id TEXT NOT NULL UNIQUE', ...table.columns.map((column) => column.name)];
  return `CREATE TABLE ${table.name} (${columns.join(', ')}, doc TEXT NOT NULL)`;
};

function addColumns(database: SqliteDatabase, table: SqliteTable): void {
  const rows = database.all(`SELECT name FROM pragma_table_info(${table.name.replaceAll('"', "'")})`, []);
  const known = new Set(rows.map((row) => `"${row['name']}"`));
  for (const { name, path } of table.columns) {
    if (known.has(name)) continue;
    database.execute(`ALTER TABLE ${table.name} ADD COLUMN ${name}`);
    database.execute(`UPDATE ${table.name} SET ${name} = doc ->> '$.${path}'`);
  }
}

/** The words come without case and accents and apart by spaces, so the simplest tokenizer is the exact one. */
function createWords(
  database: SqliteDatabase,
  spec: AnyCollectionSpec,
  { words, filled }: { words: string; filled: boolean },
): void {
  const options = `content='', contentless_delete=1, detail=none, tokenize='ascii'`;
  database.execute(`CREATE VIRTUAL TABLE ${words} USING fts5(words, ${options})`);
  if (!filled) return;
  for (const row of database.statement(`SELECT n, doc FROM "${spec.name}"`).iterate()) {
    const doc: unknown = JSON.parse(String(row['doc']));
    const found = searchWords(spec, asDocument<{ readonly _id: string } & Tree>(doc));
    database.run(`INSERT INTO ${words} (rowid, words) VALUES (?, ?)`, Number(row['n']), found.join(' '));
  }
}
