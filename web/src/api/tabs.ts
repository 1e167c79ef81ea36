import type { SessionMessage } from './session.ts';

/** The tabs of one browser, which share the refresh cookie: they take turns with it and tell each other what came of it. */
export interface Tabs {
  /** Runs `work` while no other tab runs its own. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** To every other tab. */
  tell(message: SessionMessage): void;
  listen(callback: (message: SessionMessage) => void): void;
}

const name = 'lamplight.session';

/**
 * By Web Locks and a BroadcastChannel. Browsers give locks to secure contexts alone: over plain http, tabs do not wait for each
 * other, and the server answers a token that another tab just used with that tab's successor.
 */
export function browserTabs(): Tabs {
  const channel = new BroadcastChannel(name);
  let last: Promise<unknown> = Promise.resolve();
  return {
    exclusively: <T>(work: () => Promise<T>): Promise<T> => {
      // Absent over plain http, whatever the types say.
      const locks: LockManager | undefined = navigator.locks;
      if (locks) return locks.request(name, work);
      const turn = last.then(work, work);
      last = turn;
      return turn;
    },
    tell: (message) => channel.postMessage(message),
    listen: (callback) => {
      channel.onmessage = ({ data }) => callback(data);
    },
  };
}
