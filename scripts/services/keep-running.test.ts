import { spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '#scripts/programs/free-port.ts';
import { waitFor } from '#tests/servers/child.ts';
import { keepRunning, type RunningProcess } from './keep-running.ts';

const serving = `require('http').createServer((q, s) => s.end()).listen(+process.argv[1], '127.0.0.1');`;
const warnings: string[] = [];
const warn = (message: string) => void warnings.push(message);
const logger = { error: warn, warn, info: () => {}, debug: () => {} };
let running: RunningProcess | undefined;

async function run(program: string, options: { readyMs?: number } = {}): Promise<RunningProcess> {
  const port = await freePort();
  running = keepRunning({
    name: 'worker',
    start: () => spawn(process.execPath, ['-e', program, String(port)], { stdio: 'ignore' }),
    opsUrl: `http://127.0.0.1:${port}`,
    logger,
    restartMs: 10,
    ...options,
  });
  return running;
}

afterEach(async () => {
  await running?.stop(1000);
  warnings.length = 0;
});

describe('keepRunning', () => {
  it('starts a process again that was killed, and says so', async () => {
    const service = await run(serving);
    await service.firstReady;
    const first = service.child;
    first.kill('SIGKILL');
    await waitFor(() => service.ready && service.child !== first, { what: 'the next process' });
    expect(warnings).toEqual([expect.stringContaining('worker (process')]);
  });

  it('does not repeat a process that ends before it was ready', async () => {
    const service = await run('process.exit(3)');
    const { child } = service;
    await expect(service.firstReady).rejects.toThrow('worker ended with code 3 before it was ready.');
    expect(service.child).toBe(child);
  });

  it('gives up on a process that is never ready', async () => {
    const service = await run('setInterval(() => {}, 1000)', { readyMs: 100 });
    await expect(service.firstReady).rejects.toThrow('worker was not ready within 0.1 s.');
  });

  it('does not start again what it was told to stop', async () => {
    const service = await run(serving);
    await service.firstReady;
    await service.stop(5000);
    expect(service.child.signalCode).toBe('SIGTERM');
    expect([service.ready, warnings]).toEqual([false, []]);
  });

  it('ends by force what does not end in order', async () => {
    const service = await run(`process.on('SIGTERM', () => {}); ${serving}`);
    await service.firstReady;
    await service.stop(50);
    expect(service.child.signalCode).toBe('SIGKILL');
  });
});
