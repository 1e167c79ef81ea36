import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Store } from './store.ts';
import { documentCases } from './store-documents.contract.ts';
import { pageCases } from './store-pages.contract.ts';
import { queryCases } from './store-queries.contract.ts';
import { scanCases } from './store-scan.contract.ts';
import { searchCases } from './store-search.contract.ts';
import { type StoreContext, thingSpec } from './store-things.ts';
import { updateCases } from './store-updates.contract.ts';

export interface StoreSubject {
  /** An empty store. */
  open(): Promise<Store>;
  /** Names of cases that this database cannot meet, with the reason. */
  readonly exceptions?: Readonly<Record<string, string>>;
}

/** What every store does. */
export function describeStore(name: string, { open, exceptions = {} }: StoreSubject): void {
  describe(name, () => {
    let store: Store | undefined;
    let collections = 0;
    const opened = (): Store => {
      if (!store) throw new Error('The store is not open yet.');
      return store;
    };
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store?.close());
    // An exception must really be one: a case that this database meets after all fails here.
    const it: StoreContext['it'] = (name, run) => {
      const reason = exceptions[name];
      if (reason === undefined) test(name, run);
      else test.fails(`${name} (not here: ${reason})`, run);
    };
    const context: StoreContext = {
      it,
      store: opened,
      async things() {
        collections++;
        const spec = thingSpec(`things${collections}`);
        await opened().prepare([spec]);
        return opened().collection(spec);
      },
    };
    describe('documents', () => documentCases(context));
    describe('updates', () => updateCases(context));
    describe('queries', () => queryCases(context));
    describe('pages', () => pageCases(context));
    describe('scans', () => scanCases(context));
    describe('search', () => searchCases(context));
  });
}
