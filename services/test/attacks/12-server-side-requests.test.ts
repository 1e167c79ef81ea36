import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Route } from '#contract/route.ts';
import { routes } from '#contract/routes.ts';
import { clientFrame } from '#contract/socket.ts';
import { createTestProvider, type TestProvider } from '#tests/servers/open-id-provider.ts';
import { linkIn, mailsTo, readOutbox } from '#tests/servers/outbox.ts';
import { type AttackedLamplight, bearer, password, startAttackedLamplight } from './attacked-lamplight.fixture.ts';
import { bodiesOf, filled, isSchema, jsonSchema } from './filled-bodies.fixture.ts';

/** What people type; served by nobody here, so that any other address in a mail or redirect shows. */
const publicUrl = 'https://chat.lamplight.test';

let lamplight: AttackedLamplight;
let provider: TestProvider;
/** Listens on both loopback addresses: whoever connects was made to. */
const traps: Server[] = [];
let connections = 0;
let port = 0;

beforeAll(async () => {
  const listen = async (host: string, at: number) => {
    const trap = createServer((socket) => {
      connections += 1;
      socket.end(
        'HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/meta-data/\r\nContent-Length: 0\r\n\r\n',
      );
    }).listen(at, host);
    await once(trap, 'listening');
    traps.push(trap);
    return (trap.address() as AddressInfo).port;
  };
  port = await listen('127.0.0.1', 0);
  await listen('::1', port).catch(() => {});
  provider = await createTestProvider();
  await provider.start(`${publicUrl}${routes.finishOpenId.path}`);
  lamplight = await startAttackedLamplight({
    PUBLIC_URL: publicUrl,
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: provider.clientId,
    OIDC_CLIENT_SECRET: provider.clientSecret,
  });
});
afterAll(async () => {
  await lamplight?.stop();
  await provider?.stop();
  for (const trap of traps) trap.close();
});

/** 127.0.0.1 in its spellings, names that lead there (also only at the second question), and what parsers read in two ways. */
const hosts = (): string[] => [
  `127.0.0.1:${port}`,
  `2130706433:${port}`,
  `0177.0.0.1:${port}`,
  `0x7f.1:${port}`,
  `0x7f000001:${port}`,
  `127.1:${port}`,
  `0:${port}`,
  `[::1]:${port}`,
  `[::ffff:7f00:1]:${port}`,
  `[::ffff:127.0.0.1]:${port}`,
  `localhost:${port}`,
  `LOCALHOST.:${port}`,
  `localtest.me:${port}`,
  `7f000001.c0a80001.rbndr.us:${port}`,
  `chat.lamplight.test@127.0.0.1:${port}`,
  `127.0.0.1:${port}#@chat.lamplight.test`,
  `127.0.0.1:${port}\\@chat.lamplight.test`,
  `①②⑦.⓪.⓪.①:${port}`,
];

/** Every field of a schema, with its format. */
function* fieldsOf(schema: unknown, name = ''): Generator<{ readonly name: string; readonly format: unknown }> {
  if (!isSchema(schema)) return;
  if (name !== '') yield { name, format: schema['format'] };
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties' && isSchema(value))
      for (const [field, of] of Object.entries(value)) yield* fieldsOf(of, field);
    else if (Array.isArray(value)) for (const each of value) yield* fieldsOf(each);
    else yield* fieldsOf(value);
  }
}
/** But no favourite, which has `uri` in it. */
const looksLikeAddress =
  /(?<!favo)ur[il]|href|link|host|domain|call_?back|hook|origin|endpoint|redirect|return|avatar|image|icon|site/i;
const addressFields = (schema: z.ZodType): string[] =>
  [...fieldsOf(jsonSchema(schema))]
    .filter(({ name, format }) => looksLikeAddress.test(name) || /^(uri|url|hostname|ip)/.test(String(format ?? '')))
    .map(({ name }) => name);

describe('nothing that a person can set', () => {
  const inputs = (route: Route) => [route.params, route.query, route.body].filter((part) => part !== undefined);

  it('is an address, in any route or frame', () => {
    expect(addressFields(z.object({ a: z.array(z.object({ webhookUrl: z.string(), b: z.url() })) }))).toEqual([
      'webhookUrl',
      'b',
    ]);
    const found = [...Object.values<Route>(routes).flatMap(inputs), clientFrame].flatMap(addressFields);
    expect(found).toEqual([]);
  });

  it('makes the server connect anywhere, whatever field or header it stands in', { timeout: 60_000 }, async () => {
    // Of those who end themselves, somebody else each time.
    const ends = ['logout', 'endSessions', 'deleteMe'];
    let asked = 0;
    const reached = new Set<string>();
    for (const [index, host] of hosts().entries()) {
      const text = `http://${host}/latest/meta-data/`;
      const headers = headersOf(host, text);
      await Promise.all(
        Object.entries<Route>(routes).map(async ([name, route]) => {
          if (index > 0 && ends.includes(name)) return;
          const who = ends.includes(name) ? await lamplight.newPerson('guest') : lamplight.admin;
          const path = route.path.replace(/:\w+/g, encodeURIComponent(text).slice(0, 60));
          const fields = route.query ? Object.keys(route.query.shape) : ['url', 'redirect_uri', 'next'];
          const query = fields.map((field) => `${field}=${encodeURIComponent(text)}`).join('&');
          for (const body of route.body ? bodiesOf(jsonSchema(route.body), text) : [undefined]) {
            const reply = await lamplight.raw({
              method: route.method.toUpperCase(),
              path: `${path}?${query}`,
              headers: [bearer(who.accessToken), ...headers, ['Content-Type', 'application/json']],
              ...(body !== undefined && { body: JSON.stringify(body) }),
              timeoutMs: 20_000,
            });
            asked += 1;
            if (reply.status < 300) reached.add(name);
            expect(reply.status, `${name}: ${reply.text}`).not.toBe(500);
            const { location } = reply.headers;
            if (location) expect([publicUrl, provider.issuer]).toContain(new URL(location).origin);
          }
        }),
      );
    }
    // It was not the door alone that stopped them.
    expect(asked).toBeGreaterThan(900);
    const stored = [
      'createGuest',
      'register',
      'forgotPassword',
      'changeMe',
      'createKey',
      'createConversation',
      'invite',
    ];
    expect([...reached]).toEqual(expect.arrayContaining([...stored, 'send', 'sendSimple', 'changeRuntimeSettings']));
    expect(connections).toBe(0);
  });

  it('makes the server connect anywhere from a frame', async () => {
    const { client } = lamplight.admin;
    const socket = await client.socket();
    const variants = jsonSchema(clientFrame);
    const frames = [variants['anyOf'], variants['oneOf']].find(Array.isArray) ?? [];
    expect(frames.length).toBeGreaterThan(2);
    for (const host of hosts()) {
      for (const frame of frames) socket.send(filled(frame, `http://${host}/`) as Record<string, unknown>);
    }
    socket.send({ type: 'send', text: `http://127.0.0.1:${port}/`, clientMessageId: 'the-last' });
    await socket.frame('done');
    await socket.close();
    expect(connections).toBe(0);
  });

  it('is fetched: a trap that stays empty is one that works', async () => {
    await fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual' });
    expect(connections).toBe(1);
  });
});

/** Every header that says where something is. `host` as ASCII: others cannot be written. */
function headersOf(host: string, text: string): ReadonlyArray<readonly [string, string]> {
  const ascii = (value: string) => value.replace(/[^\x20-\x7e]/g, '?');
  const names = [
    'Referer',
    'X-Original-URL',
    'X-Rewrite-URL',
    'Destination',
    'Tracestate',
    'Baggage',
    'User-Agent',
    'Via',
    'From',
  ];
  return [
    ...['X-Forwarded-Host', 'X-Forwarded-Server', 'X-Host', 'Proxy'].map((name) => [name, ascii(host)] as const),
    ...names.map((name) => [name, ascii(text)] as const),
    ['X-Forwarded-Proto', ascii(text)],
    ['X-Forwarded-For', ascii(host)],
    ['Forwarded', `for="${ascii(host)}";host="${ascii(host)}";proto=http`],
    ['Traceparent', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`],
  ];
}

describe('mails and redirects lead to the public address alone', () => {
  const evil = 'evil.example.net';
  const poison = [
    ['X-Forwarded-Host', evil],
    ['X-Forwarded-Proto', 'http'],
    ['Forwarded', `host=${evil}`],
    ['X-Original-Host', evil],
  ] as const;

  it('whatever the request says', async () => {
    const email = 'poisoned@lamplight.test';
    const known = await lamplight.newPerson('user');
    const headers = [['Host', evil] as const, ...poison];
    const registered = { email, name: 'Ada', password };
    expect((await lamplight.post('/api/auth/register', registered, headers)).status).toBe(202);
    expect((await lamplight.post('/api/auth/forgot', { email: known.email }, headers)).status).toBe(202);
    const mails = [
      ...(await mailsTo(lamplight.outbox, email)),
      ...(await mailsTo(lamplight.outbox, known.email ?? '', 2)),
    ];
    expect(mails.map((mail) => new URL(linkIn(mail)).origin)).toEqual([publicUrl, publicUrl, publicUrl]);
  });

  it('and a request of two hosts is none (RFC 9112, section 3.2)', async () => {
    const two = [
      ['Host', 'chat.lamplight.test'],
      ['Host', evil],
    ] as const;
    for (const path of ['/health', '/', '/api/auth/options']) {
      const { status, code } = await lamplight.raw({ path, headers: two });
      expect([status, code]).toEqual([400, 'invalid_request']);
    }
  });

  it('in every mail that there is', async () => {
    const mails = await readOutbox(lamplight.outbox);
    const addresses = mails.flatMap(
      ({ text = '', html = '' }) => `${text} ${html}`.match(/https?:\/\/[^\s"'<>]+/g) ?? [],
    );
    expect(addresses.length).toBeGreaterThan(10);
    expect([...new Set(addresses.map((address) => new URL(address).origin))]).toEqual([publicUrl]);
    expect(JSON.stringify(mails)).not.toContain(evil);
  });

  it('when somebody signs in through OpenID, whatever the request says', async () => {
    const wishes = [
      'redirect_uri',
      'redirect',
      'next',
      'returnTo',
      'return_to',
      'url',
      'iss',
      'state',
      'code',
      'error',
    ];
    const query = wishes.map((wish) => `${wish}=${encodeURIComponent(`https://${evil}/`)}`).join('&');
    const start = await lamplight.raw({ path: `${routes.startOpenId.path}?${query}`, headers: poison });
    const to = new URL(start.headers['location'] ?? '');
    expect([start.status, to.origin]).toEqual([302, provider.issuer]);
    expect(to.href).not.toContain(evil);
    const cookie = start.headers['set-cookie']?.split(';')[0] ?? '';
    for (const headers of [poison, [...poison, ['Cookie', cookie] as const]]) {
      const back = await lamplight.raw({ path: `${routes.finishOpenId.path}?${query}`, headers });
      const page = new URL(back.headers['location'] ?? '');
      expect([back.status, page.origin, page.pathname]).toEqual([302, publicUrl, '/sign-in']);
      expect(page.href).not.toContain(evil);
    }
  });
});
