import type { Logger } from '#platform/telemetry/logger.ts';
import type { Topic } from './broadcast.ts';

interface Subscription {
  readonly topic: Topic<unknown>;
  readonly listener: (data: unknown) => void;
}

/** Who listens to which topic in this process. What arrives is checked here, since another release may have sent it. */
export class Subscriptions {
  readonly #logger: Logger;
  readonly #byName = new Map<string, Set<Subscription>>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get names(): string[] {
    return [...this.#byName.keys()];
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** Returns what removes it again. */
  add<D>(topic: Topic<D>, listener: (data: D) => void): () => void {
    const { name } = topic;
    const subscription: Subscription = {
      topic,
      // Called with what the topic's own schema gave.
      listener: (data) => listener(data as D),
    };
    const others = this.#byName.get(name);
    if (others) others.add(subscription);
    else this.#byName.set(name, new Set([subscription]));
    return () => {
      const subscriptions = this.#byName.get(name);
      subscriptions?.delete(subscription);
      if (subscriptions?.size === 0) this.#byName.delete(name);
    };
  }

  /** Hands `data` to the listeners of a topic; what does not fit its schema is logged and dropped. */
  deliver(name: string, data: unknown): void {
    for (const { topic, listener } of this.#byName.get(name) ?? []) {
      const checked = topic.data.safeParse(data);
      if (!checked.success) {
        this.#logger.warn(`A broadcast on ${name} does not fit its schema and is dropped.`, { error: checked.error });
        continue;
      }
      this.call(name, () => listener(checked.data));
    }
  }

  /** Calls a listener; one that throws does not keep the others from theirs. */
  call(name: string, listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.#logger.error(`A listener of the broadcast ${name} failed.`, { error });
    }
  }

  clear(): void {
    this.#byName.clear();
  }
}
