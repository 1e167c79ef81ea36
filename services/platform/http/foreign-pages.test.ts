import supertest from 'supertest';
import { describe, expect, it } from 'vitest';
import type { Route } from '#contract/route.ts';
import { routes } from '#contract/routes.ts';
import { refuseForeignPages } from './foreign-pages.ts';
import { createTestApp } from './test-app.ts';

const publicUrl = 'https://chat.example.org';
const corsOrigins = ['https://app.example.net'];
const refuse = refuseForeignPages({ publicUrl, corsOrigins });
const from = (headers: Record<string, string>) => () => refuse({ headers: { host: 'chat.example.org', ...headers } });

describe('a page of another site', () => {
  it.each<[string, Record<string, string>]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['no origin at all', { origin: 'null' }],
    ['another host beside ours', { origin: 'https://evil.example.org' }],
    ['our host without TLS', { origin: 'http://chat.example.org' }],
    ['our host on another port', { origin: 'https://chat.example.org:8443' }],
    ['a host that begins with ours', { origin: 'https://chat.example.org.evil.example' }],
    ['a listed origin in part', { origin: 'https://app.example.net.evil.example' }],
    ['a link or form without an origin', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbouring host without an origin', { 'sec-fetch-site': 'same-site' }],
    ['a neighbouring host', { origin: 'https://api.example.org', 'sec-fetch-site': 'same-site' }],
    ['one whose origin somebody made ours', { origin: publicUrl, 'sec-fetch-site': 'cross-site' }],
    ['an unknown word for the site', { 'sec-fetch-site': 'x' }],
    ['an empty origin', { origin: '' }],
  ])('may not use the cookie: %s', (_what, headers) => {
    expect(from(headers)).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });

  it.each<[string, Record<string, string>]>([
    ['our own', { origin: publicUrl, 'sec-fetch-site': 'same-origin' }],
    [
      'our own, where the API has another host',
      { host: 'api.example.org', origin: publicUrl, 'sec-fetch-site': 'same-site' },
    ],
    ['our own without fetch metadata', { origin: publicUrl }],
    ['a listed one', { origin: 'https://app.example.net', 'sec-fetch-site': 'cross-site' }],
    ['an address that somebody typed', { 'sec-fetch-site': 'none' }],
    ['a program', {}],
    ['our own by another name of this host', { host: 'chat.internal', origin: 'https://chat.internal' }],
  ])('is not: %s', (_what, headers) => {
    expect(from(headers)).not.toThrow();
  });

  it('is told from our own by the host of the request where there is no TLS', () => {
    const plain = refuseForeignPages({ publicUrl: 'http://localhost:3000', corsOrigins: [] });
    const asks = (origin: string) => () => plain({ headers: { host: '192.168.1.5:3000', origin } });
    expect(asks('http://192.168.1.5:3000')).not.toThrow();
    expect(asks('http://localhost:3000')).not.toThrow();
    expect(asks('http://192.168.1.6:3000')).toThrow();
  });

  const withCookie = Object.entries<Route>(routes).filter(([, { cookie }]) => cookie);
  it.each(withCookie)('is refused on %s before anything is read or done', async (_name, route) => {
    const app = createTestApp({ publicUrl });
    let served = false;
    app.mount(route, () => {
      served = true;
      throw new Error('This was served.');
    });
    app.finish();
    const send = supertest(app.express)[route.method](route.path.replace(':id', 'x'));
    const { status, body } = await send.set('origin', 'https://evil.example').send({});
    expect([status, body.error.code, served]).toEqual([403, 'forbidden', false]);
  });

  it('asks in vain on every route that gives or takes the cookie', () => {
    expect(withCookie.map(([name]) => name)).toEqual(
      expect.arrayContaining(['createGuest', 'createToken', 'refreshToken', 'verifyEmail', 'resetPassword']),
    );
  });
});
