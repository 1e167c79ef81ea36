import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { startGuest } from './ask.ts';
import type { SocketsJob, SocketsResult } from './jobs.ts';
import { jsonOf, LeanConnection } from './lean-http.ts';
import type { Measured } from './measured.ts';

const openers = 8;
const readBuffer = Buffer.allocUnsafe(64 * 1024);
const pingOpcode = 0x89;
/** A pong without content, masked with zeros as a client must. */
const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/** Opens WebSockets, each for a guest of its own, and keeps them idle (answering pings) until `release` resolves. */
export async function openSockets(
  { target, sockets: wanted }: SocketsJob,
  measured: Measured,
  release: () => Promise<void>,
): Promise<SocketsResult> {
  const open = new Set<Socket>();
  let asked = 0;
  const opener = async () => {
    const api = await LeanConnection.open(target.apiUrl);
    while (asked < wanted) {
      asked += 1;
      const token = await startGuest(target.apiUrl, api);
      const headers = { authorization: `Bearer ${token}` };
      const { ticket } = jsonOf(await api.post('/api/auth/ticket', {}, headers));
      await openSocket(target.realtimeUrl, String(ticket), open);
    }
    api.close();
  };
  await measured(() => Promise.all(Array.from({ length: openers }, opener)));
  await release();
  const count = open.size;
  for (const socket of open) socket.destroy();
  return { open: count };
}

/** Resolves when the first frame (`ready`) is there. */
function openSocket(url: string, ticket: string, open: Set<Socket>): Promise<void> {
  const { hostname, port, host } = new URL(url);
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect({
      host: hostname,
      port: Number(port),
      onread: {
        buffer: readBuffer,
        callback: (size) => {
          if (open.has(socket)) {
            if (readBuffer[0] === pingOpcode) socket.write(pong);
            return true;
          }
          received += readBuffer.toString('latin1', 0, size);
          if (/"type":"ready".*\}$/.test(received)) {
            received = '';
            open.add(socket);
            resolve();
          } else if (!received.startsWith('HTTP/1.1 101')) reject(new Error(`A socket was refused: ${received}`));
          return true;
        },
      },
    });
    socket.once('error', reject);
    socket.once('close', () => {
      open.delete(socket);
      reject(new Error(`A socket was closed: ${received}`));
    });
    const lines = [
      `GET /ws?ticket=${ticket} HTTP/1.1`,
      `host: ${host}`,
      'connection: Upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      `sec-websocket-key: ${randomBytes(16).toString('base64')}`,
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  });
}
