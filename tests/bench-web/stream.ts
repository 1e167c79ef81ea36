import type { Browser } from 'playwright-core';
import { directive } from '#tests/model-server/directive.ts';
import { type Task, tasksDuring } from './main-thread.ts';
import { composerSelector, openThrottled, type SignedIn } from './throttled-page.ts';

export interface Streamed {
  readonly tasks: readonly Task[];
  /** From each key to the paint that shows it, in ms (Event Timing, in steps of 8). */
  readonly keysMs: readonly number[];
  readonly state: SignedIn;
}

const keyEveryMs = 1_000;

/** Code for the page: keeps how long each key took until its paint. */
const watchKeys = `{
  window.keys = [];
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) if (name === 'keydown') window.keys.push(duration);
  }).observe({ type: 'event', durationThreshold: 16 });
}`;

/** Watches the page while one of the model's texts streams into it and somebody writes in the composer; tells what so many tasks did. */
export async function measureStream(
  browser: Browser,
  url: string,
  signedIn: SignedIn,
  wish: { readonly text: string; readonly tokensPerSecond: number; readonly explained: number },
): Promise<Streamed> {
  const { page, state, close } = await openThrottled(browser, signedIn);
  try {
    await page.goto(url);
    const composer = page.locator(composerSelector);
    await composer.fill(`${directive({ text: wish.text, tokensPerSecond: wish.tokensPerSecond })} Write at length.`);
    await composer.press('Enter');
    const running = page.locator('article[data-role="assistant"][data-status="running"]');
    await page.locator('article[data-role="assistant"] .answer-stretch > :nth-child(2)').waitFor();
    await page.evaluate(watchKeys);
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
    const slow = await page.evaluate<number[]>('window.keys');
    // Faster ones than the least that is told are not told.
    const keysMs = [...slow, ...Array.from({ length: Math.max(0, pressed - slow.length) }, () => 16)];
    return { tasks, keysMs, state: await state() };
  } finally {
    await close();
  }
}
