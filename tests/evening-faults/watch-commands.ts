import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type Connection, connectionOf } from '#tests/servers/connection.ts';
import { commandIn, commandNameIn, eachMessage } from '#tests/servers/mongo-messages.ts';

/** A write on its way to the database. */
export interface Command {
  readonly name: 'insert' | 'update' | 'findAndModify';
  readonly collection: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Each says whether the caller was ended: then nothing more of its connection goes on. `from` is the caller's connection. */
export interface CommandWatch {
  /** Before the database has the command. */
  before(command: Command, from: Connection): Promise<boolean>;
  /** Once the database has done it, before the caller knows. */
  after(command: Command, from: Connection): Promise<boolean>;
}

/** Stands before a MongoDB and shows each write of single documents, before and after. */
export async function watchCommands(
  serverPort: number,
  watch: CommandWatch,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const listener = createServer((client) => relay(client, connect(serverPort, '127.0.0.1'), sockets, watch));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    async close() {
      const closed = once(listener, 'close');
      listener.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function relay(client: Socket, server: Socket, sockets: Set<Socket>, watch: CommandWatch): void {
  const from = connectionOf(client);
  /** What the database was asked last, where its reply is watched: a driver asks one thing at a time of a connection. */
  let asked: Command | undefined;
  const end = () => {
    client.destroy();
    server.destroy();
  };
  for (const socket of [client, server]) {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', end);
    socket.on('close', () => {
      sockets.delete(socket);
      end();
    });
  }
  inTurn(client, end, async (message) => {
    const command = commandOf(message);
    if (command && (await watch.before(command, from))) return end();
    asked = command;
    server.write(message);
  });
  inTurn(server, end, async (message) => {
    const command = asked;
    asked = undefined;
    if (command && (await watch.after(command, from))) return end();
    client.write(message);
  });
}

function inTurn(socket: Socket, end: () => void, take: (message: Buffer) => Promise<void>): void {
  let before = Promise.resolve();
  eachMessage(socket, (message) => {
    before = before.then(() => (socket.destroyed ? undefined : take(message))).catch(end);
  });
}

function commandOf(message: Buffer): Command | undefined {
  const name = commandNameIn(message);
  if (name !== 'insert' && name !== 'update' && name !== 'findAndModify') return undefined;
  const body = commandIn(message);
  return { name, collection: String(body[name]), body };
}
