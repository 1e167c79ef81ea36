import { randomUUID } from 'node:crypto';
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { me } from '#contract/accounts.ts';
import { seedConversations } from '#tests/bench-web/seed-conversations.ts';
import { type ScenePlace, startScenePlace } from '#tests/screenshots/scene-place.ts';
import { ChatPage } from './chat-page.ts';
import { launchBrowser } from './launch-browser.ts';
import { comeToStand } from './layout.ts';
import { clientOf, newAccount } from './people.ts';

const chromium = inject('chromium');
const messages = 5_000;
/** Of a fraction of a line: nobody sees it. */
const unseenPx = 2;

/** Has the page watch the message in the middle of what is seen: where it is, and how far it was from there in any frame since. */
const watchEye = `(() => {
  const scroller = document.querySelector('[role=log]').closest('[data-scrolls]');
  const middle = scroller.getBoundingClientRect().top + scroller.clientHeight / 2;
  const away = (element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top <= middle && bottom >= middle ? 0 : Math.min(Math.abs(top - middle), Math.abs(bottom - middle));
  };
  const [element] = [...scroller.querySelectorAll('article')].sort((one, other) => away(one) - away(other));
  const eye = { element, scroller, top: element.getBoundingClientRect().top, worst: 0 };
  const look = () => {
    if (window.eye !== eye) return;
    const now = element.isConnected ? element.getBoundingClientRect().top : Infinity;
    eye.worst = Math.max(eye.worst, Math.abs(now - eye.top));
    requestAnimationFrame(look);
  };
  window.eye = eye;
  look();
})()`;

describe.skipIf(!chromium)('a conversation of 5,000 messages', () => {
  let place: ScenePlace;
  let browser: Browser;
  let chat: ChatPage;
  let page: Page;
  const held: Array<() => void> = [];
  let isHolding = false;
  let isRefusing = false;
  let refused = 0;

  beforeAll(async () => {
    [place, browser] = await Promise.all([startScenePlace(), launchBrowser(chromium ?? '')]);
    const person = await newAccount(place);
    const { id } = (await (await clientOf(place, person)).call('GET', '/api/me')).as(me);
    const conversation = { id: randomUUID(), title: 'A long evening', messages };
    const { storage } = place;
    if (storage.kind !== 'embedded') throw new Error('This Lamplight keeps its data elsewhere.');
    await place.behind(() => seedConversations(storage.dataDir, id, [conversation]));
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
    await context.route('**/messages?*', async (route: Route) => {
      if (isHolding) await new Promise<void>((resolve) => held.push(resolve));
      if (!isRefusing) return route.continue();
      refused += 1;
      await route.fulfill({
        status: 403,
        json: { error: { code: 'forbidden', message: 'No.', traceId: 'a'.repeat(32) } },
      });
    });
    chat = await ChatPage.open(context, `${place.url}/sign-in`);
    page = chat.page;
    await chat.fillSignIn(person.email, person.password);
    await chat.conversation(conversation.title).click();
    await chat.answered();
    await comeToStand(page);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await place?.stop();
  });

  const pageUp = async (times: number) => {
    for (let pressed = 0; pressed < times; pressed += 1) await page.keyboard.press('PageUp');
  };
  const rows = () => page.locator('[role=log] > *').count();
  const height = async () => Number(await page.evaluate('eye.scroller.scrollHeight'));
  /** The numbers of the questions that are in the page, from above to below. */
  const questions = async () =>
    (await page.locator('article[data-role=user]').allTextContents()).map((text) =>
      Number(/Question (\d+) of/.exec(text)?.[1]),
    );
  const expectInOrder = async () => {
    const numbers = await questions();
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + 2 * index));
    expect(await rows()).toBeLessThan(100);
  };

  it.each([
    ['the wheel', 2, () => page.mouse.wheel(0, -2_000)],
    ['the keyboard', 1, () => pageUp(4)],
  ] as const)('does not move what is read while earlier messages come: with %s', async (_, most, up) => {
    await page.mouse.move(780, 400);
    await page.locator('[data-scrolls]', { has: page.locator('[role=log]') }).focus();
    for (let pages = 0; pages < most; pages += 1) {
      isHolding = true;
      while (held.length === 0) {
        await up();
        await comeToStand(page);
      }
      await page.evaluate(watchEye);
      const before = await height();
      isHolding = false;
      for (const goOn of held.splice(0)) goOn();
      await expect.poll(height).toBeGreaterThan(before + 1_000);
      await comeToStand(page);
      expect(await page.evaluate('eye.worst')).toBeLessThanOrEqual(unseenPx);
      await expectInOrder();
    }
  });

  it('goes by as much as the wheel is turned, whatever had to be guessed of what comes into sight', async () => {
    await page.mouse.move(780, 400);
    for (let turns = 0; turns < 12; turns += 1) {
      await comeToStand(page);
      await page.evaluate(watchEye);
      await page.mouse.wheel(0, -240);
      await expect.poll(() => page.evaluate('eye.worst > 0')).toBe(true);
      await comeToStand(page);
      const moved = Number(await page.evaluate('eye.element.getBoundingClientRect().top - eye.top'));
      expect(Math.abs(moved - 240)).toBeLessThanOrEqual(unseenPx);
    }
    await expectInOrder();
  });

  it('asks again for earlier messages that could not be had when it is told to, and not before', async () => {
    const again = chat.button('Load earlier messages');
    isRefusing = true;
    while ((await again.count()) === 0) {
      await page.mouse.wheel(0, -2_000);
      await comeToStand(page);
    }
    await page.mouse.wheel(0, 4_000);
    await comeToStand(page);
    await page.mouse.wheel(0, -4_000);
    await comeToStand(page);
    expect(refused).toBe(1);
    isRefusing = false;
    await again.click();
    await again.waitFor({ state: 'detached' });
    await comeToStand(page);
    await expectInOrder();
    expect(chat.complaints.splice(0)).toEqual([expect.stringContaining('403')]);
  });

  it('has paragraphs that stand apart', async () => {
    const spaces = await page.evaluate(
      "[...document.querySelectorAll('.answer-stretch > * + p')].map((each) => getComputedStyle(each).marginTop)",
    );
    expect(new Set(spaces as string[])).toEqual(new Set(['12px']));
  });

  it('is printed as far as it is loaded, under its title and without the box to write in', async () => {
    await page.emulateMedia({ media: 'print' });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect((await questions()).length).toBeGreaterThan(50);
    expect(await page.getByRole('heading', { level: 1, name: 'A long evening' }).isVisible()).toBe(true);
    expect(await page.locator('textarea').isVisible()).toBe(false);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    await page.emulateMedia({ media: null });
    await expect.poll(rows).toBeLessThan(100);
  });

  it('is at its end again with one click', async () => {
    await chat.button('To the end').click();
    await comeToStand(page);
    expect((await questions()).at(-1)).toBe(messages - 2);
    expect(await chat.button('To the end').count()).toBe(0);
    await expectInOrder();
    expect(chat.complaints).toEqual([]);
  });
});
