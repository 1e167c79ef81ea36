// Runs programs for the scripts beside it: quietly, or in the foreground.
import { spawn } from 'node:child_process';

/**
 * @typedef {{ code: number, output: string, seconds: number }} Outcome
 * `code` is the exit code as a shell has it: 128 + the signal's number where a signal ended it.
 */

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGTERM: 15 };

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>} its exit code; 127 where it could not be started
 */
export const exitOf = (child) =>
  new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('close', (code, signal) => {
      const number = Object.entries(signalNumbers).find(([name]) => name === signal)?.[1] ?? 0;
      resolve(code ?? 128 + number);
    });
  });

/**
 * Runs a program to its end and keeps what it says.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<Outcome>}
 */
export async function runQuietly(command, args, options = {}) {
  const start = performance.now();
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (/** @type {Buffer | Error} */ chunk) => {
    output += chunk.toString();
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('error', keep);
  const code = await exitOf(child);
  return { code, output, seconds: (performance.now() - start) / 1000 };
}

/**
 * Hands the signals that this process gets to `children`, once each. Ctrl-C reaches a script twice, from the terminal and
 * from npm, and a service takes a second signal for impatience; so what comes within a second of the first is dropped,
 * and the children are started `detached`, where the terminal does not reach them.
 * @param {() => readonly import('node:child_process').ChildProcess[]} children
 */
export function relaySignals(children) {
  let last = Number.NEGATIVE_INFINITY;
  const relay = (/** @type {NodeJS.Signals} */ signal) => {
    if (performance.now() - last < 1000) return;
    last = performance.now();
    for (const child of children()) child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => relay(signal));
  if (process.env.npm_lifecycle_event) whenParentEnds(() => relay('SIGTERM'));
}

/**
 * npm starts scripts through a shell, and passes SIGTERM on to that shell alone, which ends and leaves the script behind.
 * @param {() => void} callback
 */
function whenParentEnds(callback) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, 250);
  timer.unref();
}

/** A process group of its own: see `relaySignals`. Windows would open a window for it. */
export const detached = process.platform !== 'win32';
