import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { continueTrace } from '#platform/telemetry/trace.ts';
import { type Edge, mainHost, startEdge } from './edge.fixture.ts';
import { startEcho, type Upstream } from './upstream.fixture.ts';

const { nginx } = inject('programs');

const id = '0af7651916cd43dd8448eb211c80319c';
const parent = `00-${id}-b7ad6b7169203331-01`;
const other = 'f'.repeat(32);

describe.skipIf(!nginx)('the trace of a request', () => {
  let api: Upstream;
  let edge: Edge;
  beforeAll(async () => {
    api = await startEcho('api');
    edge = await startEdge(nginx ?? '', { env: { EDGE_API_UPSTREAM: api.address, PUBLIC_URL: `https://${mainHost}` } });
  });
  afterAll(async () => {
    await edge?.stop();
    await api?.close();
  });

  const given: ReadonlyArray<{ traceparent?: string; 'x-trace-id'?: string }> = [
    {},
    { traceparent: parent },
    { traceparent: parent, 'x-trace-id': other },
    { 'x-trace-id': other },
    { traceparent: `cc-${id}-b7ad6b7169203331-01-more` },
    { traceparent: `ff-${id}-b7ad6b7169203331-01` },
    { traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` },
    { traceparent: `00-${id}-${'0'.repeat(16)}-01`, 'x-trace-id': other },
    { traceparent: parent.toUpperCase() },
    { traceparent: `${parent}x` },
    { traceparent: `x${parent}` },
    { traceparent: parent.slice(0, -1) },
    { 'x-trace-id': '0'.repeat(32) },
    { 'x-trace-id': other.toUpperCase() },
    { 'x-trace-id': `${other}0` },
    { 'x-trace-id': '"}evil' },
  ];

  it.each(given)('is by the rules of the services: %o', async (headers) => {
    const reply = await edge.ask('/api/me', { headers: { ...headers, tracestate: 'a=1' } });
    const shown = String(reply.headers['x-trace-id']);
    const sent = api.seen.at(-1)?.headers;
    const expected = [continueTrace(headers.traceparent, headers['x-trace-id']).traceId, shown];
    // Where nothing usable came, both make a new one.
    const kept = expected.some((each) => each === id || each === other);
    if (kept) expect(shown).toBe(expected[0]);
    expect(shown).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    expect(continueTrace(String(sent?.['traceparent'])).traceId).toBe(shown);
    expect(sent?.['x-trace-id']).toBe(shown);
    const passed = kept && shown === id;
    expect([sent?.['traceparent'] === headers['traceparent'], sent?.['tracestate']]).toEqual([
      passed,
      passed ? 'a=1' : undefined,
    ]);
  });

  it('is another for each request', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => edge.ask('/')));
    expect(new Set(replies.map(({ headers }) => headers['x-trace-id'])).size).toBe(20);
  });

  it('is in the replies that Nginx makes itself, and in their bodies', async () => {
    for (const path of ['/', '/none.js', '/metrics', '/api/..', '/api/chat/send']) {
      const reply = await edge.ask(path, { headers: { traceparent: parent } });
      expect(reply.headers['x-trace-id']).toBe(id);
      if (reply.status >= 400) expect(JSON.parse(reply.body).error.traceId).toBe(id);
    }
  });
});

describe.skipIf(!nginx)('the access log', () => {
  let api: Upstream;
  let edge: Edge;
  beforeAll(async () => {
    api = await startEcho('api');
    edge = await startEdge(nginx ?? '', { env: { EDGE_API_UPSTREAM: api.address } });
  });
  afterAll(async () => {
    await edge?.stop();
    await api?.close();
  });

  it('has a line of JSON with the names of ECS for each request', async () => {
    const body = JSON.stringify({ text: 'hello' });
    await edge.ask('/api/conversations', {
      method: 'POST',
      body,
      headers: {
        traceparent: parent,
        'user-agent': 'Lamp "1"\\',
        authorization: 'Bearer secret-token',
        cookie: 'refresh=secret-cookie',
      },
    });
    const [line] = await edge.logged('/api/conversations');
    expect(line).toMatchObject({
      '@timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      'ecs.version': expect.any(String),
      'service.name': 'lamplight-edge',
      'event.dataset': 'lamplight-edge.access',
      'event.outcome': 'success',
      'event.duration': expect.any(Number),
      'trace.id': id,
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'http.response.body.bytes': expect.any(Number),
      'url.domain': mainHost,
      'source.address': '127.0.0.1',
      'user_agent.original': 'Lamp "1"\\',
      'tls.version': '',
      'upstream.address': api.address,
      'upstream.status': '200',
    });
    expect(JSON.stringify(line)).not.toContain('secret');
  });

  it('has no query and no bytes that are not text, and stays JSON', async () => {
    await edge.ask('/api/log-query?ticket=secret-ticket&q=secret#secret-part', {
      headers: { referer: 'https://x/?secret' },
    });
    const [line] = await edge.logged('/api/log-query');
    expect(JSON.stringify(line)).not.toContain('secret');
    await edge.raw(
      `GET /api/log-bytes HTTP/1.1\r\nHost: ${mainHost}\r\nUser-Agent: \xff\xfe"\\\t\r\nConnection: close\r\n\r\n`,
    );
    expect(await edge.logged('/api/log-bytes')).toHaveLength(1);
    await edge.raw(
      Buffer.from(`GET /api/log-raw\xff?secret HTTP/1.1\r\nHost: ${mainHost}\r\nConnection: close\r\n\r\n`, 'latin1'),
    );
    expect(JSON.stringify(await edge.logged('/api/log-raw'))).not.toContain('secret');
  });

  it('has durations in nanoseconds', async () => {
    await edge.ask('/api/log-duration');
    const [line] = await edge.logged('/api/log-duration');
    expect(Number(line?.['event.duration']) % 1e6).toBe(0);
  });
});
