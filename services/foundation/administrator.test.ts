import { once } from 'node:events';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spawnLogged } from '#tests/servers/lamplight-process.ts';
import { startStandalone } from '#tests/servers/start-lamplight.ts';

const textOf = async (dir: string) => {
  const files = (await readdir(dir)).filter((file) => file.endsWith('.log'));
  return (await Promise.all(files.map((file) => readFile(join(dir, file), 'utf8')))).join('\n');
};
const signIn = (url: string, password: string) =>
  fetch(`${url}/api/auth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'password', username: 'head@lamplight.test', password, refresh: 'body' }),
  });

describe('the first start', () => {
  it('creates the administrator and tells the password that it made, once, and not as a line of the log', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'lamplight-data-'));
    const env = { ADMIN_EMAIL: 'head@lamplight.test', ADMIN_PASSWORD: '' };
    const [first, second] = await Promise.all([
      mkdtemp(join(tmpdir(), 'lamplight-')),
      mkdtemp(join(tmpdir(), 'lamplight-')),
    ]);
    const began = await startStandalone({ env, dataDir, dir: first });
    const told = /administrator head@lamplight\.test with the password (\S+)/.exec(await textOf(first))?.[1] ?? '';
    expect((await textOf(first)).split(told)).toHaveLength(2);
    for (const line of (await textOf(first)).split('\n')) if (line.includes(told)) expect(line).not.toMatch(/^\{/);
    expect((await signIn(began.url, told)).status).toBe(200);
    expect((await signIn(began.url, `${told}x`)).status).toBe(401);
    await began.stop();
    const again = await startStandalone({ env, dataDir, dir: second });
    expect(await textOf(second)).not.toMatch(/with the password/);
    expect((await signIn(again.url, told)).status).toBe(200);
    await again.stop();
  }, 30_000);

  it('refuses a password that others guess first, and says which setting', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'lamplight-'));
    const logFile = join(dir, 'refused.log');
    const env = { DATA_DIR: join(dir, 'data'), PORT: '0', OPS_PORT: '0', ADMIN_PASSWORD: 'administrator' };
    const child = spawnLogged('services/standalone/main.ts', [], { env, dir, logFile });
    expect((await once(child, 'exit'))[0]).toBe(78);
    expect(await readFile(logFile, 'utf8')).toContain('ADMIN_PASSWORD is refused.');
  }, 30_000);
});
