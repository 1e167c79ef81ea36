import type { Browser } from 'playwright-core';
import { directive } from '#tests/model-server/directive.ts';
import { type Task, tasksDuring } from './main-thread.ts';
import { composerSelector, openThrottled, type SignedIn } from './throttled-page.ts';

export interface Streamed {
  /** Until the page was as it is measured, in ms since it began to load. */
  readonly rehearsedMs: number;
  readonly tasks: readonly Task[];
  /** The slowest first. */
  readonly keys: readonly Key[];
  readonly state: SignedIn;
}

/** From a key to the paint that shows it, in ms. */
interface Key {
  /** Since they are watched. */
  readonly atMs: number;
  /** In steps of 8 (Event Timing). */
  readonly ms: number;
  /** Of them, until the page was told of it. */
  readonly waitedMs: number;
  /** Until the page had done what it does about it. */
  readonly handledMs: number;
}

const keyEveryMs = 1_000;

/** Code for the page: keeps what each key took until its paint. */
const watchKeys = `{
  window.keys = [];
  const begin = performance.now();
  new PerformanceObserver((list) => {
    for (const { name, duration: ms, startTime, processingStart, processingEnd } of list.getEntries())
      if (name === 'keydown')
        window.keys.push({
          atMs: startTime - begin,
          ms,
          waitedMs: processingStart - startTime,
          handledMs: processingEnd - processingStart,
        });
  }).observe({ type: 'event', durationThreshold: 16 });
}`;

/** Watches the page while one of the model's texts streams into it and somebody writes in the composer; tells what so many tasks did. */
export async function measureStream(
  browser: Browser,
  url: string,
  signedIn: SignedIn,
  wish: { readonly text: string; readonly tokensPerSecond: number; readonly explained: number },
): Promise<Streamed> {
  const { page, evaluate, leaveAlone, state, close } = await openThrottled(browser, signedIn);
  try {
    await page.goto(url);
    const composer = page.locator(composerSelector);
    await composer.waitFor();
    // As it is by the time that somebody has written a message.
    const rehearsedMs = await leaveAlone();
    await composer.fill(`${directive({ text: wish.text, tokensPerSecond: wish.tokensPerSecond })} Write at length.`);
    await composer.press('Enter');
    const running = page.locator('article[data-role="assistant"][data-status="running"]');
    await page.locator('article[data-role="assistant"] .answer-stretch > :nth-child(2)').waitFor();
    await evaluate(watchKeys);
    let pressed = 0;
    const write = async () => {
      await composer.focus();
      while ((await running.count()) > 0) {
        await page.keyboard.press('abcdefgh '.charAt(pressed % 9));
        pressed += 1;
        await new Promise((resolve) => setTimeout(resolve, keyEveryMs));
      }
    };
    const tasks = await tasksDuring(browser, page, write, wish.explained);
    const slow = await evaluate<readonly Key[]>('window.keys');
    // Faster ones than the least that is told are not told.
    const fast = { atMs: 0, ms: 16, waitedMs: 0, handledMs: 0 };
    const others = Array.from({ length: Math.max(0, pressed - slow.length) }, () => fast);
    return {
      rehearsedMs,
      tasks,
      keys: [...slow, ...others].sort((one, other) => other.ms - one.ms),
      state: await state(),
    };
  } finally {
    await close();
  }
}
