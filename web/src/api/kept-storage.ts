/** What of the browser's storage is used. */
export type KeptStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** The browser's storage; what it refuses, or has no room for, is kept for as long as the page. Never throws. */
export function keptStorage(open: () => KeptStorage): KeptStorage {
  const refused = new Map<string, string>();
  const tried = <T>(work: (storage: KeptStorage) => T, otherwise: T): T => {
    try {
      // Where storage is blocked, naming it is refused already.
      return work(open());
    } catch {
      return otherwise;
    }
  };
  return {
    getItem: (key) => refused.get(key) ?? tried((storage) => storage.getItem(key), null),
    setItem: (key, value) => {
      const isKept = tried((storage) => {
        storage.setItem(key, value);
        return true;
      }, false);
      if (isKept) refused.delete(key);
      else refused.set(key, value);
    },
    removeItem: (key) => {
      refused.delete(key);
      tried((storage) => storage.removeItem(key), undefined);
    },
  };
}
