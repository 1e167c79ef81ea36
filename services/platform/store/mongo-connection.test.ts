import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { describe, expect, inject, it } from 'vitest';
import { freePort } from '#scripts/programs/free-port.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { waitFor } from '#tests/servers/child.ts';
import { MongoConnection } from './mongo-connection.ts';

const shared = inject('mongodbUri') ?? '';
const clientCount = 6;
const callersEach = 8;
const rounds = 2;

/** Stands before the shared server, and breaks all connections at once as a server does that is killed. */
async function breakableFront(port: number): Promise<{ breakAll(): Promise<void>; open(): Promise<void> }> {
  const target = new URL(shared);
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  const relay = (client: Socket) => {
    const inner = connect(Number(target.port || 27017), target.hostname);
    for (const [from, to] of [
      [client, inner],
      [inner, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => from.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  };
  const open = async () => {
    server = createServer(relay).listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await open();
  return {
    open,
    breakAll: async () => {
      const closed = server && once(server, 'close');
      server?.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

describe.skipIf(!shared)('MongoConnection', () => {
  it('finds its server again after all connections broke while they were in use', async () => {
    const { logger } = collectingLogger();
    const port = await freePort();
    const front = await breakableFront(port);
    const connections = Array.from(
      { length: clientCount },
      () => new MongoConnection(`mongodb://127.0.0.1:${port}/connection-${port}`, logger),
    );
    const ask = (connection: MongoConnection) => connection.run((database) => database.command({ ping: 1 }));
    const answers = async (connection: MongoConnection) => {
      try {
        return Boolean(await ask(connection));
      } catch {
        return false;
      }
    };
    await Promise.all(connections.map((connection) => connection.open()));
    let busy = true;
    const keepBusy = async (connection: MongoConnection) => {
      while (busy) {
        await answers(connection);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const callers = connections.flatMap((one) => Array.from({ length: callersEach }, () => keepBusy(one)));
    for (let round = 0; round < rounds; round += 1) {
      const begun = performance.now();
      // Where its last heartbeat is half a second old, the driver begins another as soon as a connection breaks: that one stands still.
      await waitFor(() => performance.now() - begun > 700);
      await front.breakAll();
      await waitFor(async () => !(await answers(connections[0] as MongoConnection)));
      await front.open();
      const found = connections.map((one) => waitFor(() => answers(one), { what: 'the server', timeoutMs: 15_000 }));
      await expect(Promise.all(found)).resolves.toHaveLength(clientCount);
    }

    busy = false;
    await Promise.all(connections.map((one) => one.close()));
    await Promise.all(callers);
    await front.breakAll();
  }, 60_000);

  it('finds a server that was away when it was first asked', async () => {
    const { logger } = collectingLogger();
    const port = await freePort();
    const connection = new MongoConnection(`mongodb://127.0.0.1:${port}/connection-${port}`, logger);
    const ask = () => connection.run((database) => database.command({ ping: 1 }));
    const refused = await Promise.allSettled([ask(), ask()]);
    expect(refused.map((one) => one.status)).toEqual(['rejected', 'rejected']);
    await expect(ask()).rejects.toMatchObject({ code: 'store_unavailable' });

    const front = await breakableFront(port);
    await expect(Promise.all([ask(), ask()])).resolves.toHaveLength(2);
    await connection.close();
    await front.breakAll();
    await expect(ask()).rejects.toMatchObject({ code: 'store_unavailable' });
  }, 20_000);
});
