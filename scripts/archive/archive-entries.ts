import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { type Extract, extract } from 'tar-stream';
import { maxDocumentBytes } from '#platform/store/store.ts';
import { ArchiveError } from './format.ts';

/** A part that was nearly full when the largest document came to it. */
const maxEntryBytes = maxDocumentBytes + 10_000_000;

type Entry = Extract extends AsyncIterable<infer Each> ? Each : never;

export interface ArchiveEntry {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The entries of an archive, one at a time. Throws `ArchiveError` where it is damaged, cut off or no archive. */
export async function* archiveEntries(input: Readable): AsyncGenerator<ArchiveEntry> {
  const entries = extract();
  const read = pipeline(input, createZstdDecompress(), entries);
  read.catch(() => {}); // `entries` ends with the same error; without a reader of the entries nobody asks for it.
  try {
    for await (const entry of entries) {
      yield { name: entry.header.name, bytes: await bytesOf(entry) };
    }
    await read;
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new ArchiveError(`This is not an archive of Lamplight, or it is damaged or cut off (${why}).`, {
      cause: error,
    });
  }
}

async function bytesOf(entry: Entry): Promise<Buffer> {
  const { name, size = 0 } = entry.header;
  if (size > maxEntryBytes)
    throw new ArchiveError(`The archive's entry ${name} is larger than any that a backup writes.`);
  const chunks: Buffer[] = [];
  for await (const chunk of entry) if (chunk instanceof Buffer) chunks.push(chunk);
  return Buffer.concat(chunks);
}
