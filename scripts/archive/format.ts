import { createHash } from 'node:crypto';
import stringify from 'safe-stable-stringify';
import { z } from 'zod';
import type { Doc } from '#platform/store/store.ts';

/**
 * An archive is a tar file compressed with zstd. Its entries, in this order:
 * - `header.json`: what made it, and what it holds;
 * - `records/COLLECTION/NUMBER.ndjson`: documents, one a line of JSON, by `_id`, a collection after the other;
 * - `blobs/ID/info.json`, then `blobs/ID/NUMBER`: what is known of a blob, then its bytes in pieces; by ids. One that was removed as it
 *   was written has fewer bytes than it says, and counts for none. An archive of a release that had no blobs has none;
 * - `manifest.json`: for each kind and name of content its count and checksum. An archive without it is not whole.
 */
export const headerName = 'header.json';
export const manifestName = 'manifest.json';
export const partName = (collection: string, part: number): string => `records/${collection}/${part}.ndjson`;
export const blobInfoName = (id: string): string => `blobs/${id}/info.json`;
export const blobPartName = (id: string, part: number): string => `blobs/${id}/${part}`;
/** How a name of the blobs' entries begins. */
export const blobPrefix = 'blobs/';
/** The one name of contents of the kind `blobs`. */
export const blobsName = 'blobs';

export const product = 'lamplight-archive';
export const formatVersion = 1;

/** What the first entry of every version of the format says. */
export const anyHeader = z.looseObject({ product: z.literal(product), formatVersion: z.int(), release: z.string() });

const migrationDone = z.object({ number: z.int(), name: z.string(), contracts: z.int().optional(), at: z.number() });

export const archiveHeader = z.object({
  product: z.literal(product),
  formatVersion: z.literal(formatVersion),
  id: z.string(),
  /** Of Lamplight, that made the archive. */
  release: z.string(),
  createdAt: z.iso.datetime(),
  /** How far the data was brought, without who was at it. */
  migrations: z.object({
    number: z.int(),
    done: z.array(migrationDone),
    served: z.int().optional(),
    checkpoint: z.unknown().optional(),
  }),
  collections: z.array(z.object({ name: z.string(), version: z.int() })),
});
export type ArchiveHeader = z.infer<typeof archiveHeader>;

/** What an archive says of a blob. */
export const archivedBlob = z.object({
  id: z.string(),
  mediaType: z.string(),
  size: z.int().min(0),
  sha256: z.string(),
});
export type ArchivedBlob = z.infer<typeof archivedBlob>;

const content = z.object({ kind: z.enum(['records', 'blobs']), name: z.string(), count: z.int(), sha256: z.string() });
export type ArchiveContent = z.infer<typeof content>;

export const archiveManifest = z.object({ headerSha256: z.string(), contents: z.array(content) });
export type ArchiveManifest = z.infer<typeof archiveManifest>;

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** What is wrong with an archive, or with restoring it here: for people, without a stack. */
export class ArchiveError extends Error {}

/** The checksum of all blobs: over what is known of each, by ids. Throws where the order is not kept. */
export class BlobsDigest {
  readonly #hash = createHash('sha256');
  #last = '';
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add({ id, mediaType, size, sha256 }: ArchivedBlob): void {
    if (id <= this.#last) throw new ArchiveError('The blobs are not in order: one comes twice, or they are damaged.');
    this.#last = id;
    this.#count++;
    this.#hash.update(`${JSON.stringify([id, mediaType, size, sha256])}\n`);
  }

  /** To be asked once, at the end. */
  content(): ArchiveContent {
    return { kind: 'blobs', name: blobsName, count: this.#count, sha256: this.#hash.digest('hex') };
  }
}

/**
 * The checksum of a collection: over its documents by `_id`, each as JSON with its keys in order (databases differ in the order
 * that they give them back). Throws where the order is not kept, so no document counts twice.
 */
export class RecordsDigest {
  readonly #name: string;
  readonly #hash = createHash('sha256');
  #last: Buffer = Buffer.alloc(0);
  #count = 0;

  constructor(name: string) {
    this.#name = name;
  }

  get count(): number {
    return this.#count;
  }

  add(doc: Doc): void {
    const id = Buffer.from(doc._id);
    if (Buffer.compare(id, this.#last) <= 0) {
      throw new ArchiveError(
        `The documents of "${this.#name}" are not in order: one comes twice, or they are damaged.`,
      );
    }
    this.#last = id;
    this.#count++;
    this.#hash.update(stringify(doc)).update('\n');
  }

  /** To be asked once, at the end. */
  content(): ArchiveContent {
    return { kind: 'records', name: this.#name, count: this.#count, sha256: this.#hash.digest('hex') };
  }
}
