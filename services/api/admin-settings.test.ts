import { describe, expect, it } from 'vitest';
import { runtimeSettings } from '#contract/administration.ts';
import { modelList } from '#contract/models.ts';
import { TestSocket } from '#tests/servers/test-client.ts';
import { useAdminApi } from './admin-api.fixture.ts';

describe('the admin API', () => {
  const api = useAdminApi();

  describe('settings', () => {
    const change = (body: unknown) => api.root.call('PATCH', '/api/admin/settings', body);

    it('change as a whole or not at all, and say in the audit log what was and what is', async () => {
      const before = (await api.root.call('GET', '/api/admin/settings')).as(runtimeSettings);
      const bad = await change({ banner: 'B', messagesPerMinute: 0 });
      expect(bad.error).toMatchObject({ code: 'invalid_request', details: [{ path: 'messagesPerMinute' }] });
      expect((await change({ banner: 'B', defaultModel: 'nothing' })).error.code).toBe('unknown_model');
      expect((await api.root.call('GET', '/api/admin/settings')).as(runtimeSettings)).toEqual(before);
      const after = (await change({ banner: 'B', budgets: { user: 123 } })).as(runtimeSettings);
      expect(after).toEqual({ ...before, banner: 'B', budgets: { ...before.budgets, user: 123 } });
      const [entry] = await api.audited('action=settings_change&limit=1');
      expect([entry?.actorId, entry?.details]).toEqual([
        api.rootId,
        { banner: ' → B', budgets_user: `${before.budgets.user} → 123` },
      ]);
      await change({ banner: '', budgets: { user: before.budgets.user } });
    });

    it('take effect: guests', async () => {
      const start = () =>
        fetch(`${api.server.url}/api/auth/guest`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"name":"G"}',
        });
      const inside = await api.newPerson('guest');
      await change({ guests: false });
      expect((await start()).status).toBe(403);
      expect((await inside.client.call('GET', '/api/me')).status).toBe(200);
      await change({ guests: true });
      expect((await start()).status).toBe(201);
    });

    it('take effect: registration and banner, told to whoever has not signed in', async () => {
      await change({ registration: 'invite', banner: 'Back at noon' });
      const options = await (await fetch(`${api.server.url}/api/auth/options`)).json();
      expect(options).toMatchObject({ registration: 'invite', banner: 'Back at noon' });
      await change({ registration: 'open', banner: '' });
      expect(await (await fetch(`${api.server.url}/api/auth/options`)).json()).not.toHaveProperty('banner');
    });

    it('take effect: the default model', async () => {
      const model = async () => (await api.root.call('GET', '/api/models')).as(modelList).default;
      expect(await model()).toBe('scripted');
      await change({ defaultModel: 'small' });
      expect(await model()).toBe('small');
      const sent = await api.victim.client.fetch('POST', '/api/chat/send', { text: 'Hi' });
      expect(await firstEvent(sent)).toContain('"model":"small"');
      await change({ defaultModel: '' });
      expect(await model()).toBe('scripted');
    });

    it('take effect: the budget of a role', async () => {
      const before = (await api.root.call('GET', '/api/admin/settings')).as(runtimeSettings);
      await change({ budgets: { user: 1 } });
      expect((await api.victim.client.call('POST', '/api/chat/send', { text: 'Hi' })).error.code).toBe('budget_spent');
      await change({ budgets: before.budgets });
    });

    it('take effect: answers under way', async () => {
      const { runningAnswers } = (await api.root.call('GET', '/api/admin/settings')).as(runtimeSettings);
      const { client } = await api.newPerson('user');
      await change({ runningAnswers: 1 });
      // No worker is there to end the first.
      const first = await client.fetch('POST', '/api/chat/send', { text: 'Hi' });
      expect((await client.call('POST', '/api/chat/send', { text: 'Hi' })).error.code).toBe('too_many_answers');
      await first.body?.cancel();
      await change({ runningAnswers });
    });

    it('take effect: open sockets, of which those there are stay', async () => {
      const { openSockets } = (await api.root.call('GET', '/api/admin/settings')).as(runtimeSettings);
      const { client } = await api.newPerson('user');
      const sockets = [await client.socket(), await client.socket()];
      await change({ openSockets: 1 });
      const third = new TestSocket(`${api.server.url}/ws?ticket=${await client.ticket()}`);
      await third.closed;
      expect(third.frames.map(({ type }) => type)).not.toContain('ready');
      expect(sockets.map(({ ws }) => ws.readyState)).toEqual([1, 1]);
      await change({ openSockets });
      await Promise.all(sockets.map((socket) => socket.close()));
    });

    it('take effect: messages a minute', async () => {
      const before = (await api.root.call('GET', '/api/admin/settings')).as(runtimeSettings);
      await change({ messagesPerMinute: 1 });
      const statuses: number[] = [];
      for (let n = 0; n < 2; n++) {
        const reply = await api.victim.client.fetch('POST', '/api/chat/send', { text: 'Hi' });
        statuses.push(reply.status);
        if (reply.ok) await reply.body?.cancel();
        else expect(await reply.json()).toMatchObject({ error: { code: 'rate_limited' } });
      }
      expect(statuses).toEqual([200, 429]);
      await change({ messagesPerMinute: before.messagesPerMinute });
    });
  });
});

/** Of a stream, which is closed then. */
async function firstEvent(response: Response): Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = (await reader?.read()) ?? {};
  await reader?.cancel();
  return value ?? '';
}
