import { expect, it } from 'vitest';
import type { BlobInfo, Blobs } from '#platform/blobs/blobs.ts';
import { allBlobs } from './all-blobs.ts';

const infoOf = (id: string): BlobInfo => ({ id, mediaType: 'image/png', size: 1, sha256: '', writtenAt: 0 });
/** Lists these in the order in which they are given. */
const listing = (ids: readonly string[]): Pick<Blobs, 'list'> => ({
  list: async ({ limit, after }) => {
    const from = after === undefined ? 0 : ids.indexOf(after) + 1;
    return ids.slice(from, from + limit).map(infoOf);
  },
});
const { signal } = new AbortController();

it('has every blob by ids, in whatever order they are listed', async () => {
  const ids = Array.from({ length: 1_200 }, (_, n) => `${(n * 7) % 1_200}`);
  const all = await allBlobs(listing(ids), signal);
  expect(all.map(({ id }) => id)).toEqual(ids.toSorted());
  expect(await allBlobs(listing([]), signal)).toEqual([]);
});

it('ends between two pages where it is told to', async () => {
  const stop = new AbortController();
  const reason = new Error('Stopped.');
  let pages = 0;
  const list: Blobs['list'] = async () => {
    pages += 1;
    stop.abort(reason);
    return [infoOf('a')];
  };
  await expect(allBlobs({ list }, stop.signal)).rejects.toBe(reason);
  expect(pages).toBe(1);
});
