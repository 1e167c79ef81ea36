import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { type Pack, pack as packTar } from 'tar-stream';
import type { Blobs } from '#platform/blobs/blobs.ts';
import type { AnyCollectionSpec, Doc } from '#platform/store/store.ts';
import {
  type ArchiveContent,
  type ArchiveHeader,
  type ArchiveManifest,
  blobsName,
  headerName,
  manifestName,
  partName,
  RecordsDigest,
  sha256,
} from './format.ts';
import { writeBlobs } from './write-blobs.ts';

/** A part is what a restore writes at once, and what both sides hold in memory; one larger document is a part by itself. */
const partBytes = 1_000_000;
const partDocuments = 1_000;

export interface ArchiveSource {
  readonly spec: Pick<AnyCollectionSpec, 'name' | 'version'>;
  /** By `_id`. */
  documents(): AsyncIterable<Doc>;
}

export interface WriteOptions {
  readonly header: ArchiveHeader;
  readonly sources: readonly ArchiveSource[];
  /**
   * Read after all documents: what these refer to was written before them, so all of it is there that was not removed meanwhile. What is
   * there beside it is swept later.
   */
  readonly blobs: Pick<Blobs, 'list' | 'info' | 'read'>;
  readonly out: Writable;
  readonly signal: AbortSignal;
  /** Called after each part, and each blob. */
  readonly onProgress: (collection: string, count: number) => void;
}

/** Writes an archive to `out` and ends it. Holds one part at a time, and what is known of all blobs. Where anything fails, `out` is destroyed. */
export async function writeArchive({
  out,
  signal,
  ...options
}: WriteOptions): Promise<{ manifest: ArchiveManifest; bytes: number }> {
  const pack = packTar();
  const compress = createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  let bytes = 0;
  const counted = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      yield chunk;
    }
  };
  const written = pipeline(pack, compress, counted, out, { signal });
  const failed = written.then(() => new Promise<never>(() => {}));
  failed.catch(() => {}); // Whoever waits for a part to be taken hears of it; between two parts nobody does.
  const filled = fill(pack, { ...options, signal }, failed);
  try {
    const manifest = await filled;
    await written;
    return { manifest, bytes };
  } catch (error) {
    pack.destroy(error instanceof Error ? error : new Error(String(error)));
    await written.catch(() => {}); // It says the same, or that it was ended early.
    throw error;
  }
}

async function fill(
  pack: Pack,
  { header, sources, blobs, signal, onProgress }: Omit<WriteOptions, 'out'>,
  failed: Promise<never>,
): Promise<ArchiveManifest> {
  const mtime = new Date(header.createdAt);
  const add = (name: string, content: string | Buffer): Promise<void> => {
    if (pack.destroying) return failed;
    const taken = Promise.withResolvers<void>();
    const entry = pack.entry({ name, mtime, mode: 0o600 }, content, () => taken.resolve());
    entry.on('error', taken.reject);
    return Promise.race([taken.promise, failed]);
  };
  const headerText = JSON.stringify(header);
  await add(headerName, headerText);
  const contents: ArchiveContent[] = [];
  for (const { spec, documents } of sources) {
    const digest = new RecordsDigest(spec.name);
    let part = 0;
    for await (const text of partsOf(documents(), digest)) {
      part++;
      await add(partName(spec.name, part), text);
      onProgress(spec.name, digest.count);
    }
    contents.push(digest.content());
  }
  contents.push(await writeBlobs(blobs, add, { signal, onProgress: (count) => onProgress(blobsName, count) }));
  const manifest = { headerSha256: sha256(headerText), contents };
  await add(manifestName, JSON.stringify(manifest));
  pack.finalize();
  return manifest;
}

async function* partsOf(documents: AsyncIterable<Doc>, digest: RecordsDigest): AsyncGenerator<string> {
  let lines: string[] = [];
  let length = 0;
  for await (const doc of documents) {
    digest.add(doc);
    const line = `${JSON.stringify(doc)}\n`;
    lines.push(line);
    length += line.length;
    if (length < partBytes && lines.length < partDocuments) continue;
    yield lines.join('');
    lines = [];
    length = 0;
  }
  if (lines.length > 0) yield lines.join('');
}
