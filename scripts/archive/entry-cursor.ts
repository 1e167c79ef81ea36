import type { ArchiveEntry } from './archive-entries.ts';

/** Entries one at a time, with a look at the next. */
export class EntryCursor {
  readonly #entries: AsyncGenerator<ArchiveEntry>;
  #seen: ArchiveEntry | undefined;

  constructor(entries: AsyncGenerator<ArchiveEntry>) {
    this.#entries = entries;
  }

  /** Undefined at the end. */
  async next(): Promise<ArchiveEntry | undefined> {
    const entry = await this.peek();
    this.#seen = undefined;
    return entry;
  }

  async peek(): Promise<ArchiveEntry | undefined> {
    this.#seen ??= (await this.#entries.next()).value as ArchiveEntry | undefined;
    return this.#seen;
  }

  /** Lets go of the archive before its end. */
  async close(): Promise<void> {
    await this.#entries.return(undefined);
  }
}
