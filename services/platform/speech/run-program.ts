import { spawn } from 'node:child_process';
import type { Clock } from '#platform/clock.ts';

export interface ProgramRun {
  readonly program: string;
  readonly args: readonly string[];
  /** Written to its standard input. */
  readonly input: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Of its standard output. */
  readonly maxBytes: number;
}

/** A program did not do what it was started for. `reason` is `missing` where there is no such program. */
export class ProgramError extends Error {
  readonly reason: 'missing' | 'failed' | 'timeout' | 'too_long';

  constructor(reason: ProgramError['reason'], message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'ProgramError';
    this.reason = reason;
  }
}

const maxComplaint = 300;

/** Runs a program without a shell and gives what it writes. It has ended when this settles. Throws `ProgramError`, and the signal's reason. */
export function runProgram({ program, args, input, signal, clock, timeoutMs, maxBytes }: ProgramRun): Promise<Buffer> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    // Never started: no `close` comes, and where this process has no more files to open (EMFILE) it has no streams either.
    if (child.pid === undefined)
      return child.once('error', (cause: NodeJS.ErrnoException) =>
        reject(new ProgramError(isMissing(cause) ? 'missing' : 'failed', `${program} cannot be started.`, { cause })),
      );
    const chunks: Buffer[] = [];
    let size = 0;
    let complaint = '';
    let failure: unknown;
    const fail = (error: unknown) => {
      failure ??= error;
      child.kill('SIGKILL');
    };
    const abort = () => fail(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const cancel = clock.after(timeoutMs, () =>
      fail(new ProgramError('timeout', `${program} did not end within ${timeoutMs} ms.`)),
    );
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) fail(new ProgramError('too_long', `${program} wrote more than ${maxBytes} bytes.`));
      else chunks.push(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(0, maxComplaint);
    });
    // One that ends before it has read everything (EPIPE) says by its exit code whether that was well.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const settle = (error: unknown) => {
      cancel();
      signal.removeEventListener('abort', abort);
      if (error === undefined) resolve(Buffer.concat(chunks, size));
      else reject(error);
    };
    // A kill that failed: `close` tells how it ended all the same.
    child.on('error', () => {});
    child.once('close', (code, killedBy) => {
      if (failure === undefined && code !== 0)
        failure = new ProgramError('failed', `${program} ended with ${code ?? killedBy}: ${complaint.trim()}`);
      settle(failure);
    });
  });
}

const isMissing = ({ code }: NodeJS.ErrnoException): boolean => code === 'ENOENT' || code === 'EACCES';
