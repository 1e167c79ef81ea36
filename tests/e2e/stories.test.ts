import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import { axeFindings } from './axe.ts';
import { ChatPage, launchBrowser } from './chat-page.ts';
import { admin, type Place, places } from './places.ts';

const chromium = inject('chromium');
const wide = { width: 1280, height: 800 };

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
/** What stands beyond the right edge, where nothing may. */
const overflow = (page: Page) =>
  page.evaluate('Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)');

describe.each(places)('stories in the page, with Lamplight $name', ({ missing, start }) => {
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
      context = await browser.newContext({ viewport: wide });
    });
    afterEach(() => context.close());

    const asGuest = async () => {
      const chat = await ChatPage.open(context, place.url);
      await chat.start('Ada');
      return chat;
    };
    const asAdmin = async () => {
      const chat = await ChatPage.open(context, place.url);
      await chat.signIn(admin.email, admin.password);
      return chat;
    };
    /** A story about this, followed until it is told and its picture and voice are there. */
    const toldStory = async ({ page }: ChatPage, reader: string) => {
      await page.getByRole('link', { name: 'Stories' }).click();
      await page.getByRole('link', { name: 'New story' }).click();
      await page.getByLabel('What is it about?').fill('A lamp that counts stars');
      await page.getByLabel('Who is it for?').fill(reader);
      await button(page, 'Write the story').click();
      await page.getByText('The story is told.').waitFor({ state: 'attached', timeout: 30_000 });
      await page.locator('.story-cover img.opacity-0').waitFor({ state: 'detached', timeout: 30_000 });
      await page.locator('audio').waitFor({ state: 'attached', timeout: 30_000 });
    };

    it('writes one from a line, shows its picture, reads it aloud and lights what is read', async () => {
      const chat = await asGuest();
      const { page, complaints } = chat;
      await toldStory(chat, 'Mia');
      await heading(page, 'The evening of a small lamp').waitFor();
      await page.getByText('For Mia', { exact: true }).waitFor();
      await page.getByRole('img', { name: 'a small lamp at a window in the evening.' }).waitFor();
      await button(page, 'Listen').click();
      await page.locator('[data-lit="true"]').first().waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.getByRole('link', { name: 'Stories' }).click();
      await page.getByText('Tonight, for Mia').waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(complaints).toEqual([]);
    });

    it('opens one by its link without signing in, listed by nobody, until the link is withdrawn', async () => {
      const chat = await asGuest();
      await toldStory(chat, 'Otto');
      await button(chat.page, 'Share by a link').click();
      await button(chat.page, 'Make a link').click();
      const link = await chat.page.getByLabel('Link', { exact: true }).inputValue();
      const stranger = await browser.newContext({ viewport: { width: 390, height: 844 } });
      const { page } = await ChatPage.open(stranger, link);
      await heading(page, 'The evening of a small lamp').waitFor();
      const reply = await page.request.get(`${place.url}/story`, { headers: { accept: 'text/html' } });
      expect(reply.headers()).toMatchObject({ 'x-robots-tag': 'noindex, nofollow', 'referrer-policy': 'no-referrer' });
      expect(await page.locator('meta[name="robots"]').getAttribute('content')).toBe('noindex, nofollow');
      const picture = (await page.locator('.story-cover img').getAttribute('src')) ?? '';
      expect((await page.request.get(new URL(picture, place.url).href)).status()).toBe(200);
      expect(await axeFindings(page)).toEqual([]);
      await button(chat.page, 'Withdraw link').click();
      await button(chat.page, 'Make a link').waitFor();
      await page.reload();
      await page.getByText('This story has been put away').waitFor();
      expect((await page.request.get(new URL(picture, place.url).href)).status()).not.toBe(200);
      await stranger.close();
    });

    it('keeps a favourite, and deletes a story after a question', async () => {
      const chat = await asGuest();
      const { page } = chat;
      await toldStory(chat, 'Ida');
      await button(page, 'Keep as a favourite').click();
      await page.getByText('it is kept until you delete it').waitFor();
      await page.getByRole('article').getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await heading(page, 'Stories').waitFor();
      await page.getByText('Tonight’s story is not written yet').waitFor();
    });

    it('makes a story of a conversation', async () => {
      const chat = await asGuest();
      await chat.send('Tell me about tides');
      await chat.answered();
      await chat.page.getByRole('article', { name: 'Answer' }).last().hover();
      await button(chat.page, 'Make it a story').click();
      await chat.page.getByText('It takes up what was said last').waitFor();
      await button(chat.page, 'Write the story').click();
      await chat.page.getByText('The story is told.').waitFor({ state: 'attached', timeout: 30_000 });
    });

    it('tells guests that the clock needs an account', async () => {
      const { page } = await asGuest();
      await page.getByRole('link', { name: 'Schedules' }).click();
      await page.getByText('The clock needs an account').waitFor();
    });

    it('sets up every day at 19:15 by keyboard and pointer, shows the next times, and skips, pauses and runs it', async () => {
      const { page, complaints } = await asAdmin();
      await page.getByRole('link', { name: 'Schedules' }).click();
      await button(page, 'New schedule').click();
      // The first field has the focus.
      await page.getByLabel('Who is it for?').waitFor();
      await page.keyboard.type('Mia');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      expect(await page.getByRole('checkbox', { name: 'Mon' }).isChecked()).toBe(false);
      await page.keyboard.press('Space');
      await page.getByLabel('Time zone').selectOption('Europe/Berlin');
      const times = page.getByRole('region', { name: 'The next five' }).getByRole('listitem');
      await waitFor(async () => (await times.count()) === 5, { what: 'five times' });
      for (const time of await times.allTextContents()) expect(time).toMatch(/, 19:15$/);
      expect(await axeFindings(page)).toEqual([]);
      await button(page, 'Save').click();
      await page.getByText('Every day at 19:15 (Europe/Berlin)').waitFor();
      await button(page, 'Pause').click();
      await page.getByText('Paused').waitFor();
      await button(page, 'Resume').click();
      await page.getByRole('button', { name: /^Skip/ }).click();
      await page.getByText(/^Left out: /).waitFor();
      await button(page, 'Do not skip').click();
      await page.getByText(/^Next: /).waitFor();
      await button(page, 'Write one now').click();
      await page.getByText('The story is told.').waitFor({ state: 'attached', timeout: 30_000 });
      expect(complaints).toEqual([]);
    });

    it.each(['/stories', '/stories/new', '/schedules', '/unsubscribe#token=x', '/story#token=x'])(
      'fits %s into 320 pixels',
      async (path) => {
        await asAdmin();
        const page = await context.newPage();
        await page.setViewportSize({ width: 320, height: 640 });
        await page.goto(place.url + path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        expect(await overflow(page)).toBe(0);
        expect(await axeFindings(page)).toEqual([]);
      },
    );
  });
});
