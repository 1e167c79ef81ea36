import { storeUnavailable } from '#platform/errors.ts';
import type { Collection, Doc } from '#platform/store/store.ts';
import { settle } from '#tests/protocol/virtual-time.ts';

/** What becomes of a call to the store: done, done with its reply lost, or never made. */
export type Fate = 'done' | 'lost' | 'refused';

interface Call {
  readonly actor: object;
  readonly go: (fate: Fate) => Promise<void>;
}

/** Lets one call to the store happen at a time, in an order that a test chooses; whoever is killed waits for ever. */
export class Interleaver {
  #calls: Call[] = [];

  /** A collection as an actor uses it. */
  port<T extends Doc>(actor: object, collection: Collection<T>): Collection<T> {
    return new Proxy(collection, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) =>
          new Promise((resolve, reject) => {
            const go = async (fate: Fate) => {
              const unavailable = () => reject(storeUnavailable(new Error(`The store is ${fate}.`)));
              if (fate === 'refused') return unavailable();
              try {
                const reply: unknown = await method.apply(target, args);
                if (fate === 'lost') unavailable();
                else resolve(reply);
              } catch (error) {
                reject(error);
              }
            };
            this.#calls.push({ actor, go });
          });
      },
    });
  }

  /** Lets the call at `choice` happen; the answer is who made it, or undefined where nobody calls. */
  async step(choice: number, fate: Fate): Promise<object | undefined> {
    await settle();
    const call = this.#calls[choice % Math.max(1, this.#calls.length)];
    if (!call) return undefined;
    this.#calls = this.#calls.filter((other) => other !== call);
    await call.go(fate);
    return call.actor;
  }

  kill(actor: object): void {
    this.#calls = this.#calls.filter((call) => call.actor !== actor);
  }
}
