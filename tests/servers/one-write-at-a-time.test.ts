import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { TestServer } from './child.ts';
import { startMongo } from './programs.ts';

describe.skipIf(!inject('canStartMongo'))('startMongo', () => {
  let server: TestServer | undefined;
  const clients: MongoClient[] = [];
  beforeAll(async () => {
    server = await startMongo();
    clients.push(new MongoClient(server?.url ?? ''), new MongoClient(server?.url ?? ''));
  });
  afterAll(async () => {
    for (const client of clients) await client.close();
    await server?.stop();
  });

  it('loses none of the concurrent updates of several clients', async () => {
    const [first, second] = clients.map((client) =>
      client.db('test').collection<{ _id: string; n: number }>('counters'),
    );
    await first?.insertOne({ _id: 'a', n: 0 });
    const updates = Array.from({ length: 100 }, (_, n) =>
      (n % 2 ? first : second)?.updateOne({ _id: 'a' }, { $inc: { n: 1 } }),
    );
    await Promise.all(updates);
    expect(await first?.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 100 });
  });

  it('passes on messages of any size', async () => {
    const large = clients[0]?.db('test').collection<{ _id: string; text: string }>('large');
    await large?.insertOne({ _id: 'a', text: 'x'.repeat(5_000_000) });
    expect((await large?.findOne({ _id: 'a' }))?.text.length).toBe(5_000_000);
  });

  it('lets go of what a lost client was writing', async () => {
    const counters = clients[0]?.db('test').collection<{ _id: string; n: number }>('counters');
    const other = new MongoClient(server?.url ?? '');
    const writing = Array.from({ length: 50 }, () =>
      other
        .db('test')
        .collection<{ _id: string; n: number }>('counters')
        .updateOne({ _id: 'a' }, { $inc: { n: 1 } }),
    );
    await writing[0];
    await other.close();
    await Promise.allSettled(writing);
    expect((await counters?.updateOne({ _id: 'a' }, { $set: { n: 0 } }))?.matchedCount).toBe(1);
  });
});
