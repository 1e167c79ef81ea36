import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BlobInfo } from './blobs.ts';
import { type BlobsPlace, type BlobsUnderTest, putRandom } from './blobs-testing.ts';

/** What is listed, in an order that stays the same. */
export function listCases(under: BlobsUnderTest): void {
  describe('lists', () => {
    let place: BlobsPlace;
    const ids = ['B', 'a', 'a-', 'a1', 'aa', 'b', '_', '0', 'Z'];
    const later = Date.now() + 60_000;
    const infos = new Map<string, unknown>();
    beforeAll(async () => {
      place = await under.open();
      for (const id of ids) infos.set(id, (await putRandom(place.blobs, 5, id)).info);
    });
    afterAll(() => place.close());

    const idsOf = (listed: readonly BlobInfo[]) => listed.map(({ id }) => id);
    const all = () => place.blobs.list({ writtenBefore: later, limit: 100 });

    it('all of them, each time in the same order', async () => {
      const listed = await all();
      expect(idsOf(listed).sort()).toEqual([...ids].sort());
      expect(listed).toEqual(idsOf(listed).map((id) => infos.get(id)));
      expect(await all()).toEqual(listed);
    });

    it('some at a time, after the last of before', async () => {
      const seen: string[] = [];
      for (let after: string | undefined; ; after = seen.at(-1)) {
        const page = await place.blobs.list({ writtenBefore: later, limit: 4, after });
        expect(page.length).toBeLessThanOrEqual(4);
        if (page.length === 0) break;
        seen.push(...page.map(({ id }) => id));
      }
      expect(seen).toEqual(idsOf(await all()));
    });

    it('what comes after each of them', async () => {
      const order = idsOf(await all());
      for (const [at, after] of order.entries())
        expect(idsOf(await place.blobs.list({ writtenBefore: later, limit: 100, after }))).toEqual(order.slice(at + 1));
    });

    it('none that was written since, and none that was deleted', async () => {
      const moment = (await place.blobs.info('a'))?.writtenAt ?? 0;
      const before = await place.blobs.list({ writtenBefore: moment, limit: 100 });
      expect(before.map(({ id }) => id)).not.toContain('a');
      expect(before.every(({ writtenAt }) => writtenAt < moment)).toBe(true);
      expect(await place.blobs.list({ writtenBefore: 0, limit: 100 })).toEqual([]);
      expect(await place.blobs.list({ writtenBefore: later, limit: 0 })).toEqual([]);
      await place.blobs.delete('a');
      expect(idsOf(await all())).not.toContain('a');
    });

    it('what is left, in the order of before, also after one that was deleted', async () => {
      const order = idsOf(await all());
      const gone = order.slice(0, 3);
      for (const id of gone) await place.blobs.delete(id);
      for (const after of [undefined, ...gone])
        expect(idsOf(await place.blobs.list({ writtenBefore: later, limit: 100, after }))).toEqual(order.slice(3));
    });
  });
}
