import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BlobsPlace, type BlobsUnderTest, putRandom } from './blobs-testing.ts';

/** What is listed, and in which order. */
export function listCases(under: BlobsUnderTest): void {
  describe('lists', () => {
    let place: BlobsPlace;
    const ids = ['B', 'a', 'a-', 'a1', 'aa', 'b', '_', '0', 'Z'];
    const order = [...ids].sort();
    const later = Date.now() + 60_000;
    const infos = new Map<string, unknown>();
    beforeAll(async () => {
      place = await under.open();
      for (const id of ids) infos.set(id, (await putRandom(place.blobs, 5, id)).info);
    });
    afterAll(() => place.close());

    it('all of them, by their ids', async () => {
      const listed = await place.blobs.list({ writtenBefore: later, limit: 100 });
      expect(listed).toEqual(order.map((id) => infos.get(id)));
    });

    it('some at a time, after the last of before', async () => {
      const seen: string[] = [];
      for (let after: string | undefined; ; after = seen.at(-1)) {
        const page = await place.blobs.list({ writtenBefore: later, limit: 4, after });
        expect(page.length).toBeLessThanOrEqual(4);
        if (page.length === 0) break;
        seen.push(...page.map(({ id }) => id));
      }
      expect(seen).toEqual(order);
    });

    it('none that was written since, and none that was deleted', async () => {
      const moment = (await place.blobs.info('a'))?.writtenAt ?? 0;
      const before = await place.blobs.list({ writtenBefore: moment, limit: 100 });
      expect(before.map(({ id }) => id)).not.toContain('a');
      expect(before.every(({ writtenAt }) => writtenAt < moment)).toBe(true);
      expect(await place.blobs.list({ writtenBefore: 0, limit: 100 })).toEqual([]);
      expect(await place.blobs.list({ writtenBefore: later, limit: 0 })).toEqual([]);
      await place.blobs.delete('a');
      expect((await place.blobs.list({ writtenBefore: later, limit: 100 })).map(({ id }) => id)).not.toContain('a');
    });
  });
}
