import { gzipSync } from 'node:zlib';
import supertest from 'supertest';
import { describe, expect, it } from 'vitest';
import { routes } from '#contract/routes.ts';
import { createTestApp } from './test-app.ts';

function openApp() {
  const app = createTestApp();
  const seen: unknown[] = [];
  app.mount(routes.createToken, ({ body }) => {
    seen.push(body);
    return { access_token: 't', token_type: 'Bearer' as const, expires_in: 1 };
  });
  app.mount(routes.createGuest, () => ({ access_token: 't', token_type: 'Bearer' as const, expires_in: 1 }));
  app.finish();
  const post = (path: string, type: string, text: string) =>
    supertest(app.express).post(path).set('content-type', type).send(text);
  return { app, seen, post };
}
const form = 'application/x-www-form-urlencoded';
const wanted = { username: 'ada@example.org', password: 'correct horse', refresh: 'cookie' };

describe('the body of a request', () => {
  it('may be a form where the route takes one, or JSON', async () => {
    const { seen, post } = openApp();
    const fields = 'grant_type=password&username=ada%40example.org&password=correct+horse&scope=x';
    await post('/api/auth/token', form, fields).expect(200);
    await post('/api/auth/token', `${form}; charset=utf-8`, fields).expect(200);
    await post('/api/auth/token', 'application/json', JSON.stringify(wanted)).expect(200);
    const asked = { grant_type: 'password', ...wanted };
    expect(seen).toEqual([asked, asked, wanted]);
  });

  it.each([
    ['another grant', 'grant_type=client_credentials&username=a&password=b'],
    ['a field twice', 'username=a&username=b&password=c'],
    ['an object', 'username[$ne]=a&password=b'],
    ['a prototype', '__proto__=a&constructor=b'],
    ['no field', 'x=1'],
    ['too many fields', `username=a&password=b&${'x=1&'.repeat(60)}`],
  ])('is refused as a form with %s', async (_what, fields) => {
    const { seen, post } = openApp();
    const { body } = await post('/api/auth/token', form, fields).expect(400);
    expect([body.error.code, seen]).toEqual(['invalid_request', []]);
  });

  it('is refused as a form that is longer than a form can be, or of another character set', async () => {
    const { post } = openApp();
    const { body } = await post('/api/auth/token', form, `password=${'a'.repeat(20_000)}`).expect(413);
    expect(body.error.message).toContain('0.02 MB');
    await post('/api/auth/token', `${form}; charset=utf-16`, 'username=a&password=b').expect(415);
  });

  it.each([
    [
      'bytes that are not UTF-8',
      Buffer.from('{"name":"\xff"}', 'latin1'),
      'application/json',
      400,
      'could not be read',
    ],
    ['half of a surrogate pair', Buffer.from('{"name":"\xed\xa0\x80"}', 'latin1'), 'application/json', 400, 'be read'],
    ['UTF-16', Buffer.from('{"name":"Ada"}', 'utf16le'), 'application/json; charset=utf-16le', 415, 'UTF-8'],
    ['a byte order mark alone', Buffer.from('\ufeff'), 'application/json', 400, 'none came'],
  ])('is refused as %s', async (_what, bytes, type, status, words) => {
    const server = openApp().app.express;
    const request = supertest(server).post('/api/auth/guest').set('content-type', type);
    request.write(bytes);
    const { body } = await request.expect(status);
    expect(body.error.message).toContain(words);
  });

  it('is refused where nothing is left of it once it is unpacked, and begins with what comes after a byte order mark', async () => {
    const { app, post } = openApp();
    const packed = supertest(app.express).post('/api/auth/guest').set('content-type', 'application/json');
    packed.set('content-encoding', 'gzip').write(gzipSync(''));
    expect((await packed.expect(400)).body.error.message).toContain('none came');
    await post('/api/auth/guest', 'application/json', '\ufeff{"name":"Ada"}').expect(201);
  });

  it('is JSON alone on every other route, and of no other type on this', async () => {
    const { post } = openApp();
    const { body } = await post('/api/auth/guest', form, 'name=Ada').expect(415);
    expect(body.error.message).toBe('Send the body with Content-Type: application/json.');
    const other = await post('/api/auth/token', 'text/plain', '{}').expect(415);
    expect(other.body.error.message).toContain('application/json or application/x-www-form-urlencoded');
  });
});
