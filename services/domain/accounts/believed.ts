import type { Clock } from '#platform/clock.ts';

/** What was looked up is believed this long, so that a burst of requests asks the store once. */
const believedForMs = 5_000;
const maxBelieved = 10_000;

/** What the store said a moment ago, by id. */
export class Believed<T> {
  readonly #clock: Clock;
  readonly #entries = new Map<string, { readonly value: T; readonly since: number }>();
  /** Goes up with each word that something has changed. */
  #changes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(id: string): T | undefined {
    const entry = this.#entries.get(id);
    return entry && this.#clock.now() - entry.since < believedForMs ? entry.value : undefined;
  }

  /** What is believed, else what `load` finds. */
  async getOr(id: string, load: () => Promise<T | undefined>): Promise<T | undefined> {
    return this.get(id) ?? this.load(id, load);
  }

  /** What `load` finds, believed from now on; not where something changed meanwhile, since it may be what stood there before. */
  async load(id: string, load: () => Promise<T | undefined>): Promise<T | undefined> {
    const changes = this.#changes;
    const loaded = await load();
    if (loaded === undefined) this.#entries.delete(id);
    else if (changes === this.#changes) this.#set(id, loaded);
    return loaded;
  }

  drop(id: string): void {
    this.#changes += 1;
    this.#entries.delete(id);
  }

  clear(): void {
    this.#changes += 1;
    this.#entries.clear();
  }

  #set(id: string, value: T): void {
    if (this.#entries.size >= maxBelieved && !this.#entries.has(id)) this.#entries.clear();
    this.#entries.set(id, { value, since: this.#clock.now() });
  }
}
