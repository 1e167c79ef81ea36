import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

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
    if (failing) return;
    // Before it is told: whoever is told may well write a line about it.
    failing = true;
    onError(error);
  };

  const openFile = async (): Promise<FileHandle> => {
    await mkdir(dirname(path), { recursive: true });
    const opened = await open(path, constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY, 0o640);
    size = (await opened.stat()).size;
    return opened;
  };

  const closeFile = async () => {
    const closing = file;
    file = undefined;
    await closing?.close();
  };

  /** Others may write the same file (processes with the same settings) or move it away (logrotate). */
  const standsAtPath = async (handle: FileHandle): Promise<boolean> => {
    const [ours, current] = await Promise.all([handle.stat(), stat(path).catch(() => undefined)]);
    size = ours.size;
    return ours.ino === current?.ino;
  };

  const openCurrent = async (): Promise<FileHandle> => {
    if (file && (await standsAtPath(file))) return file;
    await closeFile();
    file = await openFile();
    return file;
  };

  const rotate = async (full: FileHandle): Promise<FileHandle> => {
    const stillOurs = await standsAtPath(full);
    await closeFile();
    if (stillOurs) await rename(path, `${path}.1`);
    return openCurrent();
  };

  const writeLines = async (lines: readonly Buffer[]) => {
    let target = await openCurrent();
    let from = 0;
    while (from < lines.length) {
      const { until, bytes } = linesThatFit(lines, from, maxBytes - size);
      if (until === from && size > 0) {
        target = await rotate(target);
        continue;
      }
      // A line longer than a whole file has one to itself.
      const batch = until === from ? lines.slice(from, from + 1) : lines.slice(from, until);
      await target.appendFile(batch.length === 1 && batch[0] ? batch[0] : Buffer.concat(batch));
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
        await closeFile().catch(fail);
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
      await closeFile();
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
