import { spawn } from 'node:child_process';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly cwd?: string;
}

/** Runs a program to its end, whatever its exit code; rejects where it cannot be started, saying what to do. */
export function runProgram(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const child = spawn(command, args, { cwd: options.cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  child.on('error', (error) => {
    const missing = 'code' in error && error.code === 'ENOENT';
    reject(missing ? new Error(`${command} is not on the PATH; install it.`) : error);
  });
  child.on('close', (code) => resolve({ code: code ?? 1, ...output }));
  // A program that ends before it has read everything says why by its exit code.
  child.stdin.on('error', () => {}).end(options.input ?? '');
  return promise;
}

/** As `runProgram`; rejects with what the program said where it fails. */
export async function runOrThrow(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await runProgram(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed (${code}):\n${(stderr || stdout).trim()}`);
  return stdout;
}
