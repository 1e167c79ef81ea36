import { AppError, isAppError } from '#platform/errors.ts';
import type { Collection, Doc } from '#platform/store/store.ts';

/** Characters, scenes and prompts of one person, of each. */
export const maxItems = 100;

interface Item extends Doc {
  readonly ownerId: string;
  readonly slot?: string | undefined;
}

/**
 * Keeps one more of a person's in a place of its own: places are unique, so that parallel requests keep no more than allowed.
 * Throws `too_many_items` that says how many there may be of `what`.
 */
export async function keepItem<T extends Item>(
  collection: Collection<T>,
  item: T & { readonly slot?: undefined },
  what: string,
): Promise<T> {
  const { ownerId } = item;
  const { items } = await collection.find({
    where: { ownerId },
    limit: maxItems,
    fields: ['ownerId', 'slot'],
    ...latest,
  });
  const taken = new Set(items.map(({ slot }) => slot));
  for (let place = 0; place < maxItems; place += 1) {
    const slot = `${ownerId}-${place}`;
    if (taken.has(slot)) continue;
    try {
      const kept: T = { ...item, slot };
      await collection.insert(kept);
      return kept;
    } catch (error) {
      // Another request took the place just now.
      if (!isAppError(error, 'conflict')) throw error;
    }
  }
  throw new AppError(
    'too_many_items',
    `You keep ${maxItems} ${what}, which is the most there can be. Delete one first.`,
  );
}

const latest = { sort: { by: ['createdAt'], direction: 'desc' } } as const;
