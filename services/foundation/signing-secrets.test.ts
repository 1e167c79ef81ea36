import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '#platform/config/load-config.ts';
import { requireSecret, signingSecrets } from './signing-secrets.ts';

describe('the secrets that sign', () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'lamplight-')), 'data');
  });
  const secrets = (env: Record<string, string> = {}) => signingSecrets(loadConfig({ DATA_DIR: folder, ...env }));

  it('are those of the settings, in their order, and no file is made', async () => {
    const [first, second] = ['a'.repeat(32), 'b'.repeat(32)];
    expect(await secrets({ JWT_SECRET: `${first},${second}` })).toEqual([first, second]);
    await expect(stat(join(folder, 'jwt-secret'))).rejects.toThrow('ENOENT');
  });

  it('are made once where there are none, for this user alone to read', async () => {
    const made = await secrets();
    expect(made).toEqual([expect.stringMatching(/^[\w-]{64}$/)]);
    const file = join(folder, 'jwt-secret');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await secrets()).toEqual(made);
    expect((await readFile(file, 'utf8')).trim()).toBe(made[0]);
  });

  it('are not taken from a file that was cut short', async () => {
    await secrets();
    await writeFile(join(folder, 'jwt-secret'), '');
    await expect(secrets()).rejects.toThrow('holds no secret');
  });

  it('are not made by one of several processes', async () => {
    const servers = { MONGODB_URI: 'mongodb://127.0.0.1/lamplight', REDIS_URL: 'redis://127.0.0.1' };
    expect(() => requireSecret(loadConfig(servers))).toThrow('JWT_SECRET: is missing');
    const given = loadConfig({ ...servers, JWT_SECRET: 'a'.repeat(32) });
    expect(requireSecret(given)).toBe(given);
  });
});
