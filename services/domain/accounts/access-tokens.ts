import { type JWTPayload, type JWTVerifyOptions, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '#platform/clock.ts';
import { AppError } from '#platform/errors.ts';
import type { SigningKeys } from './signing-keys.ts';

const accessTokenMs = 15 * 60_000;
const issuer = 'lamplight';
const audience = 'lamplight-api';
/** So that no other kind of JWT passes for one (RFC 9068, section 2.1). */
const typ = 'at+jwt';
const algorithm = 'HS256';

export interface AccessClaims {
  readonly personId: string;
  readonly sessionId: string;
  /** Milliseconds since the epoch, whole seconds. */
  readonly expiresAt: number;
}

/** The short-lived tokens that requests carry: a JWT names the session, the store then tells whether that still lives. */
export class AccessTokens {
  readonly #clock: Clock;
  readonly #signWith: { readonly id: string; readonly bytes: Uint8Array };
  readonly #keys: ReadonlyMap<string, Uint8Array>;

  constructor(keys: SigningKeys, clock: Clock) {
    this.#clock = clock;
    const all = keys.derive('jwt');
    this.#signWith = all[0];
    this.#keys = new Map(all.map(({ id, bytes }) => [id, bytes]));
  }

  /** `sessionEndsAt`: no token outlives its session. Returns how long it lives, too. */
  async sign(
    { personId, sessionId }: Pick<AccessClaims, 'personId' | 'sessionId'>,
    sessionEndsAt: number,
  ): Promise<{ token: string; expiresInMs: number }> {
    const now = this.#clock.now();
    const expiresAt = Math.min(Math.ceil((now + accessTokenMs) / 1000), Math.floor(sessionEndsAt / 1000));
    const { id, bytes } = this.#signWith;
    const token = await new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: algorithm, typ, kid: id })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(personId)
      .setIssuedAt(Math.floor(now / 1000))
      .setExpirationTime(expiresAt)
      .sign(bytes);
    return { token, expiresInMs: Math.max(0, expiresAt * 1000 - now) };
  }

  /** What a token says, where one of our keys signed it and it has not run out; else throws `unauthenticated`. */
  async verify(token: string): Promise<AccessClaims> {
    const options: JWTVerifyOptions = {
      algorithms: [algorithm],
      issuer,
      audience,
      typ,
      currentDate: new Date(this.#clock.now()),
      requiredClaims: ['sub', 'sid', 'exp'],
    };
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(token, ({ kid }) => this.#keyOf(kid), options));
    } catch (cause) {
      throw notOurs(cause);
    }
    const { sub, sid, exp } = payload;
    if (typeof sub !== 'string' || typeof sid !== 'string' || typeof exp !== 'number') throw notOurs();
    return { personId: sub, sessionId: sid, expiresAt: exp * 1000 };
  }

  #keyOf(id: string | undefined): Uint8Array {
    const key = this.#keys.get(id ?? '');
    if (!key) throw notOurs();
    return key;
  }
}

const notOurs = (cause?: unknown): AppError =>
  new AppError('unauthenticated', 'This access token is not valid, or no longer. Get a new one, or sign in again.', {
    cause,
  });
