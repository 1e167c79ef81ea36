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
  const shared = (environment: NodeJS.ProcessEnv) =>
    sharedEnvironment(environment, { config: loadConfig(environment), folder });
  const secretsOf = async (environment: NodeJS.ProcessEnv) => loadConfig(await shared(environment)).accounts.jwtSecrets;

  it('is a secret that stays the same, for its owner alone, and that the services take', async () => {
    const first = await secretsOf({});
    const file = join(folder, 'data/jwt-secret');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(first).toEqual([(await readFile(file, 'utf8')).trim()]);
    expect(await secretsOf({})).toEqual(first);
    expect(await secretsOf({ DATA_DIR: 'other' })).not.toEqual(first);
  });

  it('is what the settings say where they say it, by value or by file', async () => {
    const JWT_SECRET = 'a-secret-of-at-least-32-characters';
    const given = { JWT_SECRET, TRUSTED_PROXIES: '10.0.0.1' };
    expect(await shared(given)).toEqual(given);
    await writeFile(join(folder, 'given'), JWT_SECRET);
    const byFile = { JWT_SECRET_FILE: join(folder, 'given') };
    expect(await shared(byFile)).toEqual({ ...byFile, TRUSTED_PROXIES: 'loopback' });
  });

  it('is made where the file of the settings is empty', async () => {
    await writeFile(join(folder, 'empty'), '');
    expect(await secretsOf({ JWT_SECRET_FILE: join(folder, 'empty') })).toHaveLength(1);
  });
});
