import type { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Doc } from '#platform/store/store.ts';
import { archiveEntries } from './archive-entries.ts';
import { EntryCursor } from './entry-cursor.ts';
import {
  type ArchiveContent,
  type ArchivedBlob,
  ArchiveError,
  type ArchiveHeader,
  type ArchiveManifest,
  anyHeader,
  archivedBlob,
  archiveHeader,
  archiveManifest,
  BlobsDigest,
  blobInfoName,
  blobPrefix,
  formatVersion,
  headerName,
  manifestName,
  partName,
  RecordsDigest,
  sha256,
} from './format.ts';
import { ArchivedBytes, BlobCutOff } from './read-blob.ts';

export interface ArchiveReader {
  /** Called before any document; throws to refuse the archive. */
  onHeader(header: ArchiveHeader): Promise<void>;
  /** A part of one collection, in the archive's order. Only once `readArchive` resolves is it known that nothing was damaged. */
  onDocuments(collection: string, docs: readonly Doc[], countSoFar: number): Promise<void>;
  /** A blob, after all documents, and whether `bytes` were read or not. They throw at their end where the archive has not all of them. */
  onBlob(info: ArchivedBlob, bytes: AsyncIterable<Uint8Array>, countSoFar: number): Promise<void>;
}

export interface ReadResult {
  readonly header: ArchiveHeader;
  readonly manifest: ArchiveManifest;
}

/** Reads an archive to its end and checks all of it. Throws `ArchiveError` where it is damaged, cut off or not one of ours. */
export async function readArchive(input: Readable, reader: ArchiveReader): Promise<ReadResult> {
  const check = new ArchiveCheck(reader);
  const entries = new EntryCursor(archiveEntries(input));
  try {
    for (let entry = await entries.next(); entry; entry = await entries.next()) {
      const { name, bytes } = entry;
      if (check.manifest) throw damaged(`${name} follows its end`);
      const text = () => bytes.toString('utf8');
      if (!check.header) await check.takeHeader(name, text());
      else if (name === manifestName) check.takeManifest(text());
      else if (name.startsWith(blobPrefix)) await check.takeBlob(name, text(), entries);
      else await check.takePart(name, text());
    }
  } finally {
    await entries.close();
  }
  const { header, manifest } = check;
  if (!header || !manifest) throw damaged('its end is missing');
  return { header, manifest };
}

const damaged = (what: string): ArchiveError => new ArchiveError(`The archive is damaged or cut off: ${what}.`);

const document = z.looseObject({ _id: z.string().min(1) });

class ArchiveCheck {
  readonly #reader: ArchiveReader;
  readonly #contents: ArchiveContent[] = [];
  #headerSha256 = '';
  #digest: RecordsDigest | undefined;
  readonly #blobs = new BlobsDigest();
  #at = -1;
  #part = 0;
  header: ArchiveHeader | undefined;
  manifest: ArchiveManifest | undefined;

  constructor(reader: ArchiveReader) {
    this.#reader = reader;
  }

  async takeHeader(name: string, text: string): Promise<void> {
    const found = name === headerName ? anyHeader.safeParse(parse(name, text)) : undefined;
    if (!found?.success) throw new ArchiveError('This is a tar file, but not an archive of Lamplight.');
    if (found.data.formatVersion > formatVersion) {
      throw new ArchiveError(
        `This archive was made by a newer release (${found.data.release}), in a format that this one does not know. Restore it with that release.`,
      );
    }
    const header = archiveHeader.safeParse(found.data);
    if (!header.success) throw damaged(`${headerName} lacks something`);
    this.#headerSha256 = sha256(text);
    this.header = header.data;
    await this.#reader.onHeader(header.data);
  }

  async takePart(name: string, text: string): Promise<void> {
    while (name !== this.#expected()) this.#nextCollection(name);
    this.#part++;
    const digest = this.#digest;
    if (!digest) throw damaged(`${name} is not in its place`);
    const docs = text
      .split('\n')
      .slice(0, -1)
      .map((line) => parseDocument(name, line));
    for (const doc of docs) digest.add(doc);
    await this.#reader.onDocuments(this.#collection() ?? '', docs, digest.count);
  }

  async takeBlob(name: string, text: string, entries: EntryCursor): Promise<void> {
    this.#endCollections();
    const parsed = archivedBlob.safeParse(parse(name, text));
    if (!parsed.success || name !== blobInfoName(parsed.data.id)) throw damaged(`${name} is not in its place`);
    const info = parsed.data;
    const bytes = new ArchivedBytes(entries, info);
    try {
      await this.#reader.onBlob(info, bytes.all(), this.#blobs.count);
      // What the reader had no use for is checked all the same.
      for await (const _ of bytes.all());
      this.#blobs.add(info);
    } catch (error) {
      if (!(error instanceof BlobCutOff)) throw error;
    }
  }

  takeManifest(text: string): void {
    this.#endCollections();
    const parsed = archiveManifest.safeParse(parse(manifestName, text));
    if (!parsed.success) throw damaged(`${manifestName} lacks something`);
    const withBlobs = this.#blobs.count > 0 || parsed.data.contents.some(({ kind }) => kind === 'blobs');
    if (withBlobs) this.#contents.push(this.#blobs.content());
    if (parsed.data.headerSha256 !== this.#headerSha256) throw damaged(`${headerName} is not what was written`);
    for (const [at, content] of this.#contents.entries()) {
      if (!isDeepStrictEqual(parsed.data.contents[at], content))
        throw damaged(`"${content.name}" is not what was written`);
    }
    if (parsed.data.contents.length !== this.#contents.length) throw damaged('something is missing');
    this.manifest = parsed.data;
  }

  #endCollections(): void {
    while (this.#at < this.#names().length) this.#nextCollection(manifestName);
  }

  #names(): readonly string[] {
    return this.header?.collections.map(({ name }) => name) ?? [];
  }

  #collection(): string | undefined {
    return this.#names()[this.#at];
  }

  #expected(): string | undefined {
    const name = this.#collection();
    return name === undefined ? undefined : partName(name, this.#part + 1);
  }

  #nextCollection(found: string): void {
    if (this.#digest) this.#contents.push(this.#digest.content());
    this.#at++;
    this.#part = 0;
    const name = this.#collection();
    this.#digest = name === undefined ? undefined : new RecordsDigest(name);
    if (name === undefined && found !== manifestName) throw damaged(`${found} is not in its place`);
  }
}

function parseDocument(name: string, line: string): Doc {
  const parsed = document.safeParse(parse(name, line));
  if (!parsed.success) throw damaged(`${name} holds something else than documents`);
  return parsed.data;
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ArchiveError(`The archive is damaged: ${name} is not JSON.`, { cause });
  }
}
