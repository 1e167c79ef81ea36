import { accessSync, constants } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from '#scripts/programs/free-port.ts';
import { startServer, type TestServer } from './child.ts';
import { oneWriteAtATime } from './one-write-at-a-time.ts';

/** The first of `names` that is a program on the PATH. */
export function findProgram(...names: string[]): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of names) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not in this folder.
      }
    }
  }
  return undefined;
}

export const findChromium = (): string | undefined =>
  findProgram('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable');

const temporaryFolder = (name: string): Promise<string> => mkdtemp(join(tmpdir(), `lamplight-${name}-`));

export interface ServerPlace {
  readonly port?: number;
  /** Where it keeps its data; start again with the same to have the same data. */
  readonly dir?: string;
}

/** A private Redis as Lamplight wants it (`noeviction`), without saving unless `args` say so; undefined where none is installed. */
export async function startRedis(place: ServerPlace = {}, args: string[] = []): Promise<TestServer | undefined> {
  const program = findProgram('redis-server');
  if (!program) return undefined;
  const port = place.port ?? (await freePort());
  const dir = place.dir ?? (await temporaryFolder('redis'));
  const settings = ['--bind', '127.0.0.1', '--save', '', '--maxmemory-policy', 'noeviction', '--dir', dir];
  return startServer(program, ['--port', String(port), ...settings, ...args], {
    port,
    url: `redis://127.0.0.1:${port}`,
  });
}

/**
 * A private MongoDB, or a server that speaks its protocol; undefined where none is installed. `byId`: that server finds what a
 * conditional write is about as fast as MongoDB does, by judging the condition before it; not for tests of conditions.
 */
export async function startMongo(
  place: ServerPlace = {},
  stand: { readonly byId?: boolean } = {},
): Promise<TestServer | undefined> {
  const program = findProgram('mongod', 'mongo-test-server');
  if (!program) return undefined;
  const port = place.port ?? (await freePort());
  const dir = place.dir ?? (await temporaryFolder('mongodb'));
  const url = `mongodb://127.0.0.1:${port}/`;
  if (program.endsWith('mongod')) {
    return startServer(program, ['--port', String(port), '--dbpath', dir, '--bind_ip', '127.0.0.1'], { port, url });
  }
  const inner = await freePort();
  const server = await startServer(program, [`127.0.0.1:${inner}`, dir], { port: inner, url });
  const front = await oneWriteAtATime(port, inner, stand);
  const ending = (end: () => Promise<void>) => async () => {
    await Promise.all([end(), front.close()]);
  };
  return { ...server, stop: ending(server.stop), kill: ending(server.kill) };
}

/** The same server, with a database of our own. */
export function databaseOf(uri: string, name: string): string {
  const url = new URL(uri);
  url.pathname = `/${name}`;
  return url.href;
}
