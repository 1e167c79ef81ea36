import { z } from 'zod';
import type { Collection, CollectionSpec, Store } from './store.ts';

/** What the cases keep: loose, so that each can bring fields of its own. */
export interface Thing {
  readonly _id: string;
  readonly ownerId?: string | undefined;
  readonly at?: number | null | undefined;
  readonly key?: string | undefined;
  readonly title?: string | undefined;
  readonly [field: string]: unknown;
}

const thing: z.ZodType<Thing> = z.looseObject({
  _id: z.string(),
  ownerId: z.string().optional(),
  at: z.number().nullable().optional(),
  key: z.string().optional(),
  title: z.string().optional(),
});

export const thingSpec = (name: string): CollectionSpec<Thing> => ({
  name,
  version: 1,
  schema: thing,
  indexes: [
    { fields: ['ownerId', 'at'] },
    { fields: ['ownerId', 'kind', 'at'] },
    { fields: ['nested.flag'] },
    { fields: ['ownerId', 'key'], unique: true },
    { fields: ['slot'], unique: true },
  ],
  text: ['title', 'nested.note'],
  sums: ['weight', 'kind'],
});

export interface StoreContext {
  readonly it: (name: string, run: () => Promise<void>) => void;
  store(): Store;
  /** A collection of its own for each case. */
  things(): Promise<Collection<Thing>>;
}
