import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#scripts/programs/free-port.ts';
import { waitFor } from '#tests/servers/child.ts';
import { endOfLog, hasEnded, spawnLogged } from '#tests/servers/lamplight-process.ts';
import { rest } from './measured.ts';
import { residentBytes } from './process-figures.ts';

export interface ColdStart {
  /** From the start of the process to the first 200, in ms. */
  readonly readyMs: number;
  readonly healthMs: number;
  /** In bytes, after `restMs` without a request. */
  readonly idle: number;
}

const restMs = 5_000;
const pollMs = 3;

/** Starts the standalone process as on its first day: no data, an empty folder for temporary files, no compile cache. */
export async function coldStart(): Promise<ColdStart> {
  const dir = await mkdtemp(join(tmpdir(), 'lamplight-cold-'));
  const [port, opsPort] = [await freePort(), await freePort()];
  const env = { PORT: String(port), OPS_PORT: String(opsPort), DATA_DIR: join(dir, 'data'), TMPDIR: dir };
  const logFile = join(dir, 'log');
  const begin = performance.now();
  const child = spawnLogged('services/standalone/main.ts', [], { env, dir, logFile });
  try {
    const firstOk = (url: string) => firstOkAt(url, child, logFile).then((at) => at - begin);
    const [readyMs, healthMs] = await Promise.all([
      firstOk(`http://127.0.0.1:${opsPort}/readyz`),
      firstOk(`http://127.0.0.1:${port}/health`),
    ]);
    await rest(restMs);
    return { readyMs, healthMs, idle: child.pid === undefined ? 0 : residentBytes(child.pid) };
  } finally {
    const exit = once(child, 'exit');
    if (!hasEnded(child)) {
      child.kill('SIGTERM');
      await exit;
    }
  }
}

async function firstOkAt(url: string, child: ChildProcess, logFile: string): Promise<number> {
  const ok = () => {
    if (hasEnded(child)) throw new Error(`The process ended before it answered:\n${endOfLog(logFile)}`);
    return isOk(url);
  };
  await waitFor(ok, { what: url, timeoutMs: 30_000, everyMs: pollMs });
  return performance.now();
}

const isOk = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    get(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', () => resolve(false));
  });
