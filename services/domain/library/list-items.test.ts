import { randomUUID } from 'node:crypto';
import { describe, inject } from 'vitest';
import { openMongoStore } from '#platform/store/mongo-store.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { describeLists } from './list-items.contract.ts';

const { logger } = collectingLogger();
const shared = inject('mongodbUri') ?? '';

describeLists('SQLite', () => openSqliteStore({ file: ':memory:', logger }));

describe.skipIf(!shared)('on the shared server', () => {
  describeLists('MongoDB', () => {
    const uri = new URL(shared);
    uri.pathname = `/library-${randomUUID()}`;
    return openMongoStore({ uri: uri.href, logger });
  });
});
