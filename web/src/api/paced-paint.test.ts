import { describe, expect, test } from 'vitest';
import { pacedPaint } from './paced-paint.ts';

/** A clock that stands; frames, what comes before them, and timers run when they are let. */
function machine() {
  let now = 0;
  let layoutMs = 0;
  const frames: Array<() => void> = [];
  const urgent: Array<() => void> = [];
  const timers: Array<{ at: number; run: () => void }> = [];
  /** Calls back when what work led to is drawn. */
  let drawn = (callback: () => void) => callback();
  const paint = pacedPaint({
    now: () => now,
    frame: (callback) => void frames.push(callback),
    beforeFrame: (task) => void urgent.push(task),
    layOut: () => {
      now += layoutMs;
    },
    drawn: (callback) => drawn(callback),
    after: (ms, run) => {
      timers.push({ at: now + ms, run });
      return () => {};
    },
  });
  return {
    paint,
    frames,
    urgent,
    /** From now on it is drawn when the answer is called. */
    drawBitByBit: () => {
      const waiting: Array<() => void> = [];
      drawn = (callback) => void waiting.push(callback);
      return () => {
        for (const callback of waiting.splice(0)) callback();
      };
    },
    /** Lets time pass, and then what was due, with the microtasks that it led to. */
    pass: async (ms: number) => {
      now += ms;
      for (const timer of timers.splice(0).filter((each) => each.at <= now || !timers.push(each))) timer.run();
      await Promise.resolve();
    },
    /** Takes so long. */
    take: (ms: number) => {
      now += ms;
    },
    layOut: (costMs: number) => {
      layoutMs = costMs;
      for (const run of urgent.splice(0)) run();
    },
    frame: (costMs: number) => {
      for (const run of frames.splice(0)) run();
      now += costMs;
    },
  };
}

describe('pacedPaint', () => {
  test('works after a frame, so that the next one shows it', async () => {
    const { paint, frame, pass } = machine();
    let worked = 0;
    paint(() => {
      worked += 1;
    });
    await pass(50);
    expect(worked).toBe(0);
    frame(1);
    expect(worked).toBe(0);
    await pass(0);
    expect(worked).toBe(1);
  });

  test('rests after slow work and a slow paint for as long as both took', async () => {
    const { paint, frames, frame, pass, take } = machine();
    paint(() => take(10));
    frame(1);
    await pass(0);
    frame(40);
    await pass(0);
    paint(() => {});
    await pass(49);
    expect(frames).toHaveLength(0);
    await pass(1);
    expect(frames).toHaveLength(1);
  });

  test('has what work changed laid out after it and before the frame, and rests for as long as that took', async () => {
    const { paint, urgent, layOut, frames, frame, pass } = machine();
    paint(() => {
      expect(urgent).toHaveLength(0);
    });
    frame(1);
    await pass(0);
    expect(urgent).toHaveLength(1);
    expect(frames).toHaveLength(1);
    layOut(40);
    frame(1);
    await pass(0);
    paint(() => {});
    await pass(40);
    expect(frames).toHaveLength(0);
    await pass(1);
    expect(frames).toHaveLength(1);
  });

  test('rests also where the next work is asked for before the paint', async () => {
    const { paint, frames, frame, pass } = machine();
    let worked = 0;
    const work = () => {
      worked += 1;
    };
    paint(work);
    frame(1);
    await pass(0);
    paint(work);
    frame(60);
    await pass(0);
    await pass(59);
    expect(frames).toHaveLength(0);
    await pass(1);
    frame(1);
    await pass(0);
    expect(worked).toBe(2);
  });

  test('counts what work leaves to a microtask, as React does', async () => {
    const { paint, frames, frame, pass, take } = machine();
    paint(() => queueMicrotask(() => take(20)));
    frame(1);
    await pass(0);
    frame(10);
    await pass(0);
    paint(() => {});
    await pass(29);
    expect(frames).toHaveLength(0);
    await pass(1);
    expect(frames).toHaveLength(1);
  });

  test('waits until what is drawn bit by bit is in the page, and rests for as long as that took', async () => {
    const { paint, urgent, frames, frame, pass, drawBitByBit } = machine();
    const drawn = drawBitByBit();
    let worked = 0;
    const work = () => {
      worked += 1;
    };
    paint(work);
    frame(1);
    await pass(0);
    paint(work);
    await pass(50);
    expect(urgent).toHaveLength(0);
    expect(frames).toHaveLength(0);
    drawn();
    expect(urgent).toHaveLength(1);
    frame(1);
    await pass(0);
    await pass(49);
    expect(frames).toHaveLength(0);
    await pass(2);
    frame(1);
    await pass(0);
    expect(worked).toBe(2);
  });

  test('goes on after work that failed', async () => {
    const { paint, frame, pass } = machine();
    paint(() => {
      throw new Error('It failed.');
    });
    frame(1);
    await expect(pass(0)).rejects.toThrow('It failed.');
    frame(1);
    await pass(0);
    let worked = 0;
    paint(() => {
      worked += 1;
    });
    await pass(100);
    frame(1);
    await pass(0);
    expect(worked).toBe(1);
  });

  test('rests no longer than a tenth of a second', async () => {
    const { paint, frames, frame, pass } = machine();
    paint(() => {});
    frame(1);
    await pass(0);
    frame(3_000);
    await pass(0);
    paint(() => {});
    await pass(100);
    expect(frames).toHaveLength(1);
  });

  test('works some thirty times a second where frames are quick', async () => {
    const { paint, frames, frame, pass } = machine();
    paint(() => {});
    frame(1);
    await pass(0);
    frame(1);
    await pass(0);
    paint(() => {});
    await pass(28);
    expect(frames).toHaveLength(0);
    await pass(1);
    expect(frames).toHaveLength(1);
  });
});
