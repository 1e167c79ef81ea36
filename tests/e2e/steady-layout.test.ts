import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { inOneProcess } from './stage.ts';

/** Web Vitals call 0.1 good; nothing here has to move that much. */
const most = 0.02;
const slowMs = 250;

/** Before the page begins: adds up what moved without anybody having done anything. */
const observe = `
  window.moved = 0;
  window.movers = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (hadRecentInput) continue;
      window.moved += value;
      window.movers.push(value.toFixed(3) + ' ' + sources.map(({ node }) => node?.textContent?.slice(0, 40)).join(', '));
    }
  }).observe({ type: 'layout-shift', buffered: true });
`;
const moved = async (page: Page): Promise<{ readonly sum: number; readonly movers: readonly string[] }> => ({
  sum: Number(await page.evaluate('window.moved')),
  movers: (await page.evaluate('window.movers')) as string[],
});

inOneProcess(
  'a page that loads slowly',
  (stage) => {
    it('moves nothing that is already there', async () => {
      await stage.context.addInitScript(observe);
      const chat = await stage.signedIn();
      const { page } = chat;
      await page.getByRole('button', { name: 'Open conversations' }).click();
      await page.getByRole('link', { name: 'Stories' }).click();
      await page.getByRole('link', { name: 'New story' }).first().click();
      await page.getByLabel('What is it about?').fill('A lamp that counts stars');
      await page.getByRole('button', { name: 'Write the story', exact: true }).click();
      await page.locator('audio').waitFor({ state: 'attached', timeout: 30_000 });
      const story = new URL(page.url()).pathname;
      await stage.context.route('**/api/**', async (route) => {
        await new Promise((resolve) => setTimeout(resolve, slowMs));
        await route.continue();
      });
      for (const [address, shown] of [
        [story, 'audio'],
        ['/settings/security', 'section li'],
      ] as const) {
        await page.goto(new URL(address, stage.place.url).href);
        await page.locator(shown).first().waitFor({ state: 'attached' });
        await page.waitForLoadState('networkidle');
        await page.evaluate('document.fonts.ready.then(() => {})');
        const { sum, movers } = await moved(page);
        expect(sum, `${address}: ${movers.join('\n')}`).toBeLessThan(most);
      }
    });

    it('lets the keyboard past what every page has', async () => {
      const { page } = await stage.guest();
      for (const [address, link] of [
        ['/', 'Skip to the conversation'],
        ['/prompts/new', 'Skip to the content'],
      ] as const) {
        await page.goto(new URL(address, stage.place.url).href);
        const skip = page.getByRole('link', { name: link });
        await skip.waitFor({ state: 'attached' });
        const top = async () => (await skip.boundingBox())?.y;
        expect(await top()).toBeLessThan(-30);
        await skip.focus();
        expect(await top()).toBeGreaterThan(0);
        await page.keyboard.press('Enter');
        expect(await page.evaluate('document.activeElement.id')).toBe('content');
        expect(new URL(page.url()).hash).toBe('');
      }
    });
  },
  { context: { viewport: { width: 390, height: 844 } } },
);
