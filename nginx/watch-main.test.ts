import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';

const program = resolve(import.meta.dirname, 'watch-main.ts');
const call = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  spawnSync(process.execPath, [program, ...args], { env, encoding: 'utf8', timeout: 10_000 });

describe('nginx/watch-main.ts', () => {
  it('says how it is called', () => {
    expect(call(['--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('--configuration DIR') });
  });

  it.each([['--nonsense'], ['--every', 'often'], ['--every', '0'], ['--configuration']])('refuses %s %s', (...args) => {
    expect(call(args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('usage: ') });
  });

  it('lists what is wrong with its settings', () => {
    const { status, stderr } = call([], { EDGE_TLS: 'maybe', LOG_LEVEL: 'loud' });
    expect([status, stderr]).toEqual([78, expect.stringMatching(/LOG_LEVEL: [\s\S]*EDGE_TLS: /)]);
  });

  it('watches, says in ECS lines what is wrong, and ends with 0 on SIGTERM', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'lamplight-watch-'));
    writeFileSync(join(dir, 'nginx.conf'), '# one');
    const env = { EDGE_TLS: 'off', EDGE_RUN_DIR: dir };
    const child = spawn(process.execPath, [program, '--configuration', dir, '--every', '0.1'], { env });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    const lines = () => output.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []));
    await waitFor(() => lines().some((line) => line['event.action'] === 'ready'));
    writeFileSync(join(dir, 'other.conf'), '# two');
    await waitFor(() => lines().length > 1);
    expect(lines()[1]).toMatchObject({
      'log.level': 'error',
      message: expect.stringContaining('no Nginx'),
    });
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    expect(lines()[0]).toMatchObject({ '@timestamp': expect.any(String), 'ecs.version': expect.any(String) });
  });
});
