import { createHash, createHmac, createSign, generateKeyPairSync, hkdfSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createdApiKey } from '#contract/accounts.ts';
import { mailsTo, tokenIn } from '#tests/servers/outbox.ts';
import { type AttackedLamplight, bearer, type Somebody, startAttackedLamplight } from './attacked-lamplight.fixture.ts';

const secret = 'what-the-process-signs-with-in-this-test';
const former = 'what-it-signed-with-before-and-believes';
const hkdf = (from: string, label: string) => Buffer.from(hkdfSync('sha256', from, '', `lamplight ${label}`, 32));
/** The key and its public name, so that each forgery is right but for one thing. */
const key = hkdf(secret, 'jwt');
const kid = createHash('sha256').update(hkdf(secret, 'name')).digest('hex').slice(0, 16);
const formerKid = createHash('sha256').update(hkdf(former, 'name')).digest('hex').slice(0, 16);
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

const seconds = () => Math.floor(Date.now() / 1000);
const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const decode = (part = ''): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString());
const hmac = (text: string, by: string | Uint8Array = key, hash = 'sha256') =>
  createHmac(hash, by).update(text).digest('base64url');

interface Forgery {
  readonly header?: Record<string, unknown>;
  readonly payload?: Record<string, unknown>;
  readonly sign?: (text: string) => string;
}

describe('a forged token', () => {
  let lamplight: AttackedLamplight;
  let ada: Somebody;
  let eve: Somebody;
  let claims: Record<string, unknown>;
  beforeAll(async () => {
    lamplight = await startAttackedLamplight({ JWT_SECRET: `${secret},${former}` });
    [ada, eve] = [await lamplight.newPerson('user', 'Ada'), await lamplight.newPerson('user', 'Eve')];
    claims = decode(ada.accessToken.split('.')[1]);
  });
  afterAll(() => lamplight?.stop());

  const forge = ({ header = {}, payload = {}, sign = hmac }: Forgery = {}): string => {
    const head = { alg: 'HS256', typ: 'at+jwt', kid, ...header };
    const text = `${encode(head)}.${encode({ ...claims, ...payload })}`;
    return `${text}.${sign(text)}`;
  };
  const show = (token: string) => lamplight.raw({ path: '/api/me', headers: [bearer(token)] });
  const expectRefused = async (token: string) => {
    const reply = await show(token);
    expect([reply.status, reply.code, reply.headers['www-authenticate']]).toEqual([401, 'unauthenticated', 'Bearer']);
  };

  it('is as good as ours where nothing is wrong with it, so that the others fail for what is wrong with them', async () => {
    expect(decode(ada.accessToken.split('.')[0])).toEqual({ alg: 'HS256', typ: 'at+jwt', kid });
    for (const good of [
      forge(),
      forge({ payload: { exp: seconds() + 60 } }),
      forge({ payload: { nbf: seconds() - 60 } }),
      forge({ header: { kid: formerKid }, sign: (text) => hmac(text, hkdf(former, 'jwt')) }),
    ])
      expect(JSON.parse((await show(good)).text)).toMatchObject({ id: ada.id });
  });

  const unsigned = () => '';
  it.each<[string, Forgery]>([
    ['none', { header: { alg: 'none' }, sign: unsigned }],
    ['None', { header: { alg: 'None' }, sign: unsigned }],
    ['nOnE', { header: { alg: 'nOnE' }, sign: unsigned }],
    ['NONE, with a signature of ours', { header: { alg: 'NONE' } }],
    ['none, and no key is named', { header: { alg: 'none', kid: undefined }, sign: unsigned }],
    ['HS256, and nothing is signed', { sign: unsigned }],
    ['not said', { header: { alg: undefined } }],
    ['empty', { header: { alg: '' } }],
    ['a list', { header: { alg: ['HS256', 'none'] } }],
    ['hs256', { header: { alg: 'hs256' } }],
    ['HS384 with our key', { header: { alg: 'HS384' }, sign: (text) => hmac(text, key, 'sha384') }],
    ['HS512 with our key', { header: { alg: 'HS512' }, sign: (text) => hmac(text, key, 'sha512') }],
    [
      'RS256 with a key of its own',
      {
        header: { alg: 'RS256', jwk: rsa.publicKey.export({ format: 'jwk' }) },
        sign: (text) => createSign('sha256').update(text).sign(rsa.privateKey, 'base64url'),
      },
    ],
  ])('is refused whose algorithm is %s', async (_what, forgery) => {
    await expectRefused(forge(forgery));
  });

  const publicPem = rsa.publicKey.export({ format: 'pem', type: 'spki' });
  it.each<[string, string | Uint8Array]>([
    ['another key', 'another key altogether, as long as ours'],
    ['no key', ''],
    ['zeros', new Uint8Array(32)],
    ['the secret itself', secret],
    ['the public name of the key', kid],
    ['what the name is made of', hkdf(secret, 'name')],
    ['the key of refresh tokens', hkdf(secret, 'refresh')],
    ['the key of links', hkdf(secret, 'link')],
    ['the key of a former secret, under the name of this one', hkdf(former, 'jwt')],
    ['a public key, as text', String(publicPem)],
  ])('is refused that is signed with %s', async (_what, by) => {
    await expectRefused(forge({ sign: (text) => hmac(text, by) }));
  });

  it.each<[string, () => Record<string, unknown>]>([
    ['is for another audience', () => ({ aud: 'another-api' })],
    ['is for no audience', () => ({ aud: undefined })],
    ['is for a list without us', () => ({ aud: ['another-api', 'lamplight'] })],
    ['comes from another issuer', () => ({ iss: 'https://evil.test' })],
    ['comes from nobody', () => ({ iss: undefined })],
    ['expired a second ago', () => ({ exp: seconds() - 1 })],
    ['expires now', () => ({ exp: seconds() })],
    ['expired in another unit', () => ({ exp: '9999999999' })],
    ['never expires', () => ({ exp: undefined })],
    ['expires at no number', () => ({ exp: null })],
    ['is not good yet', () => ({ nbf: seconds() + 120 })],
    ['is good from no number on', () => ({ nbf: 'now' })],
    ['names another person for this session', () => ({ sub: eve.id })],
    ['names an administrator for this session', () => ({ sub: lamplight.admin.id })],
    ['names the session of another person', () => ({ sid: decode(eve.accessToken.split('.')[1])['sid'] })],
    ['names no session', () => ({ sid: undefined })],
    ['names any session', () => ({ sid: { $ne: '' } })],
    ['names sessions', () => ({ sid: [claims['sid']] })],
    ['names a prototype for its session', () => ({ sid: '__proto__' })],
    ['names nobody', () => ({ sub: undefined })],
    ['names any person', () => ({ sub: { $gt: '' } })],
  ])('is refused that %s', async (_what, payload) => {
    await expectRefused(forge({ payload: payload() }));
  });

  it.each<[string, Record<string, unknown>]>([
    ['another type', { typ: 'JWT' }],
    ['no type', { typ: undefined }],
    ['the type of an ID token', { typ: 'id+jwt' }],
    ['no key', { kid: undefined }],
    ['an empty key', { kid: '' }],
    ['a path for a key', { kid: '../../../../../../dev/null' }],
    ['a path with a zero byte for a key', { kid: '/dev/null\u0000.pem' }],
    ['SQL for a key', { kid: `x' UNION SELECT 'AAAA' --` }],
    ['a command for a key', { kid: '|/bin/true' }],
    ['a list for a key', { kid: [kid] }],
    ['an object for a key', { kid: { $ne: '' } }],
    ['a number for a key', { kid: 0 }],
    ['a prototype for a key', { kid: '__proto__' }],
    ['an inherited name for a key', { kid: 'constructor' }],
    ['an extension that must be understood', { crit: ['x'], x: 1 }],
    ['a payload that is not encoded', { crit: ['b64'], b64: false }],
  ])('is refused whose header has %s', async (_what, header) => {
    const empty = new Uint8Array(0);
    await expectRefused(forge({ header }));
    await expectRefused(forge({ header, sign: (text) => hmac(text, empty) }));
  });

  it('brings no key along, in none of the ways that a header has', async () => {
    const own = Buffer.from('an attacker knows this key, of course');
    const jwk = { kty: 'oct', k: own.toString('base64url'), alg: 'HS256', kid };
    let asked = 0;
    const server = createServer((_req, res) => {
      asked += 1;
      res.end(JSON.stringify({ keys: [jwk] }));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/keys.json`;
    const sign = (text: string) => hmac(text, own);
    for (const header of [{ jwk }, { jku: url }, { x5u: url }, { x5c: [own.toString('base64')] }, { jku: url, jwk }]) {
      await expectRefused(forge({ header, sign }));
      await expectRefused(forge({ header: { ...header, kid: 'mine' }, sign }));
    }
    server.close();
    expect(asked, 'nobody was asked for a key').toBe(0);
  });

  it('is refused in other writings than the compact one of three parts', async () => {
    const [head = '', body = '', signature = ''] = forge().split('.');
    const text = `${head}.${body}`;
    const json = { payload: body, protected: head, signature };
    for (const token of [
      `${text}.${signature}.${signature}`,
      `${text}.${signature}${signature}`,
      `${text}..${signature}`,
      `${text}.`,
      text,
      `.${body}.${signature}`,
      `${head}..${signature}`,
      '..',
      JSON.stringify(json),
      JSON.stringify({ payload: body, signatures: [{ protected: head, signature }] }),
      encode(json),
      `${head}.${encode(JSON.stringify({ ...claims, sub: eve.id }))}.${signature}`,
      forge({ payload: { sub: eve.id, sid: decode(eve.accessToken.split('.')[1])['sid'] }, sign: () => signature }),
      `${'A'.repeat(9_000)}.${body}.${signature}`,
    ])
      await expectRefused(token);
  });

  it('is refused in two headers, two schemes or two tokens, of which one is right', async () => {
    const good = forge();
    const ask = (...headers: Array<readonly [string, string]>) => lamplight.raw({ path: '/api/me', headers });
    for (const reply of [
      await ask(['Authorization', `Bearer ${good}, Bearer ${good}`]),
      await ask(['Authorization', `Bearer x ${good}`]),
      await ask(['Authorization', `Basic ${Buffer.from(`x:${good}`).toString('base64')}`]),
      await ask(['Authorization', good]),
      await ask(['Authorization', 'Bearer x'], ['Authorization', `Bearer ${good}`]),
      await ask(['X-Authorization', `Bearer ${good}`]),
      await ask(['Proxy-Authorization', `Bearer ${good}`]),
    ])
      expect([reply.status, reply.code]).toEqual([401, 'unauthenticated']);
  });

  it('is nothing else that we gave out: a refresh token, a link, a ticket, a name of a session', async () => {
    const other = await lamplight.signIn(ada.email ?? '');
    await lamplight.post('/api/auth/forgot', { email: ada.email });
    const mails = await mailsTo(lamplight.outbox, ada.email ?? '', 2);
    const reset = mails.map(({ text }) => text).find((mail) => mail?.includes('/reset#'));
    const made = await ada.client.call('POST', '/api/keys', { name: 'A program', scopes: ['read'] });
    const { key: apiKey, id: keyId } = made.as(createdApiKey);
    expect((await show(apiKey)).status).toBe(200);
    for (const token of [
      other.refreshToken,
      tokenIn({ text: reset } as Parameters<typeof tokenIn>[0]),
      await ada.client.ticket(),
      String(claims['sid']),
      ada.id,
      keyId,
      createHash('sha256').update(apiKey).digest('base64url'),
      createHash('sha256').update(apiKey).digest('hex'),
      `lamp_${createHash('sha256').update(apiKey).digest('base64url')}`,
      apiKey.toUpperCase(),
      apiKey.slice(0, -1),
      `${apiKey}A`,
      `lamp_${'A'.repeat(43)}`,
      key.toString('base64url'),
    ])
      await expectRefused(token);
  });

  it('ends with its session, however long it says that it lives', async () => {
    const other = await lamplight.signIn(eve.email ?? '');
    const { sid } = decode(other.accessToken.split('.')[1]);
    const lasting = forge({ payload: { sid, sub: eve.id, exp: seconds() + 1_000_000 } });
    expect((await show(lasting)).status).toBe(200);
    expect((await other.client.call('POST', '/api/auth/logout')).status).toBe(204);
    for (const token of [lasting, other.accessToken]) await expectRefused(token);
  });
});
