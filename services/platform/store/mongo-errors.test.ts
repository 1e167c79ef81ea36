import { MongoBulkWriteError, MongoNetworkError, MongoNotConnectedError, MongoServerError } from 'mongodb';
import { expect, it } from 'vitest';
import { AppError } from '#platform/errors.ts';
import { fromMongo } from './mongo-errors.ts';

const fromServer = (code: number, errorLabels: string[] = []): MongoServerError =>
  new MongoServerError({ message: 'no', errmsg: 'no', code, errorLabels });

it.each([
  ['a duplicate key', fromServer(11000), 'conflict'],
  [
    'a unique key in an update of FerretDB',
    new MongoServerError({ errmsg: 'UNIQUE constraint failed: t.x', code: 1 }),
    'conflict',
  ],
  ['a document over the size of BSON', fromServer(10334), 'document_too_large'],
  ['an update that grows one over it', fromServer(17419), 'document_too_large'],
  ['a server that is no longer the primary', fromServer(10107), 'store_unavailable'],
  ['a majority that did not answer', fromServer(64), 'store_unavailable'],
  ['what the server marks as passing', fromServer(5_000_000, ['RetryableWriteError']), 'store_unavailable'],
  ['a connection that was lost', new MongoNetworkError('gone'), 'store_unavailable'],
  [
    'a write of FerretDB that waited too long',
    new MongoServerError({ errmsg: 'locked (5) (SQLITE_BUSY)', code: 1 }),
    'store_unavailable',
  ],
  ['a client without a connection', new MongoNotConnectedError('gone'), 'store_unavailable'],
  ['a socket that the driver lets through', Object.assign(new Error('ended'), { code: 'EPIPE' }), 'store_unavailable'],
])('tells %s by its code', (_, error, code) => {
  expect(fromMongo(error)).toMatchObject({ code, cause: error });
});

it('tells what an insert of several met as a whole', () => {
  const lost = new MongoNetworkError('connection 7 timed out');
  const bulk = Reflect.construct(MongoBulkWriteError, [lost, { insertedCount: 0 }]);
  expect(fromMongo(bulk)).toMatchObject({ code: 'store_unavailable', cause: lost });
  const refused = Reflect.construct(MongoBulkWriteError, [fromServer(11000), { insertedCount: 0 }]);
  expect(fromMongo(refused)).toMatchObject({ code: 'conflict' });
});

it('leaves other errors as they are', () => {
  for (const error of [fromServer(2), new TypeError('ours'), new AppError('conflict'), 'text']) {
    expect(fromMongo(error)).toBe(error);
  }
});
