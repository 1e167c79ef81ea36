import type { Browser } from 'playwright-core';
import type { SeededConversation } from './seed-conversations.ts';
import { composerSelector, openThrottled, type SignedIn, type ThrottledPage } from './throttled-page.ts';

const hoverMs = 250;

/** From the click on a conversation in the list until its last message has been painted; in ms. */
export async function openConversation(
  { page, evaluate }: Pick<ThrottledPage, 'page' | 'evaluate'>,
  { id, messages }: SeededConversation,
): Promise<number> {
  const { x, y } = await evaluate<{ x: number; y: number }>(`inPage.bringIntoSight('${id}')`);
  await evaluate(`inPage.watchOpening('${id}', '${id}-${messages - 1}')`);
  // A pointer is over what it clicks before, if only for a moment.
  await page.mouse.move(x, y);
  await new Promise((resolve) => setTimeout(resolve, hoverMs));
  await page.mouse.click(x, y);
  return evaluate<number>('inPage.opened');
}

/** Opens a conversation in a page that has not shown it yet. */
export async function measureOpening(
  browser: Browser,
  url: string,
  signedIn: SignedIn,
  conversation: SeededConversation,
): Promise<{ readonly ms: number; readonly state: SignedIn }> {
  const throttled = await openThrottled(browser, signedIn);
  const { page, evaluate, state, close } = throttled;
  try {
    await page.goto(url);
    await page.locator(composerSelector).waitFor();
    await evaluate(`inPage.bringIntoSight('${conversation.id}')`);
    await throttled.leaveAlone();
    return { ms: await openConversation(throttled, conversation), state: await state() };
  } finally {
    await close();
  }
}
