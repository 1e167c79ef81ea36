import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** What a key signs. Each purpose has keys of its own, so that what was signed for one is worth nothing for another. */
export type KeyPurpose = 'jwt' | 'refresh' | 'link' | 'oidc' | 'media' | 'story' | 'unsubscribe';

export interface SigningKey {
  /** Tells which secret it came from, and nothing of the secret. */
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

/** Keys made from the secrets of `JWT_SECRET` by HKDF (RFC 5869): the first secret signs, all are believed. */
export class SigningKeys {
  readonly #byPurpose = new Map<KeyPurpose, readonly [SigningKey, ...SigningKey[]]>();
  readonly #secrets: readonly [string, ...string[]];

  constructor([first, ...others]: readonly string[]) {
    if (first === undefined) throw new Error('There is no secret to make keys from.');
    this.#secrets = [first, ...others];
  }

  /** The keys of a purpose, of each secret one; the first signs. */
  derive(purpose: KeyPurpose): readonly [SigningKey, ...SigningKey[]] {
    const known = this.#byPurpose.get(purpose);
    if (known) return known;
    const [first, ...others] = this.#secrets;
    const keys = [keyOf(first, purpose), ...others.map((secret) => keyOf(secret, purpose))] as const;
    this.#byPurpose.set(purpose, keys);
    return keys;
  }

  /** HMAC-SHA-256 of `text` in base64url. The same text gives the same signature, as long as the first secret stays. */
  sign(purpose: KeyPurpose, text: string): string {
    return mac(this.derive(purpose)[0], text).toString('base64url');
  }

  /** The signatures of `text` by each secret, that of the first one first. */
  signatures(purpose: KeyPurpose, text: string): readonly string[] {
    return this.derive(purpose).map((key) => mac(key, text).toString('base64url'));
  }

  /** Whether any of the secrets made `signature` for this text and purpose. */
  verify(purpose: KeyPurpose, text: string, signature: string): boolean {
    const given = Buffer.from(signature, 'base64url');
    // Base64 has several spellings of one value; only that which was given out counts.
    if (given.toString('base64url') !== signature) return false;
    return this.derive(purpose).some((key) => {
      const made = mac(key, text);
      return made.length === given.length && timingSafeEqual(made, given);
    });
  }
}

const mac = ({ bytes }: SigningKey, text: string): Buffer => createHmac('sha256', bytes).update(text).digest();

const keyOf = (secret: string, purpose: KeyPurpose): SigningKey => ({
  id: createHash('sha256').update(derive(secret, 'name')).digest('hex').slice(0, 16),
  bytes: derive(secret, purpose),
});

const derive = (secret: string, label: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, '', `lamplight ${label}`, 32));
