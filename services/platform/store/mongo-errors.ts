import {
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';
import { AppError, storeUnavailable } from '#platform/errors.ts';
import { documentTooLarge } from './documents.ts';

/** Codes of servers: https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml */
export const duplicateKey = 11000;
const notImplemented = 238;
const tooLarge = new Set([10334, 17419, 17420]);
const unavailable = new Set([
  6, // host unreachable
  7, // host not found
  24, // lock timeout
  50, // exceeded its time limit
  64, // write concern timed out
  89, // network timeout
  91, // shutting down
  100, // write concern cannot be satisfied
  189, // primary stepped down
  262, // exceeded its time limit
  9001, // socket exception
  10107, // not the writable primary
  11600, // interrupted at shutdown
  11602, // interrupted as the replica set's state changed
  13435, // not the primary
  13436, // not the primary, or recovering
]);

/** The driver's own errors that mean: no connection to a server that could do it. */
const unavailableNames = new Set([
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoClientClosedError',
  'MongoConnectionPoolClosedError',
  'MongoPoolClosedError',
  'MongoServerClosedError',
  'MongoWaitQueueTimeoutError',
  'MongoOperationTimeoutError',
  'MongoExpiredSessionError',
]);

/** What Node says of a connection that broke, where the driver passes it on as it is. */
const brokenConnection = new Set(['EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'ERR_STREAM_DESTROYED']);

const isBrokenConnection = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && brokenConnection.has(error.code);

/** FerretDB's words where it waited too long for another write. */
const stayedLocked = /\(SQLITE_BUSY\)/;

/** FerretDB's words where an update meets a unique key; its inserts say it as MongoDB does. */
const uniqueFailed = /UNIQUE constraint failed|constraint failed: UNIQUE/;

/** Whether a server does not know an option or operator. */
export const isNotImplemented = (error: unknown): boolean =>
  error instanceof MongoServerError && error.code === notImplemented;

/** What the store's callers are told of an error of the driver; other errors stay as they are. */
export function fromMongo(error: unknown): unknown {
  // Where an insert of several fails as a whole, the driver makes this of whatever error it was.
  const whole: unknown = error instanceof MongoBulkWriteError ? error.errorResponse : undefined;
  if (whole instanceof MongoError) return fromMongo(whole);
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return storeUnavailable(error);
  if (!(error instanceof MongoError)) return isBrokenConnection(error) ? storeUnavailable(error) : error;
  const code = typeof error.code === 'number' ? error.code : -1;
  if (code === duplicateKey || uniqueFailed.test(error.message))
    return new AppError('conflict', undefined, { cause: error });
  if (tooLarge.has(code)) return documentTooLarge(error);
  const passing = error.hasErrorLabel('RetryableWriteError') || error.hasErrorLabel('TransientTransactionError');
  const away = unavailable.has(code) || unavailableNames.has(error.name) || stayedLocked.test(error.message);
  return passing || away ? storeUnavailable(error) : error;
}
