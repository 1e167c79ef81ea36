import { z } from 'zod';
import type { Clock } from '#platform/clock.ts';
import type { SigningKeys } from './signing-keys.ts';

/** How long somebody may take at the provider, in milliseconds. */
export const handshakeMs = 10 * 60_000;

const handshake = z.object({
  /** Ties the provider's answer to this browser (RFC 6749, section 10.12). */
  state: z.string(),
  /** Ties the ID token to this sign-in (OpenID Connect Core 1.0, section 3.1.2.1). */
  nonce: z.string(),
  /** Of PKCE (RFC 7636): whoever catches the code alone cannot use it. */
  verifier: z.string(),
  redirectUri: z.string(),
});
export type Handshake = z.infer<typeof handshake>;
const sealed = handshake.extend({ expiresAt: z.number() });

type Keys = Pick<SigningKeys, 'sign' | 'verify'>;

/** A handshake as the browser keeps it meanwhile: signed, so that no other is believed. */
export function sealHandshake(keys: Keys, clock: Clock, given: Handshake): string {
  const value = { ...given, expiresAt: clock.now() + handshakeMs };
  const payload = Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${payload}.${keys.sign('oidc', payload)}`;
}

/** Undefined for one that is too old, or that was not sealed here. */
export function openHandshake(keys: Keys, clock: Clock, text: string): Handshake | undefined {
  const [payload = '', signature = ''] = text.split('.');
  if (!keys.verify('oidc', payload, signature)) return undefined;
  const { expiresAt, ...value } = sealed.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  return expiresAt > clock.now() ? value : undefined;
}
