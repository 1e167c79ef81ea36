import type { SigningKeys } from './signing-keys.ts';

/** What a refresh token says of itself. */
export interface RefreshClaims {
  readonly sessionId: string;
  /** Which refresh of its session gave it, from 0. */
  readonly generation: number;
}

const form = /^([\w-]{1,64})\.(0|[1-9]\d{0,14})\.([\w-]{43})$/;

/**
 * Refresh tokens are made from what they say and a key: the present one can be told again to a tab that comes late, although
 * only its hash is stored. An old one is known as ours, and so as stolen.
 */
export class RefreshTokens {
  readonly #keys: SigningKeys;

  constructor(keys: SigningKeys) {
    this.#keys = keys;
  }

  make(claims: RefreshClaims): string {
    const text = textOf(claims);
    return `${text}.${this.#keys.sign('refresh', text)}`;
  }

  /** The token that each secret makes of it, the first secret's first: one of them was given out. */
  candidates(claims: RefreshClaims): readonly string[] {
    const text = textOf(claims);
    return this.#keys.signatures('refresh', text).map((signature) => `${text}.${signature}`);
  }

  /** What a token says, believed or not; undefined where it is none. */
  read(token: string): RefreshClaims | undefined {
    const [, sessionId, generation] = form.exec(token) ?? [];
    return sessionId === undefined ? undefined : { sessionId, generation: Number(generation) };
  }

  /** Whether we gave it out. */
  isOurs(token: string): boolean {
    const end = token.lastIndexOf('.');
    return this.#keys.verify('refresh', token.slice(0, end), token.slice(end + 1));
  }
}

const textOf = ({ sessionId, generation }: RefreshClaims): string => `${sessionId}.${generation}`;
