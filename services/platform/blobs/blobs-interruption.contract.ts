import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import { type BlobsPlace, newId, options, piecesOf, putRandom, readAll } from './blobs-testing.ts';

const holdWrite = fileURLToPath(new URL('./hold-write.fixture.ts', import.meta.url));

/** What comes of writes that do not come to their end. */
export function interruptionCases(get: () => BlobsPlace): void {
  const nothingOf = async (id: string) => {
    const { blobs } = get();
    expect([await blobs.info(id), await blobs.read(id)]).toEqual([undefined, undefined]);
    const listed = await blobs.list({ writtenBefore: Number.MAX_SAFE_INTEGER, limit: 10_000 });
    expect(listed.map((info) => info.id)).not.toContain(id);
  };

  it('passes on the error of a source that fails, and keeps nothing', async () => {
    const { blobs, leftovers } = get();
    const id = newId();
    const failure = new Error('The voice broke.');
    async function* failing() {
      yield* piecesOf(Buffer.alloc(600_000));
      throw failure;
    }
    await expect(blobs.put(id, failing(), options)).rejects.toBe(failure);
    await nothingOf(id);
    expect(await leftovers()).toBe(0);
    await putRandom(blobs, 10, id);
  });

  it.each(['before it begins', 'as its source stands still'])('ends where its signal is aborted %s', async (when) => {
    const { blobs, leftovers } = get();
    const id = newId();
    const stop = new AbortController();
    const reason = new Error('Enough.');
    let returned = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        yield Buffer.alloc(300_000);
        setImmediate(() => stop.abort(reason));
        await once(new EventTarget(), 'never', { signal: stop.signal }).catch(() => {});
      } finally {
        returned = true;
      }
      yield Buffer.alloc(1);
    }
    if (when === 'before it begins') stop.abort(reason);
    await expect(blobs.put(id, endless(), { ...options, signal: stop.signal })).rejects.toBe(reason);
    await nothingOf(id);
    expect(await leftovers()).toBe(0);
    if (when !== 'before it begins') await waitFor(() => returned, { what: 'the source to be let go of' });
  });

  it('takes as much as it may be and not a byte more', async () => {
    const { blobs, leftovers } = get();
    const put = (id: string, size: number) =>
      blobs.put(id, piecesOf(Buffer.alloc(size)), { ...options, maxBytes: 300_000 });
    const id = newId();
    await expect(put(id, 300_001)).rejects.toMatchObject({ code: 'payload_too_large' });
    await nothingOf(id);
    expect(await leftovers()).toBe(0);
    expect((await put(id, 300_000)).size).toBe(300_000);
  });

  it('shows nothing of a blob before it is whole, and lets a sweep take nothing of what is under way', async () => {
    const { blobs } = get();
    const id = newId();
    const half = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const bytes = Buffer.alloc(700_000, 7);
    async function* slow() {
      yield bytes.subarray(0, 600_000);
      half.resolve();
      await end.promise;
      yield bytes.subarray(600_000);
    }
    const put = blobs.put(id, slow(), options);
    await half.promise;
    await nothingOf(id);
    await blobs.sweepInterrupted(Date.now() - 60_000);
    end.resolve();
    await put;
    expect(await readAll(blobs, id)).toEqual(bytes);
  });

  it('sweeps what a killed process left of a blob, once it is old enough, and nothing else', async () => {
    const { blobs, leftovers, storage } = get();
    const { id: whole, bytes } = await putRandom(blobs, 600_000);
    const id = newId();
    const child = spawn(process.execPath, [holdWrite, JSON.stringify(storage), id]);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    await waitFor(() => output.includes('holding'), { what: `a child that writes:\n${output}` });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await nothingOf(id);
    expect(await leftovers()).toBe(1);
    expect(await blobs.sweepInterrupted(Date.now() - 60_000)).toBe(0);
    expect(await leftovers()).toBe(1);
    expect(await blobs.sweepInterrupted(Date.now() + 2_000)).toBe(1);
    expect(await leftovers()).toBe(0);
    expect(await blobs.sweepInterrupted(Date.now() + 2_000)).toBe(0);
    expect(await readAll(blobs, whole)).toEqual(bytes);
    await putRandom(blobs, 10, id);
  });
}
