import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '#platform/store/store.ts';
import { keepItem, maxItems } from './keep-item.ts';
import {
  type LibraryRecords,
  libraryCollections,
  libraryOwner,
  openLibraryRecords,
  type SceneRecord,
} from './library-records.ts';
import { listItems } from './list-items.ts';

/** What lists and quotas of the library promise on every store. */
export function describeLists(name: string, open: () => Promise<Store>): void {
  describe(`lists of the library on ${name}`, () => {
    let store: Store;
    let library: LibraryRecords;
    const scene = (ownerId: string, n: number): SceneRecord & { slot?: undefined } => ({
      _id: `${ownerId}-${n}`,
      ownerId,
      createdAt: n,
      place: `Place ${n}`,
      mood: 'calm',
      events: ['rain'],
    });
    beforeAll(async () => {
      store = await open();
      await store.prepare(Object.values(libraryCollections));
      library = openLibraryRecords(store);
      for (let n = 0; n < 5; n += 1) {
        await keepItem(library.scenes, scene('ada', n), 'scenes');
        await library.scenes.insert(scene(libraryOwner, n));
      }
      await keepItem(library.scenes, scene('eve', 9), 'scenes');
    });
    afterAll(() => store.close());

    const all = async (personId: string, limit: number) => {
      const pages: string[][] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await listItems(library.scenes, personId, { limit, cursor });
        pages.push(page.items.map(({ _id }) => _id));
        cursor = page.nextCursor;
        if (cursor === undefined) return pages;
      }
    };
    const adas = [4, 3, 2, 1, 0].map((n) => `ada-${n}`);
    const ours = [0, 1, 2, 3, 4].map((n) => `library-${n}`);

    it.each([1, 2, 3, 4, 5, 6, 9, 10, 11, 100])(
      "has one's own, the latest first, then the library's, %i at a time",
      async (limit) => {
        const pages = await all('ada', limit);
        expect(pages.flat()).toEqual([...adas, ...ours]);
        for (const page of pages) expect(page.length).toBeLessThanOrEqual(limit);
        expect(pages.at(-1)).not.toEqual([]);
      },
    );

    it('has the library alone for whoever has nothing', async () => {
      expect((await all('nobody', 2)).flat()).toEqual(ours);
    });

    it('goes on where it was, whatever came and went meanwhile', async () => {
      const first = await listItems(library.scenes, 'ada', { limit: 2 });
      await keepItem(library.scenes, scene('ada', 50), 'scenes');
      const second = await listItems(library.scenes, 'ada', { limit: 2, cursor: first.nextCursor });
      expect(second.items.map(({ _id }) => _id)).toEqual(['ada-2', 'ada-1']);
      await library.scenes.delete('ada-50', { ownerId: 'ada' });
    });

    it("leads nobody to another's, by whichever cursor", async () => {
      const { nextCursor } = await listItems(library.scenes, 'ada', { limit: 1 });
      const found = await listItems(library.scenes, 'eve', { limit: 100, cursor: nextCursor });
      expect(found.items.map(({ ownerId }) => ownerId)).not.toContain('ada');
    });

    it.each([
      '',
      'mine',
      'mine.',
      'library',
      'mine.%',
      'library.x',
      'yours.WzEsImEiXQ',
      'mine.bnVsbA',
      'MINE.WzEsImEiXQ',
    ])('refuses the cursor %j', async (cursor) => {
      const listed = listItems(library.scenes, 'ada', { limit: 5, cursor });
      await expect(listed).rejects.toMatchObject({ code: 'invalid_cursor' });
    });

    it('keeps no more than allowed, also of parallel requests, and another one once there is room', async () => {
      const tries = Array.from({ length: maxItems }, (_, n) => scene('greedy', n));
      await Promise.all(tries.slice(0, maxItems - 2).map((each) => keepItem(library.scenes, each, 'scenes')));
      const last = [1, 2, 3, 4].map((n) => keepItem(library.scenes, scene('greedy', 1_000 + n), 'scenes'));
      const outcomes = await Promise.allSettled(last);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
      const refused = outcomes.find((outcome) => outcome.status === 'rejected');
      expect(refused?.reason).toMatchObject({ code: 'too_many_items', message: expect.stringContaining('100 scenes') });
      expect(await library.scenes.count({ ownerId: 'greedy' })).toBe(maxItems);
      await library.scenes.delete('greedy-7');
      await keepItem(library.scenes, scene('greedy', 2_000), 'scenes');
      expect(await library.scenes.count({ ownerId: 'greedy' })).toBe(maxItems);
    });
  });
}
