import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const root = resolve(import.meta.dirname, '../..');

interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** A file descriptor, or a pipe. */
  readonly stdout?: number;
  /** Bytes that a file may have, by the shell's `ulimit`. */
  readonly largestFile?: number;
}

/** A script of ours as people start it, without the settings of this process. */
export function spawnScript(
  name: 'backup' | 'restore' | 'seed',
  args: readonly string[],
  { env = {}, cwd, stdout, largestFile }: RunOptions,
): ChildProcess {
  const command = [process.execPath, resolve(root, `scripts/${name}.ts`), ...args];
  const limited = ['sh', '-c', `trap '' XFSZ; ulimit -f ${Math.ceil((largestFile ?? 0) / 512)}; exec "$@"`, 'sh'];
  const [program = '', ...rest] = largestFile === undefined ? command : [...limited, ...command];
  return spawn(program, rest, {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', stdout ?? 'pipe', 'pipe'],
  });
}

export async function runScript(
  name: 'backup' | 'restore' | 'seed',
  args: readonly string[],
  options: RunOptions,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawnScript(name, args, options);
  child.stdin?.end();
  const exit = once(child, 'exit');
  const [stdout, stderr] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
  ]);
  const [code] = await exit;
  return { code, stdout, stderr };
}
