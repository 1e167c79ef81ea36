import { createHash, randomBytes } from 'node:crypto';

/** A secret of 256 random bits, safe in URLs. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What the store keeps of a secret: enough to recognise it, nothing to use it with. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
