import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface CommandOptions {
  /** What it reads from its standard input. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** A command that ended with something else than 0. */
export class CommandFailed extends Error {
  readonly stderr: string;

  constructor(command: string, code: number | null, stderr: string) {
    super(`${command} ended with ${code ?? 'a signal'}:\n${stderr.trim().split('\n').slice(-15).join('\n')}`);
    this.name = 'CommandFailed';
    this.stderr = stderr;
  }
}

/** Runs a program to its end and returns what it printed; throws `CommandFailed` where it fails. */
export async function runCommand(
  program: string,
  args: readonly string[],
  { input, env, signal }: CommandOptions = {},
): Promise<string> {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    signal,
  });
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new CommandFailed([program, ...args.slice(0, 3)].join(' '), code, stderr || stdout);
  return stdout.trim();
}
