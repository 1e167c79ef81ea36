import { createHmac } from 'node:crypto';
import { decodeProtectedHeader, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { AccessTokens } from './access-tokens.ts';
import { SigningKeys } from './signing-keys.ts';

const [old, present] = ['the-secret-of-last-year-0123456789', 'the-secret-of-this-year-0123456789'];
let now = 1_800_000_000_000;
const clock = { ...systemClock, now: () => now };
const open = (...secrets: string[]) => new AccessTokens(new SigningKeys(secrets), clock);
const claims = { personId: 'ada', sessionId: 's1' };
const endsLate = now + 1e10;
const refused = expect.objectContaining({ code: 'unauthenticated' });

interface Forged {
  readonly header?: { readonly alg?: `HS${256 | 384 | 512}`; readonly [name: string]: unknown };
  readonly payload?: object;
  readonly key?: Uint8Array;
}
const jwtKey = new SigningKeys([present]).derive('jwt')[0];
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token that is right but for what is said; made without the library that checks it. */
const forge = ({ header = {}, payload = {}, key = jwtKey.bytes }: Forged): string => {
  const seconds = now / 1000;
  const said = { sid: 's1', sub: 'ada', iss: 'lamplight', aud: 'lamplight-api', iat: seconds, exp: seconds + 60 };
  const head = { alg: 'HS256', typ: 'at+jwt', kid: jwtKey.id, ...header };
  const text = `${part(head)}.${part({ ...said, ...payload })}`;
  return `${text}.${createHmac(`sha${head.alg.slice(2)}`, key)
    .update(text)
    .digest('base64url')}`;
};

describe('access tokens', () => {
  it('say who and which session, in every process', async () => {
    const { token, expiresInMs } = await open(present).sign(claims, endsLate);
    expect(expiresInMs).toBe(15 * 60_000);
    expect(await open(present).verify(token)).toEqual({ ...claims, expiresAt: now + expiresInMs });
    expect(await open(present).verify(forge({}))).toEqual({ ...claims, expiresAt: now + 60_000 });
  });

  it('run out to the second', async () => {
    const { token, expiresInMs } = await open(present).sign(claims, endsLate);
    const signedAt = now;
    now = signedAt + expiresInMs - 1;
    expect((await open(present).verify(token)).personId).toBe('ada');
    now = signedAt + expiresInMs;
    await expect(open(present).verify(token)).rejects.toEqual(refused);
    now = signedAt;
  });

  it('stay good while their secret is replaced, and are worth nothing once it is dropped', async () => {
    const { token: before } = await open(old).sign(claims, endsLate);
    expect(await open(present, old).verify(before)).toMatchObject(claims);
    const { token: after } = await open(present, old).sign(claims, endsLate);
    expect(decodeProtectedHeader(after)['kid']).not.toBe(decodeProtectedHeader(before)['kid']);
    await expect(open(present).verify(before)).rejects.toEqual(refused);
    expect(await open(present).verify(after)).toMatchObject(claims);
  });

  it.each<[string, Forged]>([
    ['signed with the secret itself', { key: new TextEncoder().encode(present) }],
    ['signed with the key of another purpose', { key: new SigningKeys([present]).derive('refresh')[0].bytes }],
    ['signed with an unknown key', { key: new Uint8Array(32) }],
    ['of another algorithm, with our key', { header: { alg: 'HS512' } }],
    ['of another audience', { payload: { aud: 'somebody-else' } }],
    ['of no audience', { payload: { aud: undefined } }],
    ['of another issuer', { payload: { iss: 'https://evil.example' } }],
    ['expired by one second', { payload: { exp: now / 1000 - 1 } }],
    ['expired this very second', { payload: { exp: now / 1000 } }],
    ['that never expires', { payload: { exp: undefined } }],
    ['that is not good yet', { payload: { nbf: now / 1000 + 60 } }],
    ['of no session', { payload: { sid: undefined } }],
    ['of a session that is no text', { payload: { sid: { $ne: 1 } } }],
    ['of nobody', { payload: { sub: undefined } }],
    ['of another kind', { header: { typ: 'JWT' } }],
    ['of no kind', { header: { typ: undefined } }],
    ['of no key', { header: { kid: undefined } }],
    ['whose key is a path', { header: { kid: '../../../../dev/null' } }],
    ['whose key is a property of every object', { header: { kid: '__proto__' } }],
    ['whose key is a query', { header: { kid: "' OR 1=1 --" } }],
    ['that brings its key', { header: { jwk: { kty: 'oct', k: 'AAAA' } }, key: new Uint8Array(32) }],
    ['that asks for what is unknown', { header: { crit: ['exp'], exp: 1 } }],
  ])('are refused that are %s', async (_what, forged) => {
    const token = forge(forged);
    await expect(open(present).verify(token)).rejects.toEqual(refused);
  });

  it('are refused without a signature', async () => {
    const seconds = now / 1000;
    const unsigned = new UnsecuredJWT({ sid: 's1' })
      .setSubject('ada')
      .setIssuer('lamplight')
      .setAudience('lamplight-api')
      .setExpirationTime(seconds + 60)
      .encode();
    const [header, payload] = forge({}).split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt', kid: jwtKey.id })).toString('base64url');
    for (const token of [unsigned, `${header}.${payload}.`, `${none}.${payload}.`, `${header}.${payload}`]) {
      await expect(open(present).verify(token)).rejects.toEqual(refused);
    }
  });
});
