import type { SigningKeys } from '#domain/accounts/signing-keys.ts';
import { AppError } from '#platform/errors.ts';
import { never, type StoryRecord } from './story-records.ts';

type Keys = Pick<SigningKeys, 'sign' | 'verify'>;

const hour = 3_600_000;
/** How long an address of a favourite lives, which itself does not expire; to the next full hour, so that browsers keep what they have. */
const favouriteMs = 48 * hour;

/** What opens a blob, whoever has it: it is not asked who that is. */
export interface MediaAddress {
  readonly blobId: string;
  /** Ms since the epoch. */
  readonly expires: number;
  readonly signature: string;
}

/** Where the picture or voice of a story is until the story expires, below the address that people use: `/api/media/…`. */
export function mediaPath(
  keys: Keys,
  { linkVersion, expiresAt }: Pick<StoryRecord, 'linkVersion' | 'expiresAt'>,
  blobId: string,
  now: number,
): string {
  const expires = expiresAt === never ? Math.ceil((now + favouriteMs) / hour) * hour : expiresAt;
  const signature = `${linkVersion}.${keys.sign('media', signed(blobId, expires, linkVersion))}`;
  return `/api/media/${blobId}?expires=${expires}&signature=${signature}`;
}

/**
 * The version of the story's link that an address was made for: whether that is still the present one, the story tells. Throws
 * `link_invalid` where the address is not one of ours, or too old: without asking the store, and without telling which.
 */
export function verifyMediaAddress(keys: Keys, { blobId, expires, signature }: MediaAddress, now: number): number {
  const [, version = '', given = ''] = /^(\d{1,15})\.([\w-]+)$/.exec(signature) ?? [];
  const linkVersion = Number(version);
  const ours = keys.verify('media', signed(blobId, expires, linkVersion), given);
  // Another spelling of the number would be another address of the same.
  if (!ours || String(linkVersion) !== version || expires <= now) throw mediaAddressInvalid();
  return linkVersion;
}

export const mediaAddressInvalid = (): AppError =>
  new AppError('link_invalid', 'This address is not right, withdrawn or too old: ask for the story again.');

const signed = (blobId: string, expires: number, linkVersion: number): string => `${blobId}.${expires}.${linkVersion}`;
