import type { Browser } from 'playwright-core';
import type { SeededConversation } from './seed-conversations.ts';
import { composerSelector, mostMs, openThrottled, type SignedIn, type ThrottledPage, until } from './throttled-page.ts';

const hoverMs = 250;

/** From the click on a conversation in the list until its last message has been painted; in ms. */
export async function openConversation(
  { page, evaluate }: Pick<ThrottledPage, 'page' | 'evaluate'>,
  { id, messages }: SeededConversation,
): Promise<number> {
  const link = linkTo(id);
  const { x, y } = await evaluate<{ x: number; y: number }>(bringIntoSight(link));
  await evaluate(watchOpening(link, `[data-message-id="${id}-${messages - 1}"]`));
  // A pointer is over what it clicks before, if only for a moment.
  await page.mouse.move(x, y);
  await new Promise((resolve) => setTimeout(resolve, hoverMs));
  await page.mouse.click(x, y);
  return evaluate<number>('opened');
}

const linkTo = (id: string): string => `nav a[href="/c/${id}"]`;

/** Code for the page: the middle of a link in the list, which has its beginning alone until somebody scrolls. */
const bringIntoSight = (link: string): string => {
  const scroll = `[...document.querySelectorAll('nav a[href^="/c/"]')].at(-1)?.scrollIntoView()`;
  return `${until(`document.querySelector('${link}') || void ${scroll}`)}.then(() => {
    const found = document.querySelector('${link}');
    found.scrollIntoView({ block: 'nearest' });
    const { x, y, width, height } = found.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  })`;
};

/** Code for the page: `opened` is how long it took from the click on `link` until `message` was in sight and painted. */
const watchOpening = (link: string, message: string): string => `{
  const { promise, resolve, reject } = Promise.withResolvers();
  window.opened = promise;
  setTimeout(() => reject(new Error('${message} does not show.')), ${mostMs});
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
    await evaluate(bringIntoSight(linkTo(conversation.id)));
    await throttled.leaveAlone();
    return { ms: await openConversation(throttled, conversation), state: await state() };
  } finally {
    await close();
  }
}
