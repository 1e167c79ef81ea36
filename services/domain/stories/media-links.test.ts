import { describe, expect, it } from 'vitest';
import { SigningKeys } from '#domain/accounts/signing-keys.ts';
import { recordIdOf } from './media-ids.ts';
import { mediaPath, verifyMediaAddress } from './media-links.ts';
import { never } from './story-records.ts';

const keys = new SigningKeys(['a-secret-of-tests-that-is-long-enough']);
const hour = 3_600_000;
const now = 1_700_000_000_000;
const blobId = '0198-a-picture-0199-b';
const invalid = expect.objectContaining({ code: 'link_invalid' });

function addressOf(path: string) {
  const url = new URL(path, 'http://lamplight.test');
  const { expires, signature = '' } = Object.fromEntries(url.searchParams);
  return { blobId: url.pathname.replace('/api/media/', ''), expires: Number(expires), signature };
}

describe('the address of a picture or voice', () => {
  const story = { linkVersion: 3, expiresAt: now + hour };
  const address = addressOf(mediaPath(keys, story, blobId, now));

  it('opens it until the story expires', () => {
    expect(address).toMatchObject({ blobId, expires: now + hour });
    expect(verifyMediaAddress(keys, address, now + hour - 1)).toBe(3);
    expect(() => verifyMediaAddress(keys, address, now + hour)).toThrow(invalid);
  });

  it('stays the same as long as the story does', () => {
    expect(mediaPath(keys, story, blobId, now + 1)).toBe(mediaPath(keys, story, blobId, now));
    expect(mediaPath(keys, { ...story, linkVersion: 4 }, blobId, now)).not.toBe(mediaPath(keys, story, blobId, now));
  });

  it('lives two days where the story never expires, and stays the same within an hour', () => {
    const favourite = { linkVersion: 0, expiresAt: never };
    const path = mediaPath(keys, favourite, blobId, now);
    const { expires } = addressOf(path);
    expect(expires).toBeGreaterThanOrEqual(now + 48 * hour);
    expect(expires).toBeLessThan(now + 49 * hour);
    expect(mediaPath(keys, favourite, blobId, Math.floor(now / hour) * hour + 1)).toBe(path);
  });

  it('is signed by any of the secrets there are, for its purpose alone', () => {
    const rotated = new SigningKeys(['another-secret-of-tests-long-enough', 'a-secret-of-tests-that-is-long-enough']);
    expect(verifyMediaAddress(rotated, address, now)).toBe(3);
    const signature = `3.${keys.sign('story', `${blobId}.${address.expires}.3`)}`;
    expect(() => verifyMediaAddress(keys, { ...address, signature }, now)).toThrow(invalid);
  });

  const mac = address.signature.slice(2);
  it.each([
    ['another blob', { blobId: `${blobId}x` }],
    ['a later end', { expires: address.expires + 1 }],
    ['no end', { expires: Number.NaN }],
    ['another version', { signature: `4.${mac}` }],
    ['another spelling of the version', { signature: `03.${mac}` }],
    ['no version', { signature: mac }],
    ['a signature cut off', { signature: address.signature.slice(0, -1) }],
    ['another signature', { signature: `3.${mac.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}` }],
    ['none', { signature: '' }],
  ])('opens nothing with %s', (_, change) => {
    expect(() => verifyMediaAddress(keys, { ...address, ...change }, now)).toThrow(invalid);
  });
});

it('finds whose a blob is in its id', () => {
  const record = '0198f3a0-1111-7000-8000-000000000001';
  expect(recordIdOf(`${record}-narration-0198f3a0-2222-7000-8000-000000000002`)).toBe(record);
  expect(recordIdOf(`${record}-picture-x`)).toBe(record);
  expect([recordIdOf(record), recordIdOf(`${record}-file-x`), recordIdOf('-picture-x')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
