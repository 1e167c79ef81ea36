import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createdApiKey, me } from '#contract/accounts.ts';
import type { Route } from '#contract/route.ts';
import { routes } from '#contract/routes.ts';
import { auditActions } from '#domain/audit/audit-actions.ts';
import { generousSettings } from '#domain/settings/generous-settings.fixture.ts';
import { listSettings } from '#domain/settings/setting-values.ts';
import { settings } from '#platform/config/settings.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';

const text = readFileSync(new URL('../../docs/administration.md', import.meta.url), 'utf8');

/** The cells of the rows of a table, by the first word of its header. */
function table(header: string): string[][] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${header} |`));
  const rows = lines.slice(start + 2);
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith('|')),
    )
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('docs/administration.md', () => {
  it('has every request that asks for a manager or an administrator, as the contract has it', () => {
    const all: readonly Route[] = Object.values(routes);
    const expected = all
      .filter(({ role }) => role === 'manager' || role === 'admin')
      .map(({ method, path, summary, role }) => [`\`${method.toUpperCase()} ${path}\``, summary, role]);
    expect(expected.length).toBeGreaterThan(10);
    expect(table('request')).toEqual(expected);
  });

  it('has every run-time setting, and from which setting of the environment it comes', () => {
    const rows = table('setting');
    expect(rows.map(([name]) => name)).toEqual([...listSettings(generousSettings).keys()].map((path) => `\`${path}\``));
    const sources = rows.map(([, from = '']) => from.replaceAll('`', '')).filter((from) => from !== '');
    const changeable = settings.filter(({ description }) => description.endsWith('*')).map(({ name }) => name);
    expect(new Set(sources)).toEqual(new Set(changeable));
  });

  it('has every action of the audit log', () => {
    expect(table('action').map(([name]) => name)).toEqual(auditActions.map((action) => `\`${action}\``));
  });

  describe('has examples', () => {
    let app: TestChat;
    let server: TestServer;
    beforeAll(async () => {
      app = await createTestChat();
      server = await app.openTestServer();
    });
    afterAll(() => app.close());

    it('that do what they say', async () => {
      const [email, password] = ['root@lamplight.test', 'the evening lamp of the tests'];
      const passwordHash = await app.foundation.accounts.passwords.hash(password);
      const root = await server.client({ role: 'admin', person: { email, passwordHash } });
      const key = (await root.call('POST', '/api/keys', { name: 'k', scopes: ['admin'] })).as(createdApiKey).key;
      const ada = (await (await server.client({ role: 'user', name: 'Ada' })).call('GET', '/api/me')).as(me).id;
      const signIn = { EMAIL: email, PASSWORD: password, TOKEN: root.token };
      const env = { PATH: process.env['PATH'], LAMPLIGHT: server.url, KEY: key, PERSON: ada, ...signIn };
      const examples = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, code = '']) => code);
      expect(examples.length).toBe(8);
      for (const code of examples) {
        const { stdout } = await promisify(execFile)('sh', ['-euc', code], { env });
        expect(stdout).not.toContain('"error"');
        expect(stdout).toContain('{');
      }
      const { items } = await app.foundation.audit.list({ limit: 100, personId: ada });
      expect(items.map(({ action }) => action).toReversed()).toEqual([
        ...['role_change', 'budget_change', 'budget_change', 'account_disable', 'account_enable'],
        'sessions_end',
      ]);
      const { banner, guests, budgets } = app.foundation.runtime.current();
      expect([banner, guests, budgets.user]).toEqual(['Back at noon', false, 150_000]);
    });
  });
});
