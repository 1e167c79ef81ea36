/** What is held in this process: how many, by name. */
export class LocalHolds {
  readonly #counts = new Map<string, number>();

  count(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  get names(): readonly string[] {
    return [...this.#counts.keys()];
  }

  /** Takes one more; undefined where there are `most`. What it returns gives it back, once. */
  take(name: string, most: number, onLeave: () => void = () => {}): (() => void) | undefined {
    if (this.count(name) >= most) return undefined;
    this.#counts.set(name, this.count(name) + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const left = this.count(name) - 1;
      if (left > 0) this.#counts.set(name, left);
      else this.#counts.delete(name);
      onLeave();
    };
  }
}
