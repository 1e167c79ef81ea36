import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '#platform/config/load-config.ts';
import { composeFolder, setUp } from './compose.fixture.ts';

describe('scripts/compose-setup.sh', () => {
  it('makes other secrets each time, and never again where they are', async () => {
    const [here, there] = [await composeFolder(), await composeFolder()];
    const read = (where: string, name: string) => readFile(join(where, 'secrets', name), 'utf8');
    for (const where of [here, there]) await setUp(where, '--public-url', 'https://chat.example.org');
    const made = ['mongodb-root-password', 'mongodb-keyfile', 'mongodb-uri', 'redis.conf', 'redis-url', 'jwt-secret'];
    for (const name of [...made, 'admin-password']) {
      const before = await read(here, name);
      expect(before, name).not.toBe(await read(there, name));
      await setUp(here, '--public-url', 'https://other.example.org');
      expect(await read(here, name), name).toBe(before);
    }
    const [, password] = /^requirepass (\S+)\n$/.exec(await read(here, 'redis.conf')) ?? [];
    expect(await read(here, 'redis-url')).toBe(`redis://:${password}@redis:6379`);
  });

  it.each(['redis.conf', 'redis-url'])('makes a lost %s of the other, with the same password', async (lost) => {
    const here = await composeFolder();
    const file = join(here, 'secrets', lost);
    await setUp(here, '--public-url', 'https://chat.example.org');
    const before = await readFile(file, 'utf8');
    await rm(file);
    await setUp(here, '--public-url', 'https://chat.example.org');
    expect(await readFile(file, 'utf8')).toBe(before);
  });

  it('lets nobody else of the machine at them, and every container read its own', async () => {
    const here = await composeFolder();
    const { output } = await setUp(here, '--public-url', 'https://chat.example.org');
    expect((await stat(join(here, 'secrets'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(here, '.env'))).mode & 0o777).toBe(0o600);
    for (const name of await readdir(join(here, 'secrets'))) {
      expect((await stat(join(here, 'secrets', name))).mode & 0o444, name).toBe(0o444);
    }
    const password = await readFile(join(here, 'secrets/admin-password'), 'utf8');
    expect(output).toContain(`sign in as admin@chat.example.org with the password ${password}\n`);
    expect(output.replace(password, '')).not.toMatch(/[0-9a-f]{32}/);
  });

  it("prints the administrator's password once, and keeps who that is", async () => {
    const here = await composeFolder();
    const where = ['--public-url', 'https://chat.example.org:8443'];
    const administrator = async () => /^ADMIN_EMAIL=(.*)$/m.exec(await readFile(join(here, '.env'), 'utf8'))?.[1];
    expect((await setUp(here, ...where, '--email', 'ops@example.org')).output).toContain('sign in as ops@example.org');
    expect(await administrator()).toBe('ops@example.org');
    const password = await readFile(join(here, 'secrets/admin-password'), 'utf8');
    expect((await setUp(here, ...where)).output).not.toContain(password);
    expect(await administrator()).toBe('ops@example.org');
    await setUp(here, ...where, '--admin', 'ada@example.org');
    expect(await administrator()).toBe('ada@example.org');
  });

  it('makes what signs and the password as the services take them', async () => {
    const here = await composeFolder();
    await setUp(here, '--public-url', 'https://chat.example.org');
    const { accounts } = loadConfig({
      JWT_SECRET_FILE: join(here, 'secrets/jwt-secret'),
      ADMIN_PASSWORD_FILE: join(here, 'secrets/admin-password'),
      SMTP_URL_FILE: join(here, 'secrets/smtp-url'),
      OIDC_CLIENT_SECRET_FILE: join(here, 'secrets/oidc-client-secret'),
    });
    expect(accounts.jwtSecrets).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(accounts.admin.password).toMatch(/^[0-9a-f]{32}$/);
  });

  it('keeps what else stands in .env', async () => {
    const here = await composeFolder();
    await writeFile(
      join(here, '.env'),
      'LAMPLIGHT_TAG=2.0.0\nCOMPOSE_PROFILES=logs\nPUBLIC_URL=https://old.example.org\n',
    );
    await setUp(here, '--public-url', 'https://chat.example.org');
    const lines = (await readFile(join(here, '.env'), 'utf8')).split('\n');
    expect(lines).toContain('LAMPLIGHT_TAG=2.0.0');
    expect(lines).toContain('COMPOSE_PROFILES=certificates,logs');
    expect(lines.filter((line) => line.startsWith('PUBLIC_URL='))).toEqual(['PUBLIC_URL=https://chat.example.org']);
  });

  it.each([
    [[], 'Say which address'],
    [['--public-url', 'chat.example.org'], '--public-url is an address'],
    [['--public-url', 'https://chat.example.org/path'], '--public-url is an address'],
    [['--public-url', 'http://chat.example.org'], 'begins with http://'],
    [['--public-url'], '--public-url lacks its value'],
    [['--public-url', 'https://chat.example.org', '--email', 'ada'], "'ada' is no address of mail"],
    [['--public-url', 'https://chat.example.org', '--admin', 'ada'], "'ada' is no address of mail"],
    [['--password', 'x'], "no option '--password'"],
  ])('refuses %j and writes nothing', async (args, message) => {
    const here = await composeFolder();
    const { code, output } = await setUp(here, ...args);
    expect(output).toContain(message);
    expect(code).toBe(2);
    expect((await readdir(here)).sort()).toEqual(['compose.dev.yaml', 'compose.yaml']);
  });
});
