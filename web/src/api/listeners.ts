/** A set of callbacks, in the form that React's `useSyncExternalStore` subscribes with. */
export class Listeners {
  readonly #callbacks = new Set<() => void>();

  readonly subscribe = (callback: () => void): (() => void) => {
    this.#callbacks.add(callback);
    return () => void this.#callbacks.delete(callback);
  };

  tell(): void {
    for (const callback of this.#callbacks) callback();
  }
}
