import { createHash } from 'node:crypto';
import type { EntryCursor } from './entry-cursor.ts';
import { type ArchivedBlob, ArchiveError, blobPartName } from './format.ts';

/** The archive has but a part of this blob: it was removed as the archive was written. */
export class BlobCutOff extends Error {}

/** The bytes of one blob as they stand in the archive. */
export class ArchivedBytes {
  readonly #entries: EntryCursor;
  readonly #info: ArchivedBlob;
  readonly #hash = createHash('sha256');
  #part = 0;
  #size = 0;
  #checked = false;

  constructor(entries: EntryCursor, info: ArchivedBlob) {
    this.#entries = entries;
    this.#info = info;
  }

  /** From where it was left. Throws `BlobCutOff` at their end where they are not all, and `ArchiveError` where they are others than were written. */
  async *all(): AsyncGenerator<Uint8Array> {
    const { id, size, sha256 } = this.#info;
    while ((await this.#entries.peek())?.name === blobPartName(id, this.#part + 1)) {
      const entry = await this.#entries.next();
      if (!entry) break;
      this.#part++;
      this.#size += entry.bytes.length;
      this.#hash.update(entry.bytes);
      yield entry.bytes;
    }
    if (this.#checked) return;
    if (this.#size < size) throw new BlobCutOff(`The archive has ${this.#size} of the ${size} bytes of a blob.`);
    this.#checked = this.#size === size && this.#hash.digest('hex') === sha256;
    if (!this.#checked) throw new ArchiveError(`The archive is damaged: the blob ${id} is not what was written.`);
  }
}
