import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * FerretDB 1 on SQLite reads a document, changes it and writes it back without a lock, so that of two concurrent updates
 * one is lost. This stands before it and lets no two writes into collections of one name run at a time, which makes each
 * update atomic, as MongoDB's are.
 */
export async function oneWriteAtATime(port: number, serverPort: number): Promise<{ close(): Promise<void> }> {
  const locks = new Map<string, Promise<void>>();
  const sockets = new Set<Socket>();
  const listener = createServer((client) => relay(client, connect(serverPort, '127.0.0.1'), locks, sockets));
  listener.listen(port, '127.0.0.1');
  await once(listener, 'listening');
  return {
    async close() {
      const closed = once(listener, 'close');
      listener.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

const writes = new Set(['insert', 'update', 'delete', 'findAndModify']);

function relay(client: Socket, server: Socket, locks: Map<string, Promise<void>>, sockets: Set<Socket>): void {
  let answered: (() => void) | undefined;
  let inOrder = Promise.resolve();
  for (const [socket, other] of [
    [client, server],
    [server, client],
  ] as const) {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
      answered?.();
    });
  }
  const send = async (message: Buffer) => {
    const collection = writtenCollection(message);
    if (collection === undefined) {
      server.write(message);
      return;
    }
    const before = locks.get(collection);
    const done = Promise.withResolvers<void>();
    locks.set(
      collection,
      Promise.all([before, done.promise]).then(() => {}),
    );
    await before;
    if (!server.destroyed) {
      answered = done.resolve;
      server.write(message);
    } else done.resolve();
    await done.promise;
    answered = undefined;
  };
  eachMessage(client, (message) => {
    inOrder = inOrder.then(() => send(message));
  });
  eachMessage(server, (message) => {
    client.write(message);
    answered?.();
  });
}

/** The wire protocol's messages begin with their length: https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ */
function eachMessage(socket: Socket, take: (message: Buffer) => void): void {
  let chunks: Buffer[] = [];
  let size = 0;
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    for (;;) {
      if (size < 4) return;
      if (chunks[0] && chunks[0].length < 4) chunks = [Buffer.concat(chunks)];
      const length = chunks[0]?.readInt32LE(0) ?? 0;
      if (size < length) return;
      const all = Buffer.concat(chunks);
      take(all.subarray(0, length));
      chunks = [all.subarray(length)];
      size -= length;
    }
  });
}

/** The collection that an OP_MSG writes to: its first section begins with the command's name and the collection's. */
function writtenCollection(message: Buffer): string | undefined {
  const opMsg = 2013;
  if (message.readInt32LE(12) !== opMsg || message[20] !== 0 || message[25] !== 2) return undefined;
  const nameEnd = message.indexOf(0, 26);
  if (!writes.has(message.toString('utf8', 26, nameEnd))) return undefined;
  const length = message.readInt32LE(nameEnd + 1);
  return message.toString('utf8', nameEnd + 5, nameEnd + 4 + length);
}
