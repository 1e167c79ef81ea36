import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '#scripts/programs/free-port.ts';
import type { TestServer } from './child.ts';
import { hasEnded } from './lamplight-process.ts';

/** A server that can be ended and started again on its port, with its data. */
export interface Restartable {
  readonly url: string;
  readonly pid: number | undefined;
  start(): Promise<void>;
  kill(): Promise<void>;
}

/** Starts a server that keeps its data in a folder of `parent`, under its name. */
export async function restartable(
  name: string,
  parent: string,
  startServer: (place: { port: number; dir: string }) => Promise<TestServer | undefined>,
): Promise<Restartable> {
  const dir = join(parent, name);
  await mkdir(dir);
  const port = await freePort();
  let server: TestServer | undefined;
  const start = async () => {
    if (server && !hasEnded(server.process)) return;
    server = await startServer({ port, dir });
  };
  await start();
  if (!server) throw new Error(`${name} cannot be started.`);
  const { url } = server;
  return {
    url,
    get pid() {
      return server && !hasEnded(server.process) ? server.process.pid : undefined;
    },
    start,
    kill: async () => {
      await server?.kill();
    },
  };
}
