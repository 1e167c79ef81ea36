import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { exitOf } from '../prepare/run.mjs';
import type { Summary } from './result/summarise.js';

export interface LoadRun {
  readonly out: string;
  /** What it said on stdout and stderr so far. */
  said(): string;
  /** As Ctrl-C does. */
  interrupt(): void;
  readonly ended: Promise<LoadResult>;
}

export interface LoadResult {
  readonly code: number;
  readonly said: string;
  /** Undefined where k6 wrote none. */
  readonly summary: Summary | undefined;
  readonly junit: string | undefined;
}

/** `npm run load -- …` without npm, for tests: results go to a folder of their own. */
export async function startLoad(k6: string, args: readonly string[]): Promise<LoadRun> {
  const out = await mkdtemp(join(tmpdir(), 'lamplight-load-'));
  const file = join(import.meta.dirname, '../load.ts');
  const child = spawn(process.execPath, [file, ...args, '--out', out], {
    env: { PATH: dirname(k6), HOME: tmpdir() },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const keep = (chunk: Buffer) => {
    text += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const read = (name: string) => readFile(join(out, name), 'utf8').catch(() => undefined);
  const result = async (): Promise<LoadResult> => {
    const code = await exitOf(child);
    const summary = await read('summary.json');
    return {
      code,
      said: text,
      summary: summary === undefined ? undefined : (JSON.parse(summary) as Summary),
      junit: await read('junit.xml'),
    };
  };
  return { out, said: () => text, interrupt: () => child.kill('SIGINT'), ended: result() };
}

export interface Meddler {
  readonly port: number;
  /** How many times it changed something. */
  changes(): number;
  close(): Promise<void>;
}

/** A proxy of plain TCP that hands what the server says through `change`, after `delayMs`. */
export async function startMeddler(target: number, change: (said: string) => string, delayMs = 0): Promise<Meddler> {
  const sockets = new Set<Socket>();
  let changes = 0;
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true).on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    client.pipe(upstream);
    upstream.on('data', (chunk) => {
      // Latin 1 keeps every byte as it is, those of longer characters too.
      const said = chunk.toString('latin1');
      const changed = change(said);
      if (changed !== said) changes += 1;
      setTimeout(() => client.write(Buffer.from(changed, 'latin1')), delayMs);
    });
    upstream.on('end', () => setTimeout(() => client.end(), delayMs));
    client.on('close', () => upstream.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    changes: () => changes,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
