import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '#platform/config/load-config.ts';
import { sharedEnvironment } from './shared-environment.ts';

describe('what the processes of one machine share', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lamplight-shared-'));
  });

  it('is a secret that stays the same, for its owner alone, and that the services take', async () => {
    const [first, second] = [await sharedEnvironment({}, folder), await sharedEnvironment({}, folder)];
    const file = join(folder, 'data/jwt-secret');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const secrets = [first, second].map((environment) => loadConfig(environment).accounts.jwtSecrets);
    expect(secrets[0]).toEqual([await readFile(file, 'utf8')]);
    expect(secrets[1]).toEqual(secrets[0]);
    const elsewhere = await sharedEnvironment({ DATA_DIR: 'other' }, folder);
    expect(loadConfig(elsewhere).accounts.jwtSecrets).not.toEqual(secrets[0]);
  });

  it('is what the settings say where they say it, by value or by file', async () => {
    const JWT_SECRET = 'a-secret-of-at-least-32-characters';
    expect(await sharedEnvironment({ JWT_SECRET, TRUSTED_PROXIES: '10.0.0.1' }, folder)).toEqual({
      JWT_SECRET,
      TRUSTED_PROXIES: '10.0.0.1',
    });
    await writeFile(join(folder, 'given'), JWT_SECRET);
    const byFile = { JWT_SECRET_FILE: join(folder, 'given') };
    expect(await sharedEnvironment(byFile, folder)).toEqual({ ...byFile, TRUSTED_PROXIES: 'loopback' });
  });

  it('is not made of an empty file that a full disk left', async () => {
    await writeFile(join(folder, 'jwt-secret'), '');
    await expect(sharedEnvironment({ DATA_DIR: folder }, '/')).rejects.toThrow('jwt-secret is empty. Remove it');
  });
});
