import { AppError, storeUnavailable } from '#platform/errors.ts';
import { documentTooLarge } from './documents.ts';

/** Primary result codes (https://www.sqlite.org/rescode.html) that mean: the file cannot be used now. */
const unavailable = new Set([
  5, // busy
  6, // locked
  7, // no memory
  8, // read only
  10, // input or output failed
  11, // corrupt
  13, // disk full
  14, // cannot open
  26, // not a database
]);
export const sqliteBusy = 5;
const tooBig = 18;
const primaryKeyExists = 1555;
const uniqueKeyExists = 2067;

/** SQLite's code of an error, with the extended part; -1 where it is not SQLite's. */
export const sqliteCode = (error: unknown): number =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : -1;

/** What the store's callers are told of an error of `node:sqlite`; other errors stay as they are. */
export function fromSqlite(error: unknown): unknown {
  const code = sqliteCode(error);
  if (code === primaryKeyExists || code === uniqueKeyExists)
    return new AppError('conflict', undefined, { cause: error });
  if (code >= 0 && unavailable.has(code & 0xff)) return storeUnavailable(error);
  if (code >= 0 && (code & 0xff) === tooBig) return documentTooLarge(error);
  const closed = error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE';
  return closed ? storeUnavailable(error) : error;
}
