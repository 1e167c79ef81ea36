import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { Config } from '#platform/config/config.ts';
import type { Blobs, PutOptions } from './blobs.ts';

/** Where blobs of a test are kept, and what stands there beside them. */
export interface BlobsPlace {
  readonly blobs: Blobs;
  readonly storage: Config['storage'];
  /** How many writes have left something behind. */
  leftovers(): Promise<number>;
  close(): Promise<void>;
}

export interface BlobsUnderTest {
  open(): Promise<BlobsPlace>;
}

export const options: PutOptions = { mediaType: 'audio/mpeg', maxBytes: 10_000_000 };
export const newId = (): string => `story-${randomUUID()}`;
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Bytes in pieces of uneven sizes, as they come from a network. */
export async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0, n = 1; at < bytes.length; at += n, n = 1 + ((n * 7919) % 90_000)) yield bytes.subarray(at, at + n);
}

/** A blob of `size` random bytes, and these. */
export async function putRandom(blobs: Blobs, size: number, id = newId()) {
  const bytes = randomBytes(size);
  const info = await blobs.put(id, piecesOf(bytes), options);
  return { id, bytes, info };
}

export async function readAll(blobs: Blobs, id: string, range?: { start: number; end: number }) {
  const stream = await blobs.read(id, range);
  return stream && (await buffer(stream));
}
