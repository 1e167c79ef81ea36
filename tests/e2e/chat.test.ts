import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { expectedText } from '#tests/model-server/text.ts';
import { ChatPage, launchBrowser } from './chat-page.ts';
import { type Place, places } from './places.ts';

const chromium = inject('chromium');
const slow = (tokens: number, seed: number) =>
  `[[${JSON.stringify({ tokens, tokensPerSecond: 40, seed })}]] Slowly, please.`;
const quick = (seed: number) => `[[${JSON.stringify({ tokens: 30, seed })}]] Quickly, please.`;

describe.each(places)('the chat page, with Lamplight $name', ({ missing, start }) => {
  describe.skipIf(missing !== undefined || !chromium)(`${missing ?? 'in a browser'}`, () => {
    let place: Place;
    let browser: Browser;
    let context: BrowserContext;

    beforeAll(async () => {
      [place, browser] = await Promise.all([start(), launchBrowser(chromium ?? '')]);
    });
    afterAll(async () => {
      await browser?.close();
      await place?.stop();
    });
    beforeEach(async () => {
      context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    });
    afterEach(() => context.close());

    const openChat = async () => {
      const chat = await ChatPage.open(context, place.url);
      await chat.start('Ada');
      return chat;
    };

    it('answers, and shows the same after a reload', async () => {
      const chat = await openChat();
      await chat.send(quick(1));
      const shown = await chat.answered();
      const [answer] = await chat.stored();
      expect(answer?.text).toBe(expectedText({ seed: 1, tokens: 30 }));
      expect(await chat.answered()).toBe(shown);
      expect(chat.complaints).toEqual([]);
    });

    it('goes on with an answer after a reload, to the character', async () => {
      const chat = await openChat();
      await chat.send(slow(120, 2));
      await chat.showsAtLeast(100);
      await chat.page.reload();
      const shown = await chat.answered();
      const [answer] = await chat.stored();
      expect(answer?.text).toBe(expectedText({ seed: 2, tokens: 120 }));
      expect(await chat.answered()).toBe(shown);
    });

    it('says that nothing is lost while the connection is away, and loses nothing', async () => {
      const chat = await openChat();
      await chat.send(slow(160, 3));
      await chat.showsAtLeast(100);
      await context.setOffline(true);
      await chat.page.getByText('Reconnecting — nothing is lost').waitFor({ timeout: 20_000 });
      await context.setOffline(false);
      const shown = await chat.answered();
      const [answer] = await chat.stored();
      expect(answer?.text).toBe(expectedText({ seed: 3, tokens: 160 }));
      expect(await chat.answered()).toBe(shown);
    });

    it('shows a running answer in a second tab, from its start and live', async () => {
      const chat = await openChat();
      await chat.send(slow(120, 4));
      await chat.showsAtLeast(100);
      const second = await ChatPage.open(context, chat.page.url());
      await second.showsAtLeast(120);
      expect(await second.answered()).toBe(await chat.answered());
    });

    it('shows what one tab sends in the other', async () => {
      const chat = await openChat();
      await chat.send(quick(5));
      await chat.answered();
      const second = await ChatPage.open(context, chat.page.url());
      await second.answered();
      await chat.send(slow(60, 6));
      await second.page.getByText('Slowly, please.').waitFor();
      await second.answers('running').waitFor();
      await chat.answers('complete').nth(1).waitFor({ timeout: 30_000 });
      await second.answers('complete').nth(1).waitFor({ timeout: 30_000 });
    });

    it('stays where the reader is while an answer grows, and goes to the end when asked', async () => {
      const chat = await openChat();
      await chat.page.setViewportSize({ width: 800, height: 400 });
      await chat.send(slow(400, 12));
      await chat.showsAtLeast(900);
      await chat.page.mouse.move(500, 200);
      await chat.page.mouse.wheel(0, -2_000);
      await chat.button('To the end').waitFor();
      const top = () => chat.answers('running').first().boundingBox();
      const before = await top();
      const length = (await chat.answers('running').first().textContent())?.length ?? 0;
      await chat.showsAtLeast(length + 200);
      expect((await top())?.y).toBe(before?.y);
      await chat.button('To the end').click();
      await chat.button('To the end').waitFor({ state: 'detached' });
      await chat.button('Stop').click();
      await chat.answered('stopped');
    });

    it('stops an answer and keeps what there is of it', async () => {
      const chat = await openChat();
      await chat.send(slow(2_000, 7));
      await chat.showsAtLeast(60);
      await chat.button('Stop').click();
      const shown = await chat.answered('stopped');
      expect(shown).toContain('Stopped');
      const [answer] = await chat.stored();
      expect(answer?.status).toBe('stopped');
      expect(expectedText({ seed: 7, tokens: 2_000 }).startsWith(answer?.text ?? '-')).toBe(true);
    });

    it('says why an answer failed, with its trace ID, and makes another one when asked', async () => {
      const chat = await openChat();
      await chat.send('[[{"tokens":20,"seed":8,"fault":"401","times":1}]] Fail once.');
      const failed = await chat.answered('failed');
      expect(failed).toMatch(/API key/);
      await chat.button('Copy trace ID').waitFor();
      expect(await chat.button('Copy trace ID').getAttribute('aria-label')).toMatch(/[0-9a-f]{32}$/);
      await chat.button('Retry').click();
      await chat.answered('complete');
      expect(await chat.answers('failed').count()).toBe(0);
    });

    it('keeps the history: lists, renames and deletes conversations', async () => {
      const chat = await openChat();
      await chat.send(quick(9));
      await chat.answered();
      await chat.page.reload();
      await chat.conversations.first().waitFor();
      await chat.conversations.first().hover();
      await chat.button('Rename').click();
      await chat.page.getByRole('textbox', { name: 'Title' }).fill('Lamps of Persia');
      await chat.page.keyboard.press('Enter');
      await chat.conversations.filter({ hasText: 'Lamps of Persia' }).waitFor();
      await chat.page.getByRole('searchbox', { name: 'Filter conversations' }).fill('pers');
      await chat.conversations.filter({ hasText: 'Lamps of Persia' }).waitFor();
      await chat.conversations.first().hover();
      await chat.button('Delete').click();
      await chat.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await chat.conversations.filter({ hasText: 'Lamps of Persia' }).waitFor({ state: 'detached' });
    });

    it('says that a session has ended, and keeps the draft', async () => {
      const chat = await openChat();
      await chat.send(quick(10));
      await chat.answered();
      const request = chat.page.waitForRequest((sent) => sent.url().endsWith('/api/auth/ticket'));
      await chat.page.reload();
      const authorization = (await (await request).headerValue('authorization')) ?? '';
      await chat.composer.fill('A thought that I do not want to lose');
      const ended = await chat.page.request.post(`${place.url}/api/auth/logout`, { headers: { authorization } });
      expect(ended.status()).toBe(204);
      await chat.page.getByRole('textbox', { name: 'Your name' }).waitFor();
      await chat.start('Ada');
      expect(await chat.composer.inputValue()).toBe('A thought that I do not want to lose');
    });

    it.each([320, 768])('fits a screen %i pixels wide', async (width) => {
      const chat = await openChat();
      await chat.page.setViewportSize({ width, height: 640 });
      await chat.send(quick(11));
      await chat.answered();
      const overflow = await chat.page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(overflow).toBeLessThanOrEqual(0);
    });
  });
});
