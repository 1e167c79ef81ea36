import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A document as it is stored. */
export interface Stored {
  readonly collection: string;
  readonly doc: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** All that a standalone process has stored, read from beside it. */
export async function readStored(dataDir: string): Promise<readonly Stored[]> {
  const file = (await readdir(dataDir)).find((name) => /\.(sqlite|db)$/.test(name));
  if (file === undefined) throw new Error(`There is no database in ${dataDir}.`);
  const database = new DatabaseSync(join(dataDir, file), { readOnly: true, timeout: 5_000 });
  try {
    const tables = database.prepare(`SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
      WHERE m.type = 'table' AND c.name = 'doc'`);
    return tables.all().flatMap(({ name }) => {
      const rows = database.prepare(`SELECT doc FROM "${name}"`).all();
      return rows.map(({ doc }) => ({
        collection: String(name),
        text: String(doc),
        doc: JSON.parse(String(doc)) as Record<string, unknown>,
      }));
    });
  } finally {
    database.close();
  }
}
