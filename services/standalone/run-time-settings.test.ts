import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tokenResponse } from '#contract/accounts.ts';
import { runtimeSettings } from '#contract/administration.ts';
import { startStandalone } from '#tests/servers/start-lamplight.ts';
import { TestClient } from '#tests/servers/test-client.ts';

const administrator = { username: 'admin@lamplight.test', password: 'the evening lamp of the tests' };

it('a restart with another environment changes what no administrator has changed', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lamplight-settings-'));
  /** One life of the process: what it finds, and what it then changes. */
  const live = async (env: NodeJS.ProcessEnv, change: object = {}) => {
    const lamplight = await startStandalone({ dataDir, env });
    try {
      const anybody = new TestClient(lamplight.url, 'none');
      const { access_token } = (await anybody.call('POST', '/api/auth/token', administrator)).as(tokenResponse);
      const root = new TestClient(lamplight.url, access_token);
      const found = (await root.call('GET', '/api/admin/settings')).as(runtimeSettings);
      (await root.call('PATCH', '/api/admin/settings', change)).as(runtimeSettings);
      return found;
    } finally {
      await lamplight.stop();
    }
  };
  const first = await live({ RATE_LIMIT_PER_MINUTE: '100', REGISTRATION: 'closed' }, { registration: 'invite' });
  expect(first).toMatchObject({ messagesPerMinute: 100, registration: 'closed' });
  const second = await live({ RATE_LIMIT_PER_MINUTE: '200', REGISTRATION: 'open' });
  expect(second).toEqual({ ...first, messagesPerMinute: 200, registration: 'invite' });
}, 60_000);
