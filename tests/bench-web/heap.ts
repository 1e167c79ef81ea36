import type { Browser, CDPSession } from 'playwright-core';
import { openConversation } from './open-conversation.ts';
import type { SeededConversation } from './seed-conversations.ts';
import { composerSelector, openThrottled, type SignedIn } from './throttled-page.ts';

export interface HeapGrowth {
  readonly bytesEarly: number;
  readonly bytesLate: number;
  readonly state: SignedIn;
}

/** The JavaScript heap after garbage collection, at the 10th and at the last of some conversations that are opened in turn. */
export async function measureHeap(
  browser: Browser,
  url: string,
  signedIn: SignedIn,
  conversations: readonly SeededConversation[],
): Promise<HeapGrowth> {
  const throttled = await openThrottled(browser, signedIn);
  const { page, devTools, state, close } = throttled;
  try {
    await page.goto(url);
    await page.locator(composerSelector).waitFor();
    let bytesEarly = 0;
    for (const [index, conversation] of conversations.entries()) {
      await openConversation(throttled, conversation);
      if (index === 9) bytesEarly = await heapOf(devTools);
    }
    return { bytesEarly, bytesLate: await heapOf(devTools), state: await state() };
  } finally {
    await close();
  }
}

async function heapOf(devTools: CDPSession): Promise<number> {
  // What the first finds unreachable may hold what the second does.
  for (let round = 0; round < 3; round += 1) await devTools.send('HeapProfiler.collectGarbage');
  return (await devTools.send('Runtime.getHeapUsage')).usedSize;
}
