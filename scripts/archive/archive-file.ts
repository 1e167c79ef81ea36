import { randomUUID } from 'node:crypto';
import { access, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Writable } from 'node:stream';
import { syncFolder } from '#platform/sync-folder.ts';
import { UsageError } from './run-command.ts';

export interface ArchiveFile {
  readonly out: Writable;
  /** Gives the whole file its name, on the disk. */
  keep(): Promise<void>;
  /** Leaves nothing behind. */
  discard(): Promise<void>;
}

/** A new file that has its name only once it is whole: until then it ends with `.partial`. For its owner alone to read. */
export async function createArchiveFile(path: string): Promise<ArchiveFile> {
  if (await exists(path)) throw new UsageError(`${path} is there already. Name another file with --out, or remove it.`);
  const partial = `${path}.${randomUUID()}.partial`;
  const out = (await openNew(partial)).createWriteStream({ flush: true });
  const closed = new Promise<void>((resolve) => out.once('close', resolve));
  return {
    out,
    keep: async () => {
      await closed;
      await rename(partial, path);
      await syncFolder(dirname(path));
    },
    discard: async () => {
      out.destroy();
      await closed;
      await rm(partial, { force: true });
    },
  };
}

/** Standard output: what reads it decides where the archive goes. */
export function standardOutput(): ArchiveFile {
  const { stdout } = process;
  if (stdout.isTTY) {
    throw new UsageError('With --out - the archive goes to standard output: pipe that into a file or a program.');
  }
  stdout.on('error', () => {}); // Each write is told of its own.
  const out = new Writable({ write: (chunk: Buffer, _encoding, done) => void stdout.write(chunk, done) });
  return { out, keep: async () => {}, discard: async () => {} };
}

async function openNew(partial: string) {
  try {
    return await open(partial, 'w', 0o600);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${partial} cannot be written (${why}). Name another place with --out.`, { cause: error });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false; // Where it cannot be looked at, it cannot be written either, and that is told then.
  }
}
