import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Edge, mainHost, startEdge } from '#nginx/edge.fixture.ts';
import { type AttackedLamplight, startAttackedLamplight } from './attacked-lamplight.fixture.ts';
import { expectGuarded, expectHsts } from './guarded.fixture.ts';

const { nginx } = inject('programs');

describe.skipIf(!nginx)('behind a real Nginx, the headers of every reply', () => {
  let lamplight: AttackedLamplight;
  let edge: Edge;
  let headers: Record<string, string>;
  beforeAll(async () => {
    const PUBLIC_URL = `https://${mainHost}`;
    lamplight = await startAttackedLamplight({ PUBLIC_URL, TRUSTED_PROXIES: '127.0.0.1' });
    const { host } = new URL(lamplight.url);
    edge = await startEdge(nginx ?? '', {
      env: { PUBLIC_URL, EDGE_API_UPSTREAM: host, EDGE_REALTIME_UPSTREAM: host },
    });
    headers = { authorization: `Bearer ${lamplight.admin.accessToken}`, 'content-type': 'application/json' };
  });
  afterAll(async () => {
    await edge?.stop();
    await lamplight?.stop();
  });

  const personal = [
    ['GET', '/api/me', 200],
    ['GET', '/api/me/export', 200],
    ['GET', '/api/me/sessions', 200],
    ['GET', '/api/keys', 200],
    ['GET', '/api/conversations', 200],
    ['POST', '/api/auth/ticket', 201],
    ['POST', '/api/chat/send', 200],
    ['POST', '/api/chat/send-simple', 200],
    ['GET', '/api/admin/people', 200],
    ['GET', '/api/admin/audit', 200],
    ['GET', '/api/analytics/export', 200],
    ['GET', '/api/runs/none/events', 404],
    ['GET', '/api/none', 404],
  ] as const;
  it.each(personal)('guard it, once each, and keep it out of every cache: %s %s', async (method, path, status) => {
    const body = method === 'POST' ? { body: '{"text":"Good evening"}' } : {};
    const reply = await edge.ask(path, { method, headers, ...body });
    expect(reply.status, reply.body).toBe(status);
    expectGuarded(reply, path);
    expectHsts(reply, path);
    expect(reply.headers['cache-control']).toMatch(/^no-store(, no-transform)?$/);
  });

  it('guard what nobody signed in for', async () => {
    for (const path of ['/', '/c/1', '/health', '/docs', '/api/openapi.json', '/assets/none.js', '/api/auth/options']) {
      const reply = await edge.ask(path, { headers: { accept: 'text/html' } });
      expectGuarded(reply, path);
      expectHsts(reply, path);
    }
  });

  it('guard what the edge says itself, and keep that out of every cache too', async () => {
    const asked = [
      ['/api/chat/send', { method: 'POST', headers, body: 'x'.repeat(3_000_000) }, 413],
      ['/api/../%2e%2e/me', { headers }, 400],
      ['/metrics', {}, 404],
    ] as const;
    for (const [path, how, status] of asked) {
      const reply = await edge.ask(path, how);
      expect([path, reply.status]).toEqual([path, status]);
      expectGuarded(reply, path);
      expect(reply.headers['cache-control'], path).toBe('no-store');
    }
    await lamplight.process.kill();
    const away = await edge.ask('/api/me', { headers });
    expect(away.status).toBeGreaterThanOrEqual(502);
    expectGuarded(away, 'no service');
    expectHsts(away, 'no service');
    expect(away.headers['cache-control']).toBe('no-store');
  });
});
