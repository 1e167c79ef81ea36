import type { After } from './timers.ts';

export interface PacedPaintOptions {
  readonly frame: (callback: () => void) => void;
  readonly after: After;
  /** Calls back once what work led to is in the page: at once, or when what is drawn bit by bit is. */
  readonly drawn: (callback: () => void) => void;
  /** Runs a task, before the frame that follows where that can be said. */
  readonly beforeFrame: (task: () => void) => void;
  /** Has the page styled and laid out. */
  readonly layOut: () => void;
  /** In ms. */
  readonly now: () => number;
}

/** Nobody waits longer for text that is there. */
const longestRestMs = 100;
/** From one work to the next: nobody reads words that stand for a shorter time, and every paint costs the reader's battery. */
const leastMs = 30;

/**
 * Runs work between two paints, in a task of its own; what it led to is laid out in another one once it is drawn, and painted with
 * the next frame, so that a key may come between each two. Then it rests for as long as all three took: however slow the machine,
 * half of its time is left for the person who writes meanwhile. Where frames are quick, some thirty a second show work. There is
 * one work at a time: the next is asked for when the one before has begun.
 */
export function pacedPaint({
  frame,
  after,
  drawn,
  beforeFrame,
  layOut,
  now,
}: PacedPaintOptions): (work: () => void) => void {
  let restsUntil = 0;
  let isPainting = false;
  let waiting: (() => void) | undefined;
  const run = (work: () => void) => {
    isPainting = true;
    const begin = now();
    let workEnd = begin;
    let layoutMs = 0;
    const layOutNow = () => {
      const layoutBegin = now();
      layOut();
      layoutMs = now() - layoutBegin;
    };
    const painted = (paintBegin: number) => {
      const end = now();
      const tookMs = workEnd - begin + layoutMs + end - paintBegin;
      restsUntil = Math.max(begin + leastMs, end + Math.min(tookMs, longestRestMs));
      isPainting = false;
      const next = waiting;
      waiting = undefined;
      if (next) plan(next);
    };
    const show = () => {
      workEnd = now();
      beforeFrame(layOutNow);
      frame(() => {
        const paintBegin = now();
        // What was due at once comes after the paint.
        after(0, () => painted(paintBegin));
      });
    };
    try {
      work();
    } finally {
      // React draws what a store tells, or begins to, in a microtask.
      queueMicrotask(() => drawn(show));
    }
  };
  const plan = (work: () => void) => {
    // A page that is not shown has no frames, and no work.
    const start = () => frame(() => after(0, () => run(work)));
    const rest = restsUntil - now();
    if (rest > 1) after(rest, start);
    else start();
  };
  return (work) => {
    if (isPainting) waiting = work;
    else plan(work);
  };
}
