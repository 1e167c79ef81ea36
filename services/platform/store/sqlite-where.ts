import type { SQLInputValue } from 'node:sqlite';
import type { Bound, Sort } from './cursor.ts';
import { type SqliteTable, valueAt } from './sqlite-table.ts';
import type { Scalar } from './store.ts';
import type { Term } from './where.ts';

/** A condition in SQL, and the values of its question marks. */
export interface SqlCondition {
  readonly sql: readonly string[];
  readonly values: readonly SQLInputValue[];
}

const sqlValue = (value: Scalar): SQLInputValue => (typeof value === 'boolean' ? Number(value) : value);

const operators = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** SQLite orders all numbers before all text; a range keeps to its own type, as MongoDB's do. */
const sameType = (at: string, bound: Scalar): string =>
  typeof bound === 'string' ? `typeof(${at}) = 'text'` : `typeof(${at}) IN ('integer', 'real')`;

/** The terms of a query; `absent` has no place in one. */
export function sqlWhere(table: SqliteTable, terms: readonly Term[]): SqlCondition {
  const sql: string[] = [];
  const values: SQLInputValue[] = [];
  for (const term of terms) {
    const at = valueAt(table, term.path);
    if (term.kind === 'equal') {
      sql.push(`${at} = ?`);
      values.push(sqlValue(term.value));
    } else if (term.kind === 'in') {
      sql.push(`${at} IN (SELECT value FROM json_each(?))`);
      values.push(JSON.stringify(term.values));
    } else if (term.kind === 'range') {
      for (const bound of ['gt', 'gte', 'lt', 'lte'] as const) {
        const value = term.range[bound];
        if (value === undefined) continue;
        sql.push(`${at} ${operators[bound]} ?`, sameType(at, value));
        values.push(sqlValue(value));
      }
    } else {
      throw new Error(`"${term.path}": a query cannot ask for what is absent.`);
    }
  }
  return { sql, values };
}

/** One stretch of what follows a cursor. */
export function sqlStretch(table: SqliteTable, sort: Sort, bounds: readonly Bound[]): SqlCondition {
  const sql: string[] = [];
  const values: SQLInputValue[] = [];
  for (const bound of bounds) {
    const at = valueAt(table, bound.path);
    if (bound.is === 'null') sql.push(`${at} IS NULL`);
    else if (bound.is === 'present') sql.push(`${at} IS NOT NULL`);
    else if (bound.is === 'equal' || bound.is === 'after') {
      sql.push(`${at} ${bound.is === 'equal' ? '=' : sort.direction === 'asc' ? '>' : '<'} ?`);
      values.push(sqlValue(bound.value));
    }
  }
  return { sql, values };
}

export const sqlOrder = (table: SqliteTable, sort: Sort): string =>
  sort.by.map((path) => `${valueAt(table, path)} ${sort.direction}`).join(', ');

/** ` WHERE …` of all conditions together; nothing where there are none. */
export const whereClause = (...conditions: readonly SqlCondition[]): string => {
  const all = conditions.flatMap((condition) => condition.sql);
  return all.length > 0 ? ` WHERE ${all.join(' AND ')}` : '';
};
