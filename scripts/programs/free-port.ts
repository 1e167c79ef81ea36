import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that kernels give to outgoing connections: nobody takes one of these between this look and the start of a
 * server on it, nor while that server is down and started again.
 */
const range = [10_240, 32_000] as const;

/** Nobody may listen yet on one that was given a moment ago. */
const given = new Set<number>();

/** A port of 127.0.0.1 that nobody listens on now, and that this process gives to nobody else. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(...range);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`Found no free port from ${range.join(' to ')}.`);
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
