import { afterEach, describe, expect, inject, it } from 'vitest';
import { type Edge, mainHost, startEdge } from './edge.fixture.ts';
import { startEcho, type Upstream } from './upstream.fixture.ts';

const { nginx } = inject('programs');

const claims = {
  'x-forwarded-for': '198.51.100.7, 203.0.113.9, 10.1.2.3',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'evil.org',
  'x-forwarded-port': '666',
  'x-real-ip': '198.51.100.1',
  forwarded: 'for=198.51.100.1',
  'true-client-ip': '198.51.100.1',
  'cf-connecting-ip': '198.51.100.1',
  'x-client-ip': '198.51.100.1',
  'x-original-url': '/api/admin',
  'x-rewrite-url': '/api/admin',
  'x-http-method-override': 'DELETE',
  proxy: 'http://evil.org',
};

describe.skipIf(!nginx)('what a service learns of the client', () => {
  let api: Upstream;
  let edge: Edge;
  const start = async (env: Record<string, string> = {}) => {
    api = await startEcho('api');
    edge = await startEdge(nginx ?? '', { env: { EDGE_API_UPSTREAM: api.address, ...env } });
  };
  afterEach(async () => {
    await edge.stop();
    await api.close();
  });
  const told = async (headers: Record<string, string | string[]> = claims) => {
    await edge.ask('/api/me', { headers });
    const seen = api.seen.at(-1)?.headers ?? {};
    const names = [...Object.keys(claims), 'host'];
    return Object.fromEntries(names.flatMap((name) => (seen[name] === undefined ? [] : [[name, seen[name]]])));
  };
  const said = (address: string, proto: string) => ({
    host: mainHost,
    'x-forwarded-for': address,
    'x-forwarded-proto': proto,
    'x-forwarded-host': mainHost,
  });

  it('is the address of the connection, whatever the client claims', async () => {
    await start();
    expect(await told()).toEqual(said('127.0.0.1', 'http'));
    expect(await told({ 'X-Forwarded-For': ['1.2.3.4', '5.6.7.8'] })).toEqual(said('127.0.0.1', 'http'));
  });

  it('is what a trusted proxy says: the last address that is not trusted itself', async () => {
    await start({ EDGE_TRUSTED_PROXIES: '127.0.0.0/8, 10.0.0.0/8' });
    expect(await told()).toEqual(said('203.0.113.9', 'https'));
    expect((await edge.logged('/api/me'))[0]?.['source.address']).toBe('203.0.113.9');
  });

  it('is not what somebody says who is no trusted proxy', async () => {
    await start({ EDGE_TRUSTED_PROXIES: 'cloudflare' });
    expect(await told()).toEqual(said('127.0.0.1', 'http'));
  });

  it('is HTTPS where the public address is, though TLS ends in front', async () => {
    await start({ PUBLIC_URL: `https://${mainHost}` });
    expect(await told({ 'x-forwarded-proto': 'http' })).toEqual(said('127.0.0.1', 'https'));
  });

  it('is sent to HTTPS where a trusted proxy says that it came without', async () => {
    await start({ PUBLIC_URL: `https://${mainHost}`, EDGE_TRUSTED_PROXIES: '127.0.0.1' });
    const asked = async (path: string, proto: string, how: { method?: string; host?: string } = {}) => {
      const { status, headers } = await edge.ask(path, { ...how, headers: { 'x-forwarded-proto': proto } });
      return [status, headers.location];
    };
    expect(await asked('/api/me?a=%20b', 'http')).toEqual([308, `https://${mainHost}/api/me?a=%20b`]);
    expect(await asked('/', 'http', { method: 'POST' })).toEqual([308, `https://${mainHost}/`]);
    expect(await asked('/api/me', 'https')).toEqual([200, undefined]);
    expect((await edge.ask('/api/me')).status).toBe(200);
    // What a certificate authority and an orchestrator ask for is answered where it is asked.
    expect(await asked('/.well-known/acme-challenge/none', 'http')).toEqual([404, undefined]);
    expect(await asked('/edge-health', 'http', { host: '10.0.0.1' })).toEqual([200, undefined]);
  });

  it('is the host with its port, as people type it', async () => {
    await start({ PUBLIC_URL: `https://${mainHost}:8443` });
    expect((await told({})).host).toBe(`${mainHost}:8443`);
  });

  it('does not count the clients of a trusted proxy as one', async () => {
    await start({ EDGE_TRUSTED_PROXIES: '127.0.0.1', EDGE_REQUESTS_PER_SECOND: '1' });
    const from = (address: string) => edge.ask('/api/me', { headers: { 'x-forwarded-for': address } });
    const many = (address: (n: number) => string) =>
      Promise.all(Array.from({ length: 20 }, (_, n) => from(address(n)).then(({ status }) => status)));
    expect(await many((n) => `203.0.113.${n}`)).not.toContain(429);
    expect(await many((n) => `2001:db8:0:${n}::1`)).not.toContain(429);
    expect(await many(() => '198.51.100.1')).toContain(429);
    // One customer's network is one client.
    expect(await many((n) => `2001:db8:aa:bb::${n}`)).toContain(429);
    expect(await many((n) => `2001:db8::${n}`)).toContain(429);
  });
});
