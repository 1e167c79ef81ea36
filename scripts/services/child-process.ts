import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { root } from '../prepare/project.mjs';

export const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

export const howItEnded = (child: ChildProcess): string => child.signalCode ?? `code ${child.exitCode}`;

/**
 * Runs a file of this project with exactly this environment; its lines go where this process's go, unchanged. In a process
 * group of its own: Ctrl-C at a terminal is passed on in order, and does not reach all at once.
 */
export const spawnFile = (file: string, environment: NodeJS.ProcessEnv): ChildProcess =>
  spawn(process.execPath, [file], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: process.platform !== 'win32',
  });

/** Ends a process in order (SIGTERM), after `graceMs` by force; resolves when it is gone. */
export async function endProcess(child: ChildProcess, graceMs: number): Promise<void> {
  if (hasEnded(child)) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await exit;
  clearTimeout(force);
}

/** Whether the process says that it takes work; false while it cannot be asked. */
export async function isReady(opsUrl: string): Promise<boolean> {
  try {
    const reply = await fetch(`${opsUrl}/readyz`, { signal: AbortSignal.timeout(1000) });
    await reply.body?.cancel();
    return reply.ok;
  } catch {
    return false;
  }
}
