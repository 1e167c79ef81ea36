import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from '#scripts/programs/free-port.ts';
import { waitFor } from './child.ts';

type ServiceName = 'api' | 'realtime' | 'worker' | 'scheduler' | 'standalone' | 'migrate';

export interface LamplightProcessOptions {
  readonly service: ServiceName;
  /** Names it in messages, and its log file. */
  readonly name: string;
  /** Its working folder: keeps its log, and no `.env` of the project is read. */
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
}

/** One process of Lamplight, on ports that stay the same while it is ended and started again. */
export interface LamplightProcess {
  readonly service: ServiceName;
  readonly name: string;
  readonly url: string;
  /** Where `/livez`, `/readyz` and `/metrics` are. */
  readonly opsUrl: string;
  /** What it wrote on stdout and stderr, of all its lives. */
  readonly logFile: string;
  /** Of its present or last life. */
  readonly process: ChildProcess;
  /** Starts it again and waits until it is ready; nothing where it runs. */
  start(): Promise<void>;
  /** Ends it in order (SIGTERM) and waits for its end; where that takes over 40 s, ends it by force and throws. */
  stop(): Promise<void>;
  /** Ends it as a power cut would (SIGKILL) and waits for its end. */
  kill(): Promise<void>;
}

const root = resolve(import.meta.dirname, '../..');
const readyMs = 30_000;
const stopMs = 40_000;

/** What every process gets: nothing else of the caller's environment, where settings of Lamplight may stand. */
const plainEnvironment = (): NodeJS.ProcessEnv => {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'NODE_V8_COVERAGE'] as const;
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
};

/** The first administrator of every Lamplight that is started here. */
export const admin = { email: 'admin@lamplight.test', password: 'the evening lamp of the tests' };

/** What any installation sets, and limits that are not in the way of a test about something else. */
const unlimited: NodeJS.ProcessEnv = {
  JWT_SECRET: 'a-secret-of-tests-that-is-long-enough',
  ADMIN_EMAIL: admin.email,
  ADMIN_PASSWORD: admin.password,
  OPENAI_INPUT_PRICE: '0',
  OPENAI_OUTPUT_PRICE: '0',
  RATE_LIMIT_PER_MINUTE: '100000',
  DAILY_TOKEN_BUDGET: '1000000000',
  GUEST_DAILY_TOKEN_BUDGET: '1000000000',
  RUNNING_ANSWERS_PER_PERSON: '100000',
  SOCKETS_PER_PERSON: '100000',
  GUESTS_PER_MINUTE: '1000000',
  SIGN_IN_ATTEMPTS: '1000',
};

/** Runs a file of the project; what it prints is appended to `logFile`. */
export function spawnLogged(
  file: string,
  args: readonly string[],
  { env, dir, logFile }: { env: NodeJS.ProcessEnv; dir: string; logFile: string },
): ChildProcess {
  const log = openSync(logFile, 'a');
  try {
    return spawn(process.execPath, [join(root, file), ...args], {
      cwd: dir,
      env: { ...plainEnvironment(), ...unlimited, ...env },
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

export const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** The end of a log, for messages. */
export const endOfLog = (logFile: string): string => readFileSync(logFile, 'utf8').slice(-3_000);

/** Prepares a process; it runs once `start` was called. */
export async function lamplightProcess({
  service,
  name,
  dir,
  env,
}: LamplightProcessOptions): Promise<LamplightProcess> {
  const [port, opsPort] = [await freePort(), await freePort()];
  const logFile = join(dir, `${name}.log`);
  const [url, opsUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${opsPort}`];
  const settings = { PUBLIC_URL: url, ...env, HOST: '127.0.0.1', PORT: String(port), OPS_PORT: String(opsPort) };
  let child: ChildProcess | undefined;

  const current = (): ChildProcess => {
    if (!child) throw new Error(`${name} was never started.`);
    return child;
  };
  const start = async () => {
    if (child && !hasEnded(child)) return;
    const started = spawnLogged(`services/${service}/main.ts`, [], { env: settings, dir, logFile });
    child = started;
    const ready = async () => {
      if (hasEnded(started)) throw new Error(`${name} ended before it was ready:\n${endOfLog(logFile)}`);
      return isReady(opsUrl);
    };
    await waitFor(ready, { what: `${name} to be ready (its log: ${logFile})`, timeoutMs: readyMs, everyMs: 25 });
  };
  const end = async (signal: NodeJS.Signals) => {
    const running = current();
    if (hasEnded(running)) return;
    const exit = once(running, 'exit');
    running.kill(signal);
    const force = setTimeout(() => running.kill('SIGKILL'), stopMs);
    await exit;
    clearTimeout(force);
    if (signal === 'SIGTERM' && running.signalCode === 'SIGKILL') {
      throw new Error(`${name} did not end within ${stopMs} ms of SIGTERM; its log: ${logFile}`);
    }
  };
  return {
    service,
    name,
    url,
    opsUrl,
    logFile,
    get process() {
      return current();
    },
    start,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

/** Whether the process says that it takes work; false while it cannot be asked. */
export async function isReady(opsUrl: string): Promise<boolean> {
  try {
    const reply = await fetch(`${opsUrl}/readyz`, { signal: AbortSignal.timeout(3_000) });
    await reply.body?.cancel();
    return reply.ok;
  } catch {
    return false;
  }
}
