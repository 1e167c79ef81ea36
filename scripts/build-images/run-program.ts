import { spawn } from 'node:child_process';
import { once } from 'node:events';

interface RunOptions {
  readonly cwd?: string;
  /** What it says also goes to stderr as it comes. */
  readonly shown?: boolean;
}

/** Runs a program to its end and resolves with its standard output; rejects with the end of what it said where it fails. */
export async function runProgram(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const child = spawn(program, args, { cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let all = '';
  const keep = (chunk: Buffer) => {
    all = (all + chunk.toString()).slice(-3000);
    if (options.shown) process.stderr.write(chunk);
  };
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    keep(chunk);
  });
  child.stderr.on('data', keep);
  const [code, signal] = await once(child, 'close');
  if (code === 0) return output;
  const said = options.shown ? '' : `:\n${all.trim()}`;
  throw new Error(`${program} ${args[0] ?? ''} ended with ${code ?? signal}${said}`);
}
