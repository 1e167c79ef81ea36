import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** An open file with its prepared statements. Each statement is one shape of query: their number is the code's, not the data's. */
export class SqliteDatabase {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(file: string, { busyTimeoutMs, readOnly = false }: { busyTimeoutMs: number; readOnly?: boolean }) {
    this.#database = new DatabaseSync(file, { timeout: busyTimeoutMs, readOnly });
  }

  statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  all(sql: string, values: readonly SQLInputValue[]): Array<Record<string, unknown>> {
    return this.statement(sql).all(...values);
  }

  get(sql: string, ...values: SQLInputValue[]): Record<string, unknown> | undefined {
    return this.statement(sql).get(...values);
  }

  /** How many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.statement(sql).run(...values).changes);
  }

  execute(sql: string): void {
    this.#database.exec(sql);
  }

  /** All of `work` or nothing of it; nothing else runs meanwhile, since `work` is synchronous. */
  atomically<T>(work: () => T): T {
    this.run('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.run('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.run('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }
}
