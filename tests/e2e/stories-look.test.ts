import { expect, it } from 'vitest';
import { axeFindings, findingsInBothThemes } from './axe.ts';
import { sidewaysOf } from './layout.ts';
import { admin } from './people.ts';
import { inOneProcess } from './stage.ts';
import { button, told } from './story-page.ts';

inOneProcess('how stories look', (stage) => {
  it('sets an Arabic story from right to left in an English page, in the size that was chosen', async () => {
    const { page, complaints } = await stage.guestAt('/stories/new');
    await page.getByText('Age, language and how it is told').click();
    await page.getByLabel('Language', { exact: true }).selectOption('ar');
    await page.getByLabel('Who is it for?').fill('ليلى');
    await button(page, 'Write the story').click();
    await told(page);
    const directionOf = (selector: string) =>
      page.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).direction`);
    expect(await directionOf('html')).toBe('ltr');
    expect(await directionOf('.story h1')).toBe('rtl');
    expect(await directionOf('.story-text p')).toBe('rtl');
    await page.getByTitle('Very large').click();
    await page.reload();
    await page.locator('.story[data-size="larger"]').waitFor();
    expect(await sidewaysOf(page)).toBe(0);
    expect(await findingsInBothThemes(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('moves nothing that is read when its picture and its voice come', async () => {
    const { page } = await stage.guest();
    await page.addInitScript(`
      window.shifts = [];
      new PerformanceObserver((list) => {
        for (const { value, startTime, hadRecentInput } of list.getEntries())
          if (!hadRecentInput) window.shifts.push({ value, startTime });
      }).observe({ type: 'layout-shift', buffered: true });
    `);
    const media: Array<() => void> = [];
    let isHeld = true;
    await page.route('**/api/media/**', async (route) => {
      if (isHeld) await new Promise<void>((resolve) => media.push(resolve));
      await route.continue();
    });
    await page.goto(`${stage.place.url}/stories/new`);
    await page.getByLabel('What is it about?').fill('A lamp that counts stars');
    await button(page, 'Write the story').click();
    await told(page);
    const toldAt = Number(await page.evaluate('performance.now()'));
    await page.locator('.story-cover img').waitFor({ state: 'attached', timeout: 30_000 });
    await page.locator('audio').waitFor({ state: 'attached', timeout: 30_000 });
    isHeld = false;
    for (const release of media) release();
    await page.locator('.story-cover img.opacity-0').waitFor({ state: 'detached', timeout: 30_000 });
    const length = page.getByText(/^0:00 \/ 0:0[1-9]|^0:00 \/ 0:[1-9]/);
    await length.waitFor();
    const shifts = await page.evaluate(`window.shifts.filter(({ startTime }) => startTime > ${toldAt})`);
    expect(shifts).toEqual([]);
  });

  it('fits into 320 pixels, whoever reads it', async () => {
    const { page } = await stage.signedIn(
      '/stories',
      admin,
      await stage.newContext({ viewport: { width: 320, height: 640 } }),
    );
    for (const path of ['/stories', '/stories/new', '/schedules', '/unsubscribe#token=x', '/story#token=x']) {
      await page.goto(stage.place.url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await sidewaysOf(page), path).toBe(0);
      expect(await axeFindings(page), path).toEqual([]);
    }
  });
});
