import { constants } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';

export interface RotatingFileOptions {
  readonly path: string;
  /** A line that would make the file longer goes into a new one, and the full one becomes `<path>.1`. */
  readonly maxBytes: number;
  /** Told once when writing begins to fail; again only after it worked in between. */
  readonly onError: (error: unknown) => void;
  /** Bytes that wait for a slow disk at most; further lines are left out of the file. 16 MB by default. */
  readonly maxWaitingBytes?: number;
}

export interface RotatingFile {
  /** Takes a whole line, its line break included. Never throws and never waits. */
  write(line: string): void;
  /** Resolves once all lines are written and the file is closed. */
  close(): Promise<void>;
}

/**
 * A log file with one older one kept. Lines are whole, in order, and in one file or the other; what arrives during a write
 * goes with the next one. Ours because winston's file transport loses its errors and then holds up every other transport.
 */
export function openRotatingFile(options: RotatingFileOptions): RotatingFile {
  const { path, maxBytes, onError, maxWaitingBytes = 16_000_000 } = options;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let file: FileHandle | undefined;
  let size = 0;
  let failing = false;
  let closed = false;
  let writing: Promise<void> | undefined;

  const fail = (error: unknown) => {
    if (!failing) onError(error);
    failing = true;
  };

  const openFile = async (): Promise<FileHandle> => {
    const opened = await open(path, constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY, 0o640);
    size = (await opened.stat()).size;
    return opened;
  };

  const rotate = async () => {
    await file?.close();
    file = undefined;
    await rename(path, `${path}.1`);
    file = await openFile();
  };

  const writeLines = async (lines: readonly Buffer[]) => {
    file ??= await openFile();
    let from = 0;
    while (from < lines.length) {
      const { until, bytes } = linesThatFit(lines, from, maxBytes - size);
      if (until === from && size > 0) {
        await rotate();
        continue;
      }
      // A line longer than a whole file has one to itself.
      const batch = until === from ? lines.slice(from, from + 1) : lines.slice(from, until);
      await file.appendFile(batch.length === 1 && batch[0] ? batch[0] : Buffer.concat(batch));
      size += until === from ? (batch[0]?.length ?? 0) : bytes;
      from += batch.length;
    }
  };

  const writeAll = async () => {
    while (waiting.length > 0) {
      const lines = waiting;
      waiting = [];
      waitingBytes = 0;
      try {
        await writeLines(lines);
        failing = false;
      } catch (error) {
        fail(error);
        await file?.close().catch(fail);
        file = undefined;
      }
    }
    writing = undefined;
  };

  return {
    write: (line) => {
      if (closed) return;
      const bytes = Buffer.from(line);
      if (waitingBytes + bytes.length > maxWaitingBytes) return fail(new Error(`${path} takes lines too slowly.`));
      waiting.push(bytes);
      waitingBytes += bytes.length;
      writing ??= writeAll();
    },
    close: async () => {
      closed = true;
      await writing;
      await file?.close();
      file = undefined;
    },
  };
}

function linesThatFit(lines: readonly Buffer[], from: number, space: number): { until: number; bytes: number } {
  let until = from;
  let bytes = 0;
  for (let line = lines[until]; line && bytes + line.length <= space; line = lines[until]) {
    bytes += line.length;
    until += 1;
  }
  return { until, bytes };
}
