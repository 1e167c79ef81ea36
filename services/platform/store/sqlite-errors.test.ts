import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { fromSqlite } from './sqlite-errors.ts';

function failureOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return fromSqlite(error);
  }
  return undefined;
}

it('says that the store is unavailable where the disk is full', () => {
  const database = new DatabaseSync(':memory:');
  database.exec('PRAGMA max_page_count = 4; CREATE TABLE t (x)');
  const fill = () => database.prepare('INSERT INTO t VALUES (?)').run('x'.repeat(100_000));
  expect(failureOf(fill)).toMatchObject({ code: 'store_unavailable', cause: { errcode: 13 } });
});

it('says that a document is too large where SQLite itself says so', () => {
  const database = new DatabaseSync(':memory:', { limits: { length: 1000 } });
  expect(failureOf(() => database.prepare('SELECT ?').get('x'.repeat(2000)))).toMatchObject({
    code: 'document_too_large',
  });
});

it('leaves mistakes of ours as they are', () => {
  const database = new DatabaseSync(':memory:');
  expect(failureOf(() => database.exec('SELECT nothing'))).toMatchObject({ errcode: 1 });
  expect(failureOf(() => JSON.parse('{'))).toBeInstanceOf(SyntaxError);
});
