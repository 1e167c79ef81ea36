import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import { openRotatingFile } from './rotating-file.ts';

const newPath = () => join(mkdtempSync(join(tmpdir(), 'lamplight-log-')), 'app.log');
const line = (number: number) => `line ${number} ${'ü'.repeat(40)}\n`;
const linesIn = (path: string) => readFileSync(path, 'utf8').split(/(?<=\n)/);
const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
const rethrow = (error: unknown) => {
  throw error;
};

describe('openRotatingFile', () => {
  it('keeps the live file and one older, every line whole, in order and in one of them', async () => {
    const path = newPath();
    const bytes = Buffer.byteLength(line(1000));
    const file = openRotatingFile({ path, maxBytes: bytes * 600 + 10, onError: rethrow });
    for (let number = 1000; number < 2000; number += 1) {
      file.write(line(number));
      if (number % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await file.close();
    expect(readdirSync(dirname(path)).sort()).toEqual(['app.log', 'app.log.1']);
    const older = linesIn(`${path}.1`);
    expect(older).toHaveLength(600);
    expect([...older, ...linesIn(path)]).toEqual(Array.from({ length: 1000 }, (_, index) => line(1000 + index)));
  });

  it('drops only the oldest lines, however often it rotates', async () => {
    const path = newPath();
    const bytes = Buffer.byteLength(line(1000));
    const file = openRotatingFile({ path, maxBytes: bytes * 10, onError: rethrow });
    for (let number = 1000; number < 1095; number += 1) file.write(line(number));
    await file.close();
    expect([...linesIn(`${path}.1`), ...linesIn(path)]).toEqual(
      Array.from({ length: 15 }, (_, index) => line(1080 + index)),
    );
  });

  it('goes on with the file of the process before', async () => {
    const path = newPath();
    for (const number of [1, 2, 3]) {
      const file = openRotatingFile({ path, maxBytes: Buffer.byteLength(line(1)) * 2, onError: rethrow });
      file.write(line(number));
      await file.close();
    }
    expect([linesIn(`${path}.1`), linesIn(path)]).toEqual([[line(1), line(2)], [line(3)]]);
  });

  it('gives a line that is longer than a file one to itself', async () => {
    const path = newPath();
    const file = openRotatingFile({ path, maxBytes: 100, onError: rethrow });
    for (const text of ['short\n', `${'long'.repeat(100)}\n`, 'last\n']) file.write(text);
    await file.close();
    expect([readFileSync(`${path}.1`, 'utf8').length, readFileSync(path, 'utf8')]).toEqual([401, 'last\n']);
  });

  it('makes the folder that the file is to stand in', async () => {
    const path = join(dirname(newPath()), 'logs', 'today', 'app.log');
    const file = openRotatingFile({ path, maxBytes: 1e6, onError: rethrow });
    file.write(line(1));
    await file.close();
    expect(linesIn(path)).toEqual([line(1)]);
  });

  it('follows where someone moves the file away', async () => {
    const path = newPath();
    const file = openRotatingFile({ path, maxBytes: 1e6, onError: rethrow });
    file.write(line(1));
    await waitFor(() => sizeOf(path));
    renameSync(path, `${path}.moved`);
    file.write(line(2));
    await file.close();
    expect([linesIn(`${path}.moved`), linesIn(path)]).toEqual([[line(1)], [line(2)]]);
  });

  it('shares the file with another process', async () => {
    const path = newPath();
    const maxBytes = Buffer.byteLength(line(1000)) * 150;
    const files = [1, 2].map(() => openRotatingFile({ path, maxBytes, onError: rethrow }));
    for (let number = 1000; number < 1200; number += 1) {
      files[number % 2]?.write(line(number));
      const written = (number - 999) * Buffer.byteLength(line(1000));
      await waitFor(() => sizeOf(path) + sizeOf(`${path}.1`) === written, { everyMs: 1 });
    }
    await Promise.all(files.map((file) => file.close()));
    const all = [...linesIn(`${path}.1`), ...linesIn(path)];
    expect(all).toEqual(Array.from({ length: 200 }, (_, index) => line(1000 + index)));
  });

  it('says once that it cannot write, and goes on when it can', async () => {
    const path = newPath();
    mkdirSync(path);
    const errors: unknown[] = [];
    const file = openRotatingFile({
      path,
      maxBytes: 1e6,
      onError: (error) => {
        errors.push(error);
        file.write('about the error\n');
      },
    });
    file.write(line(1));
    await waitFor(() => errors.length);
    file.write(line(2));
    rmdirSync(path);
    await waitFor(() => {
      file.write(line(3));
      return statSync(path, { throwIfNoEntry: false })?.isFile();
    });
    await file.close();
    expect(errors).toHaveLength(1);
    expect(linesIn(path)).toContain(line(3));
  });

  it('holds no more than it may for a slow disk', async () => {
    const path = newPath();
    const errors: unknown[] = [];
    const onError = (error: unknown) => {
      errors.push(error);
      file.write('about the error\n');
    };
    const file = openRotatingFile({ path, maxBytes: 1e6, onError, maxWaitingBytes: Buffer.byteLength(line(1)) * 2 });
    for (const number of [1, 2, 3, 4]) file.write(line(number));
    await file.close();
    expect(errors).toEqual([new Error(`${path} takes lines too slowly.`)]);
    expect(linesIn(path)).toContain(line(1));
    expect(linesIn(path)).not.toContain(line(4));
  });
});
