/**
 * Calls back at given times with one timer for all of them: hundreds of streams of 40 tokens a second would otherwise
 * spend more on timers than on tokens. Callbacks that are due within the same millisecond run in one turn.
 */
export class Pacer {
  /** A binary heap by `due`. */
  readonly #heap: { due: number; run: () => void }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #wakesAt = Number.POSITIVE_INFINITY;

  /** Runs `run` once `performance.now()` has reached `due`. */
  at(due: number, run: () => void): void {
    const heap = this.#heap;
    let child = heap.length;
    heap.push({ due, run });
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (this.#due(parent) <= due) break;
      this.#swap(child, parent);
      child = parent;
    }
    if (child === 0) this.#schedule();
  }

  #due(index: number): number {
    return this.#heap[index]?.due ?? Number.POSITIVE_INFINITY;
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (!first || !second) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }

  #pop(): (() => void) | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first && last && heap.length > 0) {
      heap[0] = last;
      for (let parent = 0; ; ) {
        let child = parent * 2 + 1;
        if (this.#due(child + 1) < this.#due(child)) child += 1;
        if (this.#due(child) >= last.due) break;
        this.#swap(parent, child);
        parent = child;
      }
    }
    return first?.run;
  }

  #schedule(): void {
    const due = this.#due(0);
    if (due >= this.#wakesAt) return;
    clearTimeout(this.#timer);
    this.#wakesAt = due;
    this.#timer = setTimeout(() => this.#turn(), Math.max(1, due - performance.now()));
  }

  #turn(): void {
    this.#wakesAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    while (this.#due(0) <= now + 0.5) this.#pop()?.();
    if (this.#heap.length > 0) this.#schedule();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#heap.length = 0;
  }
}
