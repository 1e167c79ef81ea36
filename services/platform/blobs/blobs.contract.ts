import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { interruptionCases } from './blobs-interruption.contract.ts';
import { listCases } from './blobs-list.contract.ts';
import {
  type BlobsPlace,
  type BlobsUnderTest,
  newId,
  options,
  piecesOf,
  putRandom,
  readAll,
  sha256,
} from './blobs-testing.ts';

/** What holds of every adapter of the port. */
export function describeBlobs(name: string, under: BlobsUnderTest): void {
  describe(name, () => {
    let place: BlobsPlace;
    beforeAll(async () => {
      place = await under.open();
    });
    afterAll(() => place.close());
    const get = () => place;

    it.each([0, 1, 255 * 1024, 5_000_000])('keeps %d bytes as they were', async (size) => {
      const before = Date.now();
      const { id, bytes, info } = await putRandom(place.blobs, size);
      expect(info).toMatchObject({ id, mediaType: 'audio/mpeg', size, sha256: sha256(bytes) });
      expect(info.writtenAt).toBeGreaterThanOrEqual(before);
      expect(info.writtenAt).toBeLessThanOrEqual(Date.now());
      expect(await place.blobs.info(id)).toEqual(info);
      expect(await readAll(place.blobs, id)).toEqual(bytes);
      expect(await place.leftovers()).toBe(0);
    });

    const size = 600_000;
    it.each([
      ['the first byte', 0, 0],
      ['the last byte', size - 1, size - 1],
      ['one in the middle', 300_000, 300_000],
      ['the beginning', 0, 99],
      ['the end', size - 100, size - 1],
      ['a whole piece', 255 * 1024, 2 * 255 * 1024 - 1],
      ['what crosses pieces', 255 * 1024 - 1, 2 * 255 * 1024],
      ['all', 0, size - 1],
      ['what goes beyond the end', size - 10, size + 1_000],
      ['what begins at the end', size, size + 10],
      ['what lies beyond the end', size + 5, size + 10],
    ])('reads %s', async (_, start, end) => {
      const { id, bytes } = await shared(place, size);
      expect(await readAll(place.blobs, id, { start, end })).toEqual(bytes.subarray(start, end + 1));
    });

    it('reads nothing of an empty blob', async () => {
      const { id } = await putRandom(place.blobs, 0);
      expect(await readAll(place.blobs, id, { start: 0, end: 0 })).toHaveLength(0);
    });

    it('gives many readers of one blob each their own bytes, also where some go away early', async () => {
      const { id, bytes } = await shared(place, size);
      const [left, ...rest] = await Promise.all([0, 1, 2].map(() => place.blobs.read(id)));
      left?.destroy();
      const read = await Promise.all(rest.map((stream) => stream?.toArray()));
      for (const chunks of read) expect(Buffer.concat(chunks ?? [])).toEqual(bytes);
    });

    it('has nothing under an id that was not written, nor under what is none', async () => {
      for (const id of [newId(), '', '../x', 'a/b', '.', '..', 'a\0b', 'ä', 'x'.repeat(101), 'incoming']) {
        expect([id, await place.blobs.info(id), await place.blobs.read(id), await place.blobs.delete(id)]).toEqual([
          id,
          undefined,
          undefined,
          false,
        ]);
      }
      for (const id of ['', '../x', 'a/b', '..', 'a\0b', 'x'.repeat(101)])
        await expect(place.blobs.put(id, piecesOf(Buffer.from('x')), options)).rejects.toThrow('no id');
    });

    it('keeps ids apart that differ in case alone, and takes the longest', async () => {
      const ids = ['Case', 'case', 'incoming', '0', '-', '_', 'x'.repeat(100)];
      for (const id of ids) await place.blobs.put(id, piecesOf(Buffer.from(id)), options);
      for (const id of ids) expect(String(await readAll(place.blobs, id))).toBe(id);
    });

    it('writes an id once', async () => {
      const { id, bytes } = await putRandom(place.blobs, 300_000);
      await expect(putRandom(place.blobs, 10, id)).rejects.toMatchObject({ code: 'conflict' });
      expect(await readAll(place.blobs, id)).toEqual(bytes);
    });

    it('lets one of parallel writers of an id win, whole, and leaves nothing of the others', async () => {
      const id = newId();
      const puts = await Promise.allSettled([1, 2, 3, 4].map(() => putRandom(place.blobs, 600_000, id)));
      const won = puts.flatMap((put) => (put.status === 'fulfilled' ? [put.value] : []));
      const lost = puts.flatMap((put) => (put.status === 'rejected' ? [put.reason] : []));
      expect([won.length, lost.map(({ code }) => code)]).toEqual([1, ['conflict', 'conflict', 'conflict']]);
      expect(await readAll(place.blobs, id)).toEqual(won[0]?.bytes);
      expect(await place.blobs.info(id)).toEqual(won[0]?.info);
      expect(await place.leftovers()).toBe(0);
    });

    it('deletes once, and takes the id again', async () => {
      const { id } = await putRandom(place.blobs, 300_000);
      const deleted = await Promise.all([place.blobs.delete(id), place.blobs.delete(id)]);
      expect(deleted.sort()).toEqual([false, true]);
      expect([await place.blobs.info(id), await place.blobs.read(id)]).toEqual([undefined, undefined]);
      const { bytes } = await putRandom(place.blobs, 20, id);
      expect(await readAll(place.blobs, id)).toEqual(bytes);
      expect(await place.leftovers()).toBe(0);
    });

    it('takes what is in memory already', async () => {
      const id = newId();
      await place.blobs.put(id, [Buffer.from('two '), Buffer.from('pieces')], options);
      expect(String(await readAll(place.blobs, id))).toBe('two pieces');
    });

    it('answers a ping', async () => {
      await place.blobs.ping();
    });

    interruptionCases(get);
    listCases(under);

    it('gives up what is under way when it is closed, and keeps nothing of it', async () => {
      const { blobs, leftovers, close } = await under.open();
      const begun = Promise.withResolvers<void>();
      async function* still() {
        yield Buffer.alloc(600_000);
        begun.resolve();
        await new Promise(() => {});
      }
      const put = expect(blobs.put(newId(), still(), options)).rejects.toMatchObject({ code: 'store_unavailable' });
      await begun.promise;
      await blobs.close();
      await put;
      expect(await leftovers()).toBe(0);
      await close();
    });

    it('refuses everything once it is closed', async () => {
      const { blobs, ...own } = await under.open();
      const { id } = await putRandom(blobs, 10);
      await blobs.close();
      const gone = { code: 'store_unavailable' };
      await expect(blobs.info(id)).rejects.toMatchObject(gone);
      await expect(blobs.read(id)).rejects.toMatchObject(gone);
      await expect(blobs.delete(id)).rejects.toMatchObject(gone);
      await expect(putRandom(blobs, 1)).rejects.toMatchObject(gone);
      await expect(blobs.ping()).rejects.toMatchObject(gone);
      await own.close();
    });
  });
}

const kept = new WeakMap<BlobsPlace, ReturnType<typeof putRandom>>();
const shared = (place: BlobsPlace, size: number): ReturnType<typeof putRandom> => {
  const made = kept.get(place) ?? putRandom(place.blobs, size);
  kept.set(place, made);
  return made;
};
