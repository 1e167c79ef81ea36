import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect as connectHttp2, constants } from 'node:http2';
import { request } from 'node:https';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { makeCertificate } from './certificate.fixture.ts';
import { apiHost, askOn, type Edge, mainHost, openFolder, startEdge } from './edge.fixture.ts';
import { startEcho, type Upstream } from './upstream.fixture.ts';

const { nginx } = inject('programs');

describe.skipIf(!nginx)('the edge over HTTPS', () => {
  let api: Upstream;
  let edge: Edge;
  const sockets = new WebSocketServer({ noServer: true });
  beforeAll(async () => {
    const folder = await openFolder();
    const { cert, key } = await makeCertificate(folder);
    const challenges = join(folder, '.well-known/acme-challenge');
    await mkdir(challenges, { recursive: true });
    await writeFile(join(challenges, 'token_1'), 'token_1.thumbprint');
    api = await startEcho('api');
    api.server.on('upgrade', (req, socket, head) => sockets.handleUpgrade(req, socket, head, (ws) => ws.send('hello')));
    edge = await startEdge(nginx ?? '', {
      env: {
        EDGE_TLS: 'on',
        PUBLIC_URL: `https://${mainHost}`,
        API_URL: `https://${apiHost}`,
        EDGE_CERTIFICATE: cert,
        EDGE_CERTIFICATE_KEY: key,
        EDGE_ACME_ROOT: folder,
        EDGE_API_UPSTREAM: api.address,
        EDGE_REALTIME_UPSTREAM: api.address,
      },
    });
  });
  afterAll(async () => {
    sockets.close();
    await edge?.stop();
    await api?.close();
  });

  const over = async (path: string, { servername = mainHost, host }: { servername?: string; host?: string } = {}) => {
    const place = {
      host: '127.0.0.1',
      port: edge.httpsPort,
      servername,
      rejectUnauthorized: false,
      agent: false as const,
    };
    const asking = request({ ...place, path, headers: { host: host ?? servername } });
    asking.end();
    const [reply] = await once(asking, 'response');
    let body = '';
    for await (const chunk of reply) body += chunk;
    return { status: reply.statusCode as number, headers: reply.headers, body };
  };

  it.each([
    ['/', '/'],
    ['/c/1?x=%2F&y=1', '/c/1?x=%2F&y=1'],
    ['//evil.org/%2e%2e', '//evil.org/%2e%2e'],
    ['/%0d%0aSet-Cookie:%20a=b', '/%0d%0aSet-Cookie:%20a=b'],
    ['/@evil.org', '/@evil.org'],
    ['/.env', '/.env'],
    ['/.well-known/security.txt', '/.well-known/security.txt'],
  ])('is where HTTP sends everybody, to the same place: %s', async (path, place) => {
    for (const host of [mainHost, apiHost]) {
      const { status, headers } = await edge.ask(path, { host: `${host}:8080`, method: 'POST', body: '{}' });
      expect([status, headers.location]).toEqual([308, `https://${host}${place}`]);
      expect(headers['strict-transport-security']).toBeUndefined();
    }
  });

  it('sends who asks with a whole address to the same place', async () => {
    for (const [target, place] of [
      [`http://${mainHost}/c/1?x=1`, '/c/1?x=1'],
      [`http://${mainHost}`, '/'],
    ]) {
      const reply = await edge.raw(`GET ${target} HTTP/1.1\r\nHost: evil.org\r\nConnection: close\r\n\r\n`);
      expect(reply).toMatch(/^HTTP\/1\.1 308 /);
      const location = /^location: (.*)$/im.exec(reply)?.[1] ?? '';
      expect(new URL(location).href).toBe(`https://${mainHost}${place}`);
    }
    for (const target of [
      '.evil.org/',
      '@evil.org/',
      `http://${mainHost}:80@evil.org/`,
      `http://${mainHost}?.evil.org/`,
    ]) {
      const reply = await edge.raw(`GET ${target} HTTP/1.1\r\nHost: ${mainHost}\r\nConnection: close\r\n\r\n`);
      const location = /^location: (.*)$/im.exec(reply)?.[1];
      if (location !== undefined) expect(new URL(location).host).toBe(mainHost);
      else expect(reply).toMatch(/^HTTP\/1\.1 (400|421) /);
    }
  });

  it('is not where the challenges of certificate authorities are', async () => {
    for (const host of [mainHost, apiHost]) {
      const found = await edge.ask('/.well-known/acme-challenge/token_1', { host });
      expect(found).toMatchObject({ status: 200, body: 'token_1.thumbprint' });
      expect((await edge.ask('/.well-known/acme-challenge/none', { host })).status).toBe(404);
      expect((await edge.ask('/.well-known/acme-challenge/', { host })).status).toBe(404);
    }
  });

  it('sends no other host anywhere', async () => {
    for (const host of ['evil.org', `${mainHost}.evil.org`, `${mainHost}@evil.org`]) {
      const { status, headers } = await edge.ask('/', { host });
      expect([400, 421]).toContain(status);
      expect(headers.location).toBeUndefined();
    }
  });

  it('serves both hosts, with HSTS, and tells services so', async () => {
    for (const servername of [mainHost, apiHost]) {
      const { status, headers, body } = await over('/api/me', { servername });
      expect([status, headers['strict-transport-security']]).toEqual([200, 'max-age=31536000; includeSubDomains']);
      expect(JSON.parse(body).headers).toMatchObject({ host: servername, 'x-forwarded-proto': 'https' });
    }
    expect((await edge.logged('/api/me'))[0]?.['tls.version']).toBe('TLSv1.3');
  });

  it('refuses the handshake for a name that is not ours, and without one', async () => {
    for (const servername of ['evil.org', '']) {
      const socket = connect({ host: '127.0.0.1', port: edge.httpsPort, servername, rejectUnauthorized: false });
      const [error] = await once(socket, 'error');
      expect(String(error)).toMatch(/unrecognized name/);
    }
  });

  it('refuses a request for another host over a handshake for ours', async () => {
    const { status, body } = await over('/api/me', { host: 'evil.org' });
    expect([status, JSON.parse(body).error.code]).toEqual([421, 'invalid_request']);
  });

  it('speaks TLS 1.2 and 1.3, and nothing older', async () => {
    const speak = async (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<string | null> => {
      const place = { host: '127.0.0.1', port: edge.httpsPort, servername: mainHost, rejectUnauthorized: false };
      // Node itself offers the old version at this level only.
      const socket: TLSSocket = connect({
        ...place,
        minVersion: version,
        maxVersion: version,
        ciphers: 'DEFAULT@SECLEVEL=0',
      });
      const agreed = await once(socket, 'secureConnect').then(
        () => true,
        () => false,
      );
      const spoken = agreed ? socket.getProtocol() : null;
      socket.destroy();
      return spoken;
    };
    expect([await speak('TLSv1.1'), await speak('TLSv1.2'), await speak('TLSv1.3')]).toEqual([
      null,
      'TLSv1.2',
      'TLSv1.3',
    ]);
  });

  it('speaks HTTP/2, with the same headers and errors', async () => {
    const session = connectHttp2(`https://127.0.0.1:${edge.httpsPort}`, {
      servername: mainHost,
      rejectUnauthorized: false,
    });
    const broken = once(session, 'error');
    const ask = async (path: string, authority = mainHost, more: Record<string, string> = {}) => {
      const stream = session.request({ ':path': path, ':authority': authority, ...more });
      const [headers] = await once(stream, 'response');
      let body = '';
      for await (const chunk of stream) body += chunk;
      return { headers, body };
    };
    const found = await ask('/api/me', mainHost, { origin: `https://${mainHost}` });
    expect(found.headers).toMatchObject({
      ':status': 200,
      'x-frame-options': 'DENY',
      'access-control-allow-origin': `https://${mainHost}`,
    });
    expect((await ask('/', mainHost, { accept: 'text/html' })).headers[':status']).toBe(200);
    // The certificate is good for the API host as well, so a browser may use this connection for it.
    expect(JSON.parse((await ask('/api/me', apiHost)).body).headers.host).toBe(apiHost);
    for (const [path, authority, status] of [
      ['/metrics', mainHost, 404],
      ['/api//me', mainHost, 404],
      ['/', 'evil.org', 421],
      ['/', apiHost, 404],
    ] as const) {
      const { headers, body } = await ask(path, authority);
      expect([headers[':status'], JSON.parse(body).error.traceId]).toEqual([status, headers['x-trace-id']]);
    }
    await expect(ask('/', mainHost, { 'x-long': '~'.repeat(9_000) })).rejects.toThrow(
      `code ${constants.NGHTTP2_ENHANCE_YOUR_CALM}`,
    );
    await broken;
  });

  it('carries sockets', async () => {
    const socket = new WebSocket(`wss://127.0.0.1:${edge.httpsPort}/ws`, {
      headers: { host: apiHost },
      createConnection: () =>
        connect({ host: '127.0.0.1', port: edge.httpsPort, servername: apiHost, rejectUnauthorized: false }),
    });
    expect(String((await once(socket, 'message'))[0])).toBe('hello');
    socket.terminate();
  });

  it('tells who speaks HTTP to its port so', async () => {
    const { status, body } = await askOn(edge.httpsPort, '/');
    expect([status, JSON.parse(body).error.message]).toEqual([400, 'This port speaks HTTPS.']);
  });

  it('gives a session only to who has its key: no tickets', async () => {
    const socket = connect({
      host: '127.0.0.1',
      port: edge.httpsPort,
      servername: mainHost,
      rejectUnauthorized: false,
      maxVersion: 'TLSv1.2',
    });
    await once(socket, 'secureConnect');
    expect(socket.getTLSTicket()).toBeUndefined();
    socket.destroy();
  });
});
