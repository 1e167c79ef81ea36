import { Listeners } from '../api/listeners.ts';

/** What is drawn bit by bit and is not in the page yet. */
export class Drawing {
  /** Tells that what was drawn has been laid out, before the frame that shows it. */
  readonly laidOut = new Listeners();
  #begun = 0;
  #waiting: Array<() => void> = [];

  /** Something begins to be drawn; the answer tells that it is in the page, or has been given up. */
  begin(): () => void {
    this.#begun += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#begun -= 1;
      // React tells this while it puts things into the page.
      queueMicrotask(this.#tell);
    };
  }

  /** Calls back once nothing is being drawn: at once, where nothing is. */
  readonly whenDone = (callback: () => void): void => {
    if (this.#begun === 0) callback();
    else this.#waiting.push(callback);
  };

  readonly #tell = (): void => {
    if (this.#begun > 0) return;
    for (const callback of this.#waiting.splice(0)) callback();
  };
}
