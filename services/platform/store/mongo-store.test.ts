import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, describe, expect, inject, it } from 'vitest';
import { freePort } from '#scripts/programs/free-port.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { type TestServer, waitFor } from '#tests/servers/child.ts';
import { startMongo } from '#tests/servers/programs.ts';
import { openMongoStore } from './mongo-store.ts';
import { openStore } from './open-store.ts';
import { describeStore } from './store.contract.ts';
import type { Store } from './store.ts';
import { thingSpec } from './store-things.ts';

const { logger } = collectingLogger();
const shared = inject('mongodbUri') ?? '';

/** The shared server's URI with another database. */
function withDatabase(name: string): string {
  const uri = new URL(shared);
  uri.pathname = `/${name}`;
  return uri.href;
}

const databases: string[] = [];
function ownDatabase(): string {
  const name = `store-${randomUUID()}`;
  databases.push(name);
  return withDatabase(name);
}

const onClient = async <R>(work: (client: MongoClient) => Promise<R>): Promise<R> => {
  const client = new MongoClient(shared);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
};

const isFerret =
  shared !== '' &&
  (await onClient((client) => client.db('admin').command({ buildInfo: 1 })))['ferretdbVersion'] !== undefined;

describe.skipIf(!shared)('on the shared server', () => {
  afterAll(() =>
    onClient(async (client) => {
      for (const name of databases) await client.db(name).dropDatabase();
    }),
  );

  describeStore('MongoStore', {
    open: () => openMongoStore({ uri: ownDatabase(), logger }),
    exceptions: isFerret ? { 'keeps lists within lists': 'FerretDB 1 refuses nested arrays; MongoDB takes them.' } : {},
  });

  it('says once what the server lacks, and does without', async () => {
    const { logger, lines } = collectingLogger();
    const store = await openMongoStore({ uri: ownDatabase(), logger });
    await store.prepare([thingSpec('one'), thingSpec('two')]);
    for (const name of ['one', 'two']) {
      await store.collection(thingSpec(name)).insert({ _id: 'a' });
      await store.collection(thingSpec(name)).update('a', { set: { n: 1 } }, {}, ['n']);
    }
    await store.close();
    const warnings = lines.filter((line) => line.level === 'warn').map((line) => line.message);
    expect(warnings).toHaveLength(new Set(warnings).size);
    expect(warnings).toHaveLength(isFerret ? 3 : 0);
  });

  it('prepares one database from several processes at once', async () => {
    const uri = ownDatabase();
    const stores = await Promise.all([1, 2, 3, 4].map(() => openMongoStore({ uri, logger })));
    await Promise.all(stores.map((store) => store.prepare([thingSpec('things')])));
    const claims = stores.map((store) =>
      store.collection(thingSpec('things')).insert({ _id: randomUUID(), slot: 's' }),
    );
    const outcomes = await Promise.allSettled(claims);
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('takes documents that others put into the database', async () => {
    const uri = ownDatabase();
    const store = await openMongoStore({ uri, logger });
    await onClient(async (client) => {
      const records = client.db(new URL(uri).pathname.slice(1)).collection<{ _id: string }>('things');
      await records.insertOne({ _id: 'a', title: 'imported', n: 1 } as { _id: string });
    });
    await store.prepare([thingSpec('things')]);
    const things = store.collection(thingSpec('things'));
    expect((await things.search('import', { where: {}, limit: 1 })).items).toEqual([
      { _id: 'a', title: 'imported', n: 1 },
    ]);
    expect(await things.update('a', { increment: { n: 1 } }, { n: 1 })).toEqual({ _id: 'a', title: 'imported', n: 2 });
    await store.close();
  });

  it('says that the store is unavailable once it was closed', async () => {
    const store = await openStore({ kind: 'servers', mongodbUri: ownDatabase(), redisUrl: '' }, { logger });
    const things = store.collection(thingSpec('things'));
    expect(await things.get('a')).toBeUndefined();
    await store.close();
    await store.close();
    const calls = [things.get('a'), things.insert({ _id: 'a' }), things.update('a', {}), store.ping()];
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'store_unavailable' } });
    }
  });
});

it('says within about 2 seconds that no server is there', async () => {
  const started = performance.now();
  const opening = openMongoStore({ uri: `mongodb://127.0.0.1:${await freePort()}/`, logger });
  await expect(opening).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(performance.now() - started).toBeLessThan(4000);
});

it('refuses a URI that is none', async () => {
  await expect(openMongoStore({ uri: 'http://127.0.0.1/', logger })).rejects.toThrow('scheme');
});

describe.skipIf(!inject('canStartMongo'))('with a server of its own', () => {
  const ends: Array<() => unknown> = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  const start = async (place: { port: number; dir: string }): Promise<TestServer> => {
    const server = await startMongo(place);
    if (!server) throw new Error('There is no MongoDB to start.');
    ends.push(() => server.stop());
    return server;
  };

  const own = async () => {
    const place = { port: await freePort(), dir: await mkdtemp(join(tmpdir(), 'lamplight-mongo-')) };
    ends.push(() => rm(place.dir, { recursive: true, force: true }));
    const server = await start(place);
    const store: Store = await openMongoStore({ uri: server.url, logger });
    ends.push(() => store.close());
    await store.prepare([thingSpec('things')]);
    return { place, server, store, things: store.collection(thingSpec('things')) };
  };

  it('names the database lamplight where the URI names none', async () => {
    const { server, things } = await own();
    await things.insert({ _id: 'a' });
    const client = new MongoClient(server.url);
    ends.push(() => client.close());
    expect(await client.db('lamplight').collection('things').countDocuments()).toBe(1);
  });

  it('fails within about 2 seconds while the server is away, and goes on by itself after its restart', async () => {
    const { place, server, store, things } = await own();
    await things.insert({ _id: 'a', n: 1 });
    await server.kill();
    const started = performance.now();
    const calls = [
      things.get('a'),
      things.update('a', { set: { n: 2 } }),
      things.find({ where: {}, limit: 1 }),
      things.insert({ _id: 'b' }),
    ];
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'store_unavailable', retryAfter: 2 } });
    }
    expect(performance.now() - started).toBeLessThan(5000);
    await expect(store.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
    await start(place);
    await waitFor(
      () =>
        store.ping().then(
          () => true,
          () => false,
        ),
      { what: 'the store to be back' },
    );
    expect(await things.update('a', { increment: { n: 1 } }, { n: 1 })).toEqual({ _id: 'a', n: 2 });
  });

  it('gives up on a server that froze', async () => {
    const { server, store, things } = await own();
    await things.insert({ _id: 'a' });
    server.process.kill('SIGSTOP');
    ends.push(() => server.process.kill('SIGCONT'));
    const away = () => store.ping().catch((error: unknown) => error);
    expect(await waitFor(away, { what: 'a ping to fail' })).toMatchObject({ code: 'store_unavailable' });
    const started = performance.now();
    await away();
    expect(performance.now() - started).toBeLessThan(1500);
    await expect(things.get('a')).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(performance.now() - started).toBeLessThan(12_000);
    server.process.kill('SIGCONT');
    await waitFor(() => things.get('a').catch(() => undefined), { what: 'the store to be back' });
  });
});
