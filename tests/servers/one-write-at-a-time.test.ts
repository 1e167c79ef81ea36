import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { BSON, MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freePort } from '#scripts/programs/free-port.ts';
import { type TestServer, waitFor } from './child.ts';
import { oneWriteAtATime } from './one-write-at-a-time.ts';
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

describe.skipIf(!inject('canStartMongo'))('commands by `_id`', () => {
  it('find and change a document under the conditions beside its `_id`, and no other', async () => {
    const server = await startMongo({}, { byId: true });
    const client = new MongoClient(server?.url ?? '');
    try {
      const things = client.db('test').collection<{ _id: string; kind: string; n: number }>('things');
      await things.insertMany([
        { _id: 'a', kind: 'odd', n: 1 },
        { _id: 'b', kind: 'even', n: 2 },
      ]);
      expect(await things.findOne({ _id: 'a', kind: 'odd', n: { $lte: 1 } }, { projection: { n: 1 } })).toEqual({
        ...{ _id: 'a', n: 1 },
      });
      expect(await things.findOne({ _id: 'a', kind: 'even' })).toBeNull();
      expect(await things.findOne({ _id: 'c', kind: 'odd' })).toBeNull();
      expect((await things.updateOne({ _id: 'a', n: { $gt: 1 } }, { $inc: { n: 1 } })).matchedCount).toBe(0);
      expect((await things.updateOne({ _id: 'b', n: { $gt: 1 } }, { $inc: { n: 1 } })).matchedCount).toBe(1);
      expect(await things.find().sort({ _id: 1 }).toArray()).toEqual([
        { _id: 'a', kind: 'odd', n: 1 },
        { _id: 'b', kind: 'even', n: 3 },
      ]);
    } finally {
      await client.close();
      await server?.stop();
    }
  });
});

/** A command as the wire protocol's OP_MSG. */
function message(command: Record<string, unknown>): Buffer {
  const body = Buffer.from(BSON.serialize(command));
  const head = Buffer.alloc(21);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(2013, 12);
  return Buffer.concat([head, body]);
}

describe('writes in turn', () => {
  it.each([
    [true, 1],
    [false, 2],
  ])('(%s) have %d inserts of different documents at the server at a time', async (inTurn, together) => {
    const arrived: { socket: Socket; what: string }[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => {}); // the guard lets go of it at the end
      socket.on('data', (data) => arrived.push({ socket, what: data.includes('insert') ? 'insert' : 'ping' }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const count = (what: string) => arrived.filter((each) => each.what === what).length;
    const port = await freePort();
    const guard = await oneWriteAtATime(port, (server.address() as AddressInfo).port, { inTurn });
    const clients: Socket[] = [];
    for (const number of [1, 2, 3]) {
      const client = connect(port, '127.0.0.1').on('error', () => {});
      client.write(message({ ping: 1, $db: 'test' }));
      await waitFor(() => count('ping') === number, { what: 'a way to the server' });
      clients.push(client);
    }
    const [first, second, other] = clients;
    first?.write(message({ insert: 'things', documents: [{ _id: 'a' }], $db: 'test' }));
    second?.write(message({ insert: 'things', documents: [{ _id: 'b' }], $db: 'test' }));
    // What is no write waits for none: once this has come, an insert that need not wait has come before it.
    other?.write(message({ ping: 1, $db: 'test' }));
    await waitFor(() => count('ping') === 4 && count('insert') > 0, { what: 'the last ping' });
    expect(count('insert')).toBe(together);
    arrived.find(({ what }) => what === 'insert')?.socket.write(message({ ok: 1 }));
    await waitFor(() => count('insert') === 2, { what: 'the second, after the reply to the first' });
    for (const client of clients) client.destroy();
    await guard.close();
    server.close();
  });
});

describe('a write whose client has gone', () => {
  it('keeps its document until the server has answered it: a server that stood still still writes it', async () => {
    const arrived: { socket: Socket; n: number }[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => {}); // the guard lets go of it at the end
      socket.on('data', (data) => arrived.push({ socket, n: BSON.deserialize(data.subarray(21))['n'] }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = await freePort();
    const guard = await oneWriteAtATime(port, (server.address() as AddressInfo).port);
    const write = (n: number) =>
      message({ update: 'things', updates: [{ q: { _id: 'a' }, u: { $set: { n } } }], n, $db: 'test' });
    const came = (n: number) => arrived.find((each) => each.n === n);
    const [first, second] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1').on('error', () => {})];
    first.write(write(1));
    await waitFor(() => came(1) !== undefined, { what: 'the first write' });
    first.destroy();
    await once(first, 'close');
    second.write(write(2));
    // A read is never held up: once it has come, so would have what was written before it and need not wait.
    const reader = connect(port, '127.0.0.1').on('error', () => {});
    reader.write(message({ find: 'things', n: 3, $db: 'test' }));
    await waitFor(() => came(3) !== undefined, { what: 'a read' });
    expect(came(2)).toBeUndefined();
    came(1)?.socket.write(message({ ok: 1 }));
    await waitFor(() => came(2) !== undefined, { what: 'the second write, after the reply to the first' });
    for (const client of [second, reader]) client.destroy();
    await guard.close();
    server.close();
  });
});
