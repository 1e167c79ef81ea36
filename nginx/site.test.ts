import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { routes } from '#contract/routes.ts';
import { routePath } from '#scripts/services/front.ts';
import { apiHost, defaultWeb, type Edge, startEdge } from './edge.fixture.ts';
import { startEcho, type Upstream } from './upstream.fixture.ts';

const { nginx } = inject('programs');
const navigation = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe.skipIf(!nginx)('the sites of the edge', () => {
  let [api, realtime]: Upstream[] = [];
  let edge: Edge;
  beforeAll(async () => {
    [api, realtime] = await Promise.all([startEcho('api'), startEcho('realtime')]);
    edge = await startEdge(nginx ?? '', {
      env: {
        API_URL: `http://${apiHost}`,
        EDGE_API_UPSTREAM: api?.address ?? '',
        EDGE_REALTIME_UPSTREAM: realtime?.address ?? '',
        MAX_FILE_SIZE_MB: '3',
      },
    });
  });
  afterAll(async () => {
    await edge?.stop();
    await Promise.all([api?.close(), realtime?.close()]);
  });

  const page = defaultWeb['index.html'];

  it.each([
    '/',
    '/c/0198',
    '/index.html',
    '/story/of/a/lamp',
    '/apix',
    '/docsx',
    '/healthy',
    '/wsx',
    '/reset-x',
    '/c/verify',
  ])('gives the page to who navigates to %s, and never lets it be kept', async (path) => {
    const { status, headers, body } = await edge.ask(path, { headers: navigation });
    expect([status, body, headers['content-type']]).toEqual([200, page, 'text/html; charset=utf-8']);
    expect([headers['cache-control'], headers.etag, headers['last-modified']]).toEqual([
      'no-cache',
      undefined,
      undefined,
    ]);
  });

  it.each(['sign-in', 'register', 'verify', 'forgot', 'reset', 'invitation', 'verify/', 'sign-in?next=/c/1'])(
    'gives the page to who navigates to /%s, and lets nothing of it be kept',
    async (path) => {
      const { status, headers, body } = await edge.ask(`/${path}`, { headers: navigation });
      expect([status, body, headers['cache-control']]).toEqual([200, page, 'no-store']);
      expect(headers['content-security-policy']).toContain("script-src 'self';");
      expect(headers['referrer-policy']).toBe('no-referrer');
    },
  );

  it.each(['story', 'story/', 'unsubscribe', 'unsubscribe?x=1'])(
    'gives the page to who navigates to /%s, and neither lists it nor lets it be kept',
    async (path) => {
      const { status, headers, body } = await edge.ask(`/${path}`, { headers: navigation });
      expect([status, body, headers['cache-control']]).toEqual([200, page, 'no-store']);
      expect([headers['x-robots-tag'], headers['referrer-policy']]).toEqual(['noindex, nofollow', 'no-referrer']);
    },
  );

  it.each(['', 'stories', 'story/of/a/lamp'])('leaves the listing of /%s to who lists', async (path) => {
    expect((await edge.ask(`/${path}`, { headers: navigation })).headers).not.toHaveProperty('x-robots-tag');
  });

  it('gives the page whole although the browser says that it has it', async () => {
    const since = { 'if-modified-since': new Date(Date.now() + 1e6).toUTCString(), 'if-none-match': '*' };
    expect((await edge.ask('/', { headers: { ...navigation, ...since } })).body).toBe(page);
  });

  it('gives no page for a file that is not there', async () => {
    for (const path of ['/c/0198', '/c%20text/html', '/none.js', '/assets/none.js', '/favicon.ico']) {
      const { status, headers, body } = await edge.ask(path, { headers: { accept: '*/*' } });
      expect([status, headers['content-type'], headers['cache-control']]).toEqual([
        404,
        'application/json; charset=utf-8',
        'no-store',
      ]);
      expect(JSON.parse(body)).toEqual({
        error: { code: 'not_found', message: expect.any(String), traceId: headers['x-trace-id'] },
      });
    }
    expect((await edge.ask('/assets/none.js', { headers: navigation })).status).toBe(404);
    expect((await edge.ask('/assets/', { headers: navigation })).status).toBe(404);
  });

  it('gives hashed files for a year, in the best form that the browser takes', async () => {
    const path = '/assets/index-abc123.js';
    const forms = [
      ['br, gzip', 'br', defaultWeb['assets/index-abc123.js.br']],
      ['gzip', 'gzip', defaultWeb['assets/index-abc123.js.gz']],
      ['identity', undefined, defaultWeb['assets/index-abc123.js']],
    ] as const;
    for (const [accepted, encoding, content] of forms) {
      const { status, headers, body } = await edge.ask(path, { headers: { 'accept-encoding': accepted } });
      expect([status, headers['content-encoding'], body]).toEqual([200, encoding, content]);
      expect(headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        'content-type': 'application/javascript; charset=utf-8',
        vary: expect.stringContaining('Accept-Encoding'),
      });
    }
  });

  it.each([
    ['sw.js', 'application/javascript; charset=utf-8'],
    ['manifest.webmanifest', 'application/manifest+json; charset=utf-8'],
  ] as const)('gives /%s by its type, asked for each time, on the page’s host alone', async (name, type) => {
    const { status, headers, body } = await edge.ask(`/${name}`);
    expect([status, body, headers['content-type']]).toEqual([200, defaultWeb[name], type]);
    expect([headers['cache-control'], headers.etag]).toEqual(['no-cache', undefined]);
    expect(headers['content-security-policy']).toContain("worker-src 'self';manifest-src 'self';");
    expect((await edge.ask(`/${name}`, { host: apiHost })).status).toBe(404);
  });

  it('tells the page where the API is, and never lets that be kept', async () => {
    const { headers, body } = await edge.ask('/settings.js');
    expect(body).toBe(`globalThis.lamplightSettings = {"apiUrl":"http://${apiHost}"};\n`);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/javascript; charset=utf-8',
    });
  });

  it('gives nothing but the API on the API host', async () => {
    for (const path of ['/', '/index.html', '/settings.js', '/assets/index-abc123.js', '/c/0198']) {
      const { status, body } = await edge.ask(path, { host: apiHost, headers: navigation });
      expect([status, JSON.parse(body).error.code]).toEqual([404, 'not_found']);
    }
  });

  const paths = [
    ...Object.values(routes).map((route) => route.path.replaceAll(/:\w+/g, '0198')),
    '/api/openapi.json',
    '/api',
    '/api/',
    '/api/chat',
    '/api/chats',
    '/api/runsx',
    '/api/files/1/download',
    '/docs',
    '/docs/start.js',
    '/ws?ticket=x',
    '/ws/x',
  ];

  it.each(paths)('sends %s where the services expect it, on both hosts, as it is', async (path) => {
    for (const host of [undefined, apiHost]) {
      const { body } = await edge.ask(path, host ? { host } : {});
      expect(JSON.parse(body)).toMatchObject({ service: routePath(path), url: path });
    }
  });

  it('keeps what escapes in a path mean', async () => {
    for (const path of ['/api/conversations/a%20b?q=%2F%2e&x=//', '/api/conversations/%C3%A9', '/api/x;y=1/z.txt']) {
      expect(JSON.parse((await edge.ask(path)).body).url).toBe(path);
    }
  });

  it.each([
    '/.env',
    '/.git/config',
    '/assets/.htpasswd',
    '/api/.env',
    '/docs/.x',
    '/.well-known/security.txt',
    '/%2eenv',
  ])('has no hidden file: %s', async (path) => {
    const { status } = await edge.ask(path, { headers: navigation });
    expect([status, api?.seen.some(({ url }) => url === path)]).toEqual([404, false]);
  });

  it.each(['/metrics', '/livez', '/readyz', '/grafana', '/grafana/', '/METRICS', '/%6detrics', '/metrics/x'])(
    'has nothing for operators: %s',
    async (path) => {
      for (const host of [undefined, apiHost]) {
        expect((await edge.ask(path, { ...(host && { host }), headers: navigation })).status).toBe(404);
      }
    },
  );

  it('takes files as large as allowed where files go, and bodies of JSON elsewhere', async () => {
    const megabyte = 1024 ** 2;
    const send = (path: string, bytes: number) => edge.ask(path, { method: 'POST', body: Buffer.alloc(bytes, 'a') });
    expect(JSON.parse((await send('/api/files', 3.5 * megabyte)).body).bytes).toBe(3.5 * megabyte);
    expect(JSON.parse((await send('/api/chat/send', 1.5 * megabyte)).body).bytes).toBe(1.5 * megabyte);
    for (const [path, bytes] of [
      ['/api/files', 4 * megabyte + 1],
      ['/api/chat/send', 2.1 * megabyte],
      ['/api/me', 2.1 * megabyte],
      ['/api/auth/token', 65_537],
      ['/', 70_000],
    ] as const) {
      const { status, body } = await send(path, bytes);
      expect([path, status, JSON.parse(body).error.code]).toEqual([path, 413, 'payload_too_large']);
    }
  });

  it.each([200, 400, 404, 409, 413, 429, 500, 502, 503, 504])(
    'passes the status %i of a service through as it is',
    async (status) => {
      const reply = await edge.ask('/api/me', { headers: { 'x-answer-status': String(status) } });
      expect([reply.status, JSON.parse(reply.body).service]).toEqual([status, 'api']);
      expect(reply.headers['retry-after']).toBe(status === 503 ? '7' : undefined);
    },
  );

  it('answers its own health on any unknown host, and nothing else there', async () => {
    expect(await edge.ask('/edge-health', { host: '10.0.0.1:8080' })).toMatchObject({ status: 200, body: 'ok\n' });
    for (const host of ['evil.org', `${apiHost}.evil.org`, '10.0.0.1', 'x']) {
      for (const path of ['/', '/api/me', '/settings.js', '/metrics']) {
        const { status, body } = await edge.ask(path, { host });
        expect([status, JSON.parse(body).error.code]).toEqual([421, 'invalid_request']);
      }
    }
  });

  it('compresses JSON, but neither what signs people in nor what is compressed', async () => {
    const big = { headers: { 'x-long': 'a'.repeat(3000), 'accept-encoding': 'gzip' } };
    expect((await edge.ask('/api/me', big)).headers['content-encoding']).toBe('gzip');
    expect((await edge.ask('/api/chat/send-simple', big)).headers['content-encoding']).toBe('gzip');
    expect((await edge.ask('/api/auth/guest', big)).headers['content-encoding']).toBeUndefined();
    expect(JSON.parse((await edge.ask('/api/auth/guest', big)).body).headers['accept-encoding']).toBeUndefined();
  });
});

describe.skipIf(!nginx)('limits by client address', () => {
  it('refuse what is too much with 429, when to come again, and the error of the API', async () => {
    const api = await startEcho('api');
    const env = { EDGE_API_UPSTREAM: api.address, EDGE_REQUESTS_PER_SECOND: '1' };
    const edge = await startEdge(nginx ?? '', { env });
    const replies = await Promise.all(Array.from({ length: 12 }, () => edge.ask('/api/me')));
    const refused = replies.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(5);
    expect(api.seen.length).toBe(12 - refused.length);
    for (const { headers, body } of refused) {
      expect(headers['retry-after']).toBe('1');
      expect(JSON.parse(body).error).toMatchObject({ code: 'rate_limited', traceId: headers['x-trace-id'] });
    }
    expect((await edge.ask('/')).status).toBe(200);
    await edge.stop();
    await api.close();
  });
});
