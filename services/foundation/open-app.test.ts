import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorResponse } from '#contract/errors.ts';
import { health } from '#contract/health.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { openApp, serveApp } from './open-app.ts';

describe('the HTTP app of a process', () => {
  let app: TestChat;
  beforeEach(async () => {
    app = await createTestChat();
  });
  afterEach(() => app.close());

  const serve = async () => {
    const port = await serveApp(app.foundation, openApp(app.foundation));
    return `http://127.0.0.1:${port}`;
  };

  it('says how the process is, and that there is nothing else', async () => {
    const url = await serve();
    const reply = await fetch(`${url}/health`);
    expect(health.parse(await reply.json())).toMatchObject({ status: 'ok', service: 'test', version: '0.0.0-test' });
    const nothing = await fetch(`${url}/api/me`);
    expect([nothing.status, errorResponse.parse(await nothing.json()).error.code]).toEqual([404, 'not_found']);
    expect(nothing.headers.get('strict-transport-security')).toBeNull();
  });

  it('tells browsers to stay with TLS where people reach it so', async () => {
    const { foundation } = app;
    const http = { ...foundation.config.http, publicUrl: 'https://lamplight.test' };
    const secured = openApp({ ...foundation, config: { ...foundation.config, http } });
    const port = await serveApp(foundation, secured);
    const reply = await fetch(`http://127.0.0.1:${port}/health`);
    expect(reply.headers.get('strict-transport-security')).toContain('max-age');
  });

  it('says that it is degraded where the store is away, and draining while it stops', async () => {
    const gate = Promise.withResolvers<void>();
    const url = await serve();
    app.foundation.lifecycle.add('slow', { drain: () => gate.promise });
    await app.foundation.store.close();
    const status = async () => health.parse(await (await fetch(`${url}/health`)).json()).status;
    expect(await status()).toBe('degraded');
    const stopped = app.foundation.lifecycle.stop();
    expect(await status()).toBe('draining');
    gate.resolve();
    await stopped;
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });

  it('answers a request that asks for another protocol as if it had not', async () => {
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABk' };
    const asked = request(`${await serve()}/health`, { headers }).end();
    const [response] = await once(asked, 'response');
    response.resume();
    expect(response.statusCode).toBe(200);
  });
});
