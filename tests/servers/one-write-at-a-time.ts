import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { byIdCommand } from './answer-by-id.ts';
import { commandIn, commandNameIn, eachMessage } from './mongo-messages.ts';
import { WriteLocks, type WrittenPlace } from './write-locks.ts';

/**
 * FerretDB 1 on SQLite reads a document, changes it and writes it back without a lock, so that of two concurrent updates
 * one is lost. This stands before it and lets no two writes of one document run at a time, which makes each update atomic,
 * as MongoDB's are.
 */
export async function oneWriteAtATime(
  port: number,
  serverPort: number,
  {
    byId = false,
    inTurn = false,
    host = '127.0.0.1',
  }: {
    /** All writes follow each other, of whatever document: under load SQLite gives up those that it lets wait too long. */
    readonly inTurn?: boolean;
    /** Conditional updates and questions find their document by its `_id`, as MongoDB's do. */
    readonly byId?: boolean;
    /** The address to listen on. */
    readonly host?: string;
  } = {},
): Promise<{ close(): Promise<void> }> {
  const locks = new WriteLocks();
  const sockets = new Set<Socket>();
  const listener = createServer((client) =>
    relay({ client, server: connect(serverPort, '127.0.0.1'), locks, sockets, byId, inTurn }),
  );
  listener.listen(port, host);
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

const writes = new Set(['update', 'delete', 'findAndModify']);

interface Relay {
  readonly client: Socket;
  readonly server: Socket;
  readonly locks: WriteLocks;
  readonly sockets: Set<Socket>;
  readonly byId: boolean;
  readonly inTurn: boolean;
}

function relay({ client, server, locks, sockets, byId, inTurn }: Relay): void {
  let answered: (() => void) | undefined;
  /** Takes the reply to a question of our own. */
  let intercept: ((reply: Buffer | undefined) => void) | undefined;
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
      // What the server has been asked to write it still writes, however late: until then the place is taken.
      if (socket === client && answered) return;
      other.destroy();
      answered?.();
      intercept?.(undefined);
    });
  }
  const ask = (question: Buffer) => {
    const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
    intercept = resolve;
    server.write(question);
    return promise;
  };
  const gone = () => server.destroyed || client.destroyed;
  /** The message as the server finds its document soonest; undefined where there is nobody left to send it. */
  const prepared = async (message: Buffer) => {
    const command = byId ? byIdCommand(message) : undefined;
    const reply = command && !gone() ? await ask(command.read) : undefined;
    if (gone()) return undefined;
    return command && reply ? command.decide(reply) : message;
  };
  const send = async (message: Buffer) => {
    const place = inTurn ? anyWrite(message) : writtenPlace(message);
    if (place === undefined) {
      const question = await prepared(message);
      if (question) server.write(question);
      return;
    }
    const done = Promise.withResolvers<void>();
    await locks.take(place, done.promise);
    const write = await prepared(message);
    if (write) {
      answered = done.resolve;
      server.write(write);
    } else done.resolve();
    await done.promise;
    answered = undefined;
  };
  eachMessage(client, (message) => {
    inOrder = inOrder.then(() => send(message));
  });
  eachMessage(server, (message) => {
    if (intercept) {
      intercept(message);
      intercept = undefined;
      return;
    }
    if (client.destroyed) server.destroy();
    else client.write(message);
    answered?.();
  });
}

/** One and the same place for every write. */
const anyWrite = (message: Buffer): WrittenPlace | undefined => {
  const command = commandNameIn(message) ?? '';
  return writes.has(command) || command === 'insert' ? { collection: '' } : undefined;
};

/**
 * What an OP_MSG writes to; undefined where it does not, and for inserts, which read nothing. Its first section holds the
 * command: its name, the collection, and most often all the rest.
 */
function writtenPlace(message: Buffer): WrittenPlace | undefined {
  if (!writes.has(commandNameIn(message) ?? '')) return undefined;
  const command = commandIn(message);
  const [name = ''] = Object.keys(command);
  const changes: unknown[] = command['updates'] ?? command['deletes'] ?? [];
  const filter = name === 'findAndModify' ? command['query'] : changes.length === 1 ? Object(changes[0]).q : undefined;
  const id: unknown = Object(filter)._id;
  return { collection: `${command[name]}`, ...(typeof id === 'string' && { id }) };
}
