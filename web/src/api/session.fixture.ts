import { type Entry, openSession } from './open-session.ts';
import type { SessionMessage } from './session.ts';
import type { Tabs } from './tabs.ts';

/** The tabs of a browser in one test: each takes its turn, and messages arrive at once. */
export class Browser {
  readonly #callbacks = new Set<(message: SessionMessage) => void>();
  #last: Promise<unknown> = Promise.resolve();

  newTab(): Tabs {
    let own: ((message: SessionMessage) => void) | undefined;
    return {
      exclusively: <T>(work: () => Promise<T>): Promise<T> => {
        const turn = this.#last.then(work, work);
        this.#last = turn;
        return turn;
      },
      tell: (message) => {
        for (const callback of this.#callbacks) if (callback !== own) callback(message);
      },
      listen: (callback) => {
        own = callback;
        this.#callbacks.add(callback);
      },
    };
  }
}

/** What a page of a browser with one tab works with. */
export const testEntry = (): Entry => openSession(localStorage, new Browser().newTab());

/** A token as the server makes it, of which only the person is read. */
export const tokenOf = (person: string, serial = 0): string =>
  `e30.${btoa(JSON.stringify({ sub: person, serial })).replaceAll('=', '')}.x`;

/** Somebody signs in without a server. */
export const signIn = ({ session }: Entry, person = 'ada', holder: 'guest' | 'account' = 'guest'): Promise<void> =>
  session.begin(holder, async () => ({ access_token: tokenOf(person), expires_in: 900 }), 'Ada');
