import { z } from 'zod';
import type { Migration } from './migration-state.ts';
import type { CollectionSpec } from './store.ts';

/** Two migrations, for the tests of how migrations are run. */
interface Song {
  readonly _id: string;
  readonly title?: string | undefined;
  readonly words?: number | undefined;
  readonly version: number;
}

export const songs: CollectionSpec<Song> = {
  name: 'songs',
  version: 3,
  schema: z.object({
    _id: z.string(),
    title: z.string().optional(),
    words: z.number().optional(),
    version: z.number(),
  }),
  indexes: [{ fields: ['version'] }],
};

/** Counts the words of each title; saves how far it came after each page. */
export const countWords: Migration = {
  number: 1,
  name: 'count the words of titles',
  async up(store, checkpoint) {
    const collection = store.collection(songs);
    let cursor = typeof checkpoint.value === 'string' ? checkpoint.value : undefined;
    do {
      const page = await collection.find({ where: {}, limit: 2, cursor });
      for (const { _id, title = '' } of page.items) {
        await collection.update(_id, { set: { words: title.split(' ').length, version: 2 } }, { version: 1 });
      }
      cursor = page.nextCursor;
      if (cursor) await checkpoint.save(cursor);
    } while (cursor);
  },
};

export const forgetTitles: Migration = {
  number: 2,
  name: 'forget titles',
  contracts: 1,
  async up(store) {
    const collection = store.collection(songs);
    const old = await collection.find({ where: { version: 2 }, limit: 1000 });
    for (const { _id } of old.items)
      await collection.update(_id, { unset: ['title'], set: { version: 3 } }, { version: 2 });
  },
};
