import { spawn } from 'node:child_process';

export interface Outcome {
  /** 1 where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** What it reads from its standard input; nothing where absent. */
  readonly input?: string | undefined;
  readonly cwd?: string | undefined;
  /** In addition to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  /** What it says also goes to this process's stderr, as it comes. */
  readonly shown?: boolean;
}

/** A program ended with something else than 0; the message names it and holds the end of what it said. */
class ProgramFailed extends Error {
  constructor(words: readonly string[], { code, stdout, stderr }: Outcome) {
    const said = (stderr || stdout).trim().split('\n').slice(-20).join('\n');
    super(`${words.join(' ').slice(0, 200)} ended with ${code}:\n${said}`);
    this.name = 'ProgramFailed';
  }
}

/** Runs a program to its end, whatever its exit code; rejects where it cannot be started, saying what to do. */
export function runProgram(program: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { input = '', cwd, env, signal, shown = false } = options;
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const child = spawn(program, args, { cwd, signal, env: { ...process.env, ...env } });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      if (shown) process.stderr.write(text);
    });
  }
  child.on('error', (error) => {
    const missing = 'code' in error && error.code === 'ENOENT';
    reject(missing ? new Error(`${program} is not on the PATH; install it.`) : error);
  });
  child.on('close', (code) => resolve({ code: code ?? 1, ...output }));
  // A program that ends before it has read everything says why by its exit code.
  child.stdin.on('error', () => {}).end(input);
  return promise;
}

/** As `runProgram`; resolves with its standard output, and throws `ProgramFailed` where it fails. */
export async function runOrThrow(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const outcome = await runProgram(program, args, options);
  if (outcome.code !== 0) throw new ProgramFailed([program, ...args], outcome);
  return outcome.stdout;
}
