import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '#scripts/programs/free-port.ts';
import { root } from '../prepare/project.mjs';
import { exitOf } from '../prepare/run.mjs';
import { defaultMessage } from './options.ts';
import type { SmokeReport } from './report.ts';
import { runSmoke } from './run-smoke.ts';

interface Outcome {
  readonly report: SmokeReport;
  /** The exit code of `npm start` after it was told to end. */
  readonly ended: number;
}

/** Runs `npm start` on free ports with its data in `dir`, acts as one person on it, and ends it. */
export async function startAndSmoke(dir: string): Promise<Outcome> {
  const [port, opsPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  // An empty key, and nothing of a .env file: the demo model answers.
  const settings = {
    PORT: `${port}`,
    OPS_PORT: `${opsPort}`,
    PUBLIC_URL: url,
    DATA_DIR: dir,
    OPENAI_API_KEY: '',
    HOST: '127.0.0.1',
  };
  const windows = process.platform === 'win32';
  const [program, args] = windows ? ['cmd.exe', ['/c', 'npm', 'start']] : ['npm', ['start']];
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exit = exitOf(child);
  const gone = exit.then((code) => {
    throw new Error(`npm start ended with ${code} before it was told to.`);
  });
  try {
    const options = {
      url,
      api: url,
      message: defaultMessage,
      model: undefined,
      account: undefined,
      seconds: 60,
      wait: 120,
    };
    const report = await Promise.race([runSmoke(options), gone]);
    await end(child);
    const ended = await exit;
    await untilNobodyListens(port);
    return { report, ended };
  } finally {
    await end(child);
  }
}

/** Windows has no signals: there the whole tree is ended by force. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  if (process.platform !== 'win32') child.kill('SIGTERM');
  else await promisify(execFile)('taskkill', ['/pid', String(child.pid), '/t', '/f']);
}

/** npm ends at once; what it started first finishes what it does. */
async function untilNobodyListens(port: number): Promise<void> {
  const end = performance.now() + 60_000;
  while (await listens(port)) {
    if (performance.now() > end)
      throw new Error('npm start was told to end, and Lamplight still answers a minute later.');
    await pause(100);
  }
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
