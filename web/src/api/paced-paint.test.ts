import { describe, expect, test } from 'vitest';
import { pacedPaint } from './paced-paint.ts';

/** A clock that stands; frames, what comes before them, and timers run when they are let. */
function machine() {
  let now = 0;
  let layoutMs = 0;
  const frames: Array<() => void> = [];
  const urgent: Array<() => void> = [];
  const timers: Array<{ at: number; run: () => void }> = [];
  const paint = pacedPaint({
    now: () => now,
    frame: (callback) => void frames.push(callback),
    beforeFrame: (task) => void urgent.push(task),
    layOut: () => {
      now += layoutMs;
    },
    after: (ms, run) => {
      timers.push({ at: now + ms, run });
      return () => {};
    },
  });
  return {
    paint,
    frames,
    urgent,
    pass: (ms: number) => {
      now += ms;
      for (const timer of timers.splice(0).filter((each) => each.at <= now || !timers.push(each))) timer.run();
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
  test('works after a frame, so that the next one shows it', () => {
    const { paint, frame, pass } = machine();
    let worked = 0;
    paint(() => {
      worked += 1;
    });
    pass(50);
    expect(worked).toBe(0);
    frame(1);
    expect(worked).toBe(0);
    pass(0);
    expect(worked).toBe(1);
  });

  test('rests after slow work and a slow paint for as long as both took', () => {
    const { paint, frames, frame, pass } = machine();
    paint(() => pass(10));
    frame(1);
    pass(0);
    frame(40);
    pass(0);
    paint(() => {});
    pass(49);
    expect(frames).toHaveLength(0);
    pass(1);
    expect(frames).toHaveLength(1);
  });

  test('has what work changed laid out after it and before the frame, and rests for as long as that took', () => {
    const { paint, urgent, layOut, frames, frame, pass } = machine();
    paint(() => {
      expect(urgent).toHaveLength(0);
    });
    frame(1);
    pass(0);
    expect(urgent).toHaveLength(1);
    expect(frames).toHaveLength(1);
    layOut(40);
    frame(1);
    pass(0);
    paint(() => {});
    pass(40);
    expect(frames).toHaveLength(0);
    pass(1);
    expect(frames).toHaveLength(1);
  });

  test('rests also where the next work is asked for before the paint', () => {
    const { paint, frames, frame, pass } = machine();
    let worked = 0;
    const work = () => {
      worked += 1;
    };
    paint(work);
    frame(1);
    pass(0);
    paint(work);
    frame(60);
    pass(0);
    pass(59);
    expect(frames).toHaveLength(0);
    pass(1);
    frame(1);
    pass(0);
    expect(worked).toBe(2);
  });

  test('counts what work leaves to a microtask, as React does', async () => {
    const { paint, frames, frame, pass } = machine();
    paint(() => queueMicrotask(() => pass(20)));
    frame(1);
    pass(0);
    await Promise.resolve();
    frame(10);
    pass(0);
    paint(() => {});
    pass(29);
    expect(frames).toHaveLength(0);
    pass(1);
    expect(frames).toHaveLength(1);
  });

  test('goes on after work that failed', () => {
    const { paint, frame, pass } = machine();
    paint(() => {
      throw new Error('It failed.');
    });
    frame(1);
    expect(() => pass(0)).toThrow('It failed.');
    frame(1);
    pass(0);
    let worked = 0;
    paint(() => {
      worked += 1;
    });
    pass(100);
    frame(1);
    pass(0);
    expect(worked).toBe(1);
  });

  test('rests no longer than a tenth of a second', () => {
    const { paint, frames, frame, pass } = machine();
    paint(() => {});
    frame(1);
    pass(0);
    frame(3_000);
    pass(0);
    paint(() => {});
    pass(100);
    expect(frames).toHaveLength(1);
  });

  test('works some thirty times a second where frames are quick', () => {
    const { paint, frames, frame, pass } = machine();
    paint(() => {});
    frame(1);
    pass(0);
    frame(1);
    pass(0);
    paint(() => {});
    pass(28);
    expect(frames).toHaveLength(0);
    pass(1);
    expect(frames).toHaveLength(1);
  });
});
