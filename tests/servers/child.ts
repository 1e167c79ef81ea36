import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

/** A server that a test started: ended by its process id. */
export interface TestServer {
  readonly url: string;
  readonly process: ChildProcess;
  /** Ends it in order and waits for its end. */
  stop(): Promise<void>;
  /** Ends it as a power cut would (SIGKILL) and waits for its end. */
  kill(): Promise<void>;
}

/** Polls until `condition` holds (returns or resolves to something true); throws `what` after `timeoutMs`. */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  {
    what = 'a condition',
    timeoutMs = 10_000,
    everyMs = 10,
  }: { what?: string; timeoutMs?: number; everyMs?: number } = {},
): Promise<NonNullable<T>> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > end) throw new Error(`Gave up waiting for ${what} after ${timeoutMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

export const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** Starts a program that listens on `port` and waits until it does; throws with its output where it ends before. */
export async function startServer(
  command: string,
  args: readonly string[],
  { port, url, ...options }: { port: number; url: string } & SpawnOptions,
): Promise<TestServer> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('error', (error) => keep(Buffer.from(String(error))));
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  await waitFor(
    () => {
      if (ended()) throw new Error(`${command} ended before it listened on ${port}:\n${output}`);
      return accepts(port);
    },
    { what: `${command} to listen on ${port}`, timeoutMs: 20_000 },
  );
  const end = async (signal: NodeJS.Signals) => {
    if (ended()) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  };
  return { url, process: child, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}
