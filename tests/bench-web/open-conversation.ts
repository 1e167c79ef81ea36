import type { Browser, Page } from 'playwright-core';
import type { SeededConversation } from './seed-conversations.ts';
import { composerSelector, openThrottled, type SignedIn } from './throttled-page.ts';

const hoverMs = 250;

/** From the click on a conversation in the list until its last message has been painted; in ms. */
export async function openConversation(page: Page, { id, messages }: SeededConversation): Promise<number> {
  const link = page.locator(`nav a[href="/c/${id}"]`);
  await bringIntoList(page, id);
  await page.evaluate(watchOpening(`nav a[href="/c/${id}"]`, `[data-message-id="${id}-${messages - 1}"]`));
  // A pointer is over what it clicks before, if only for a moment.
  await link.hover();
  await new Promise((resolve) => setTimeout(resolve, hoverMs));
  await link.click();
  return page.evaluate<number>('window.opened');
}

/** Code for the page: measures from the click on `link` until `message` is in sight and painted. */
const watchOpening = (link: string, message: string): string => `{
  const { promise, resolve } = Promise.withResolvers();
  window.opened = promise;
  const painted = (begin) => {
    const box = document.querySelector('${message}')?.getBoundingClientRect();
    const isShown = box && box.height > 0 && box.top < innerHeight && box.bottom > 0;
    if (!isShown) requestAnimationFrame(() => painted(begin));
    // A frame's callbacks come before its paint, and what is due at once after it.
    else setTimeout(() => resolve(performance.now() - begin));
  };
  const begin = () => painted(performance.now());
  document.querySelector('${link}').addEventListener('click', begin, { once: true, capture: true });
}`;

/** The list has its beginning alone until somebody scrolls. */
async function bringIntoList(page: Page, id: string): Promise<void> {
  const links = page.locator('nav a[href^="/c/"]');
  await links.first().waitFor();
  while ((await page.locator(`nav a[href="/c/${id}"]`).count()) === 0) {
    const known = await links.count();
    await links.last().scrollIntoViewIfNeeded();
    await links.nth(known).waitFor({ state: 'attached' });
  }
}

/** Opens a conversation in a page that has not shown it yet. */
export async function measureOpening(
  browser: Browser,
  url: string,
  signedIn: SignedIn,
  conversation: SeededConversation,
): Promise<{ readonly ms: number; readonly state: SignedIn }> {
  const { page, state, close } = await openThrottled(browser, signedIn);
  try {
    await page.goto(url);
    await page.locator(composerSelector).waitFor();
    await bringIntoList(page, conversation.id);
    await page.waitForLoadState('networkidle');
    return { ms: await openConversation(page, conversation), state: await state() };
  } finally {
    await close();
  }
}
