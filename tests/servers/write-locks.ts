/** What a write changes: one document, or without `id` any of the collection's. */
export interface WrittenPlace {
  readonly collection: string;
  readonly id?: string;
}

interface CollectionLocks {
  /** Ends with the last write that may change any document. */
  any: Promise<unknown>;
  /** The last write of each document since then. */
  readonly documents: Map<string, Promise<unknown>>;
}

/** Lets writes of one document, and of a collection as a whole, follow each other. */
export class WriteLocks {
  readonly #collections = new Map<string, CollectionLocks>();

  /** Resolves when the place is free; it is taken from the call on until `done`. */
  async take({ collection, id }: WrittenPlace, done: Promise<void>): Promise<void> {
    const locks = this.#collections.get(collection) ?? { any: Promise.resolve(), documents: new Map() };
    this.#collections.set(collection, locks);
    if (id === undefined) {
      const before = Promise.all([locks.any, ...locks.documents.values()]);
      locks.any = before.then(() => done);
      locks.documents.clear();
      await before;
      return;
    }
    const before = locks.documents.get(id) ?? locks.any;
    const held = before.then(() => done);
    locks.documents.set(id, held);
    void held.then(() => locks.documents.get(id) === held && locks.documents.delete(id));
    await before;
  }
}
