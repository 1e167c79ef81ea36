import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';

export interface Control {
  readonly url: string;
  /** From now on the people in the test begin nothing new. k6 itself would cut their answers off. */
  callOff(): void;
  close(): Promise<void>;
}

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Where the people in the test ask, before each message, whether to go on. */
export async function openControl(): Promise<Control> {
  let answer = 'go';
  const server = createServer((_, response) => response.end(answer));
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    callOff: () => {
      answer = 'end';
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** An address for k6's own interface: it takes none of its own choice. */
export async function freeAddress(): Promise<string> {
  const server = createTcpServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return `127.0.0.1:${port}`;
}
