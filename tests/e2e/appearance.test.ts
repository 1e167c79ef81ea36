import type { BrowserContext } from 'playwright-core';
import { expect, it } from 'vitest';
import { axeFindings } from './axe.ts';
import { overflowOf } from './layout.ts';
import { inOneProcess } from './stage.ts';

const colour = 'getComputedStyle(document.documentElement).backgroundColor';

/** Notes the colour of the page in every frame from its first. */
const watchColours = (context: BrowserContext) =>
  context.addInitScript(`
    window.colours = new Set();
    const look = () => {
      if (document.body) colours.add(getComputedStyle(document.documentElement).backgroundColor);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  `);

inOneProcess('how the page looks', (stage) => {
  it('keeps a chosen theme over reloads, from the first frame on', async () => {
    const chat = await stage.guest();
    await chat.button('Theme: as the system').click();
    await chat.button('Theme: light').click();
    await chat.button('Theme: dark').waitFor();
    const dark = await chat.page.evaluate(colour);
    await watchColours(stage.context);
    await chat.page.reload();
    await chat.composer.waitFor();
    await chat.button('Theme: dark').waitFor();
    expect(await chat.page.evaluate('[...colours]')).toEqual([dark]);
    const other = await stage.open();
    await other.composer.waitFor();
    expect(await other.page.evaluate('[...colours]')).toEqual([dark]);
  });

  it('follows the theme of the system while nothing is chosen', async () => {
    const chat = await stage.guest();
    const light = await chat.page.evaluate(colour);
    await chat.page.emulateMedia({ colorScheme: 'dark' });
    expect(await chat.page.evaluate(colour)).not.toBe(light);
  });

  it('moves nothing for whoever asked for less motion', async () => {
    const answer = stage.place.answers.hold();
    const chat = await stage.guest(await stage.newContext({ reducedMotion: 'reduce' }));
    const moving = () =>
      chat.page.evaluate(`document.getAnimations().flatMap((animation) =>
        animation.effect.getKeyframes().flatMap(Object.keys)
          .filter((name) => /transform|translate|scale|rotate|height|width|top|left|inset/.test(name)))`);
    expect(await moving()).toEqual([]);
    await chat.sendHeld(answer);
    expect(await moving()).toEqual([]);
    answer.goOn();
    await chat.answered();
    await chat.button('Keyboard shortcuts').click();
    await chat.page.getByRole('dialog').waitFor();
    expect(await moving()).toEqual([]);
  });

  it('can be used at 200 % zoom', async () => {
    const half = { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 };
    const chat = await stage.guest(await stage.newContext(half));
    await chat.send('Tell me about tides');
    await chat.answered();
    expect(await overflowOf(chat.page)).toBe(0);
    const composer = await chat.composer.boundingBox();
    expect(composer && composer.y + composer.height).toBeLessThanOrEqual(400);
    await chat.button('Open conversations').click();
    await chat.conversations.first().waitFor();
    expect(await overflowOf(chat.page)).toBe(0);
  });

  it('can be used in text twice as large', async () => {
    const chat = await stage.guest();
    await chat.page.addStyleTag({ content: 'html { font-size: 200% !important }' });
    await chat.send('Tell me about tides');
    await chat.answered();
    expect(await overflowOf(chat.page)).toBe(0);
    expect(await axeFindings(chat.page, ['wcag2a', 'wcag2aa', 'wcag22aa'])).toEqual([]);
  });

  it('shows the focus and what is chosen in colours that people set', async () => {
    const { page } = await stage.guest(await stage.newContext({ forcedColors: 'active' }));
    const styleOf = async (selector: string) =>
      (await page.evaluate(`(() => {
        const { backgroundColor, outlineStyle, outlineWidth } = getComputedStyle(document.querySelector('${selector}'));
        return { background: backgroundColor, outline: outlineStyle + ' ' + outlineWidth };
      })()`)) as { background: string; outline: string };
    const focused = { outline: 'solid 3px' };
    await page.locator('textarea').focus();
    expect(await styleOf('form:has(> textarea)')).toMatchObject(focused);
    await page.getByRole('link', { name: 'Prompts' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Prompts' }).waitFor();
    const [chosen, other] = ['a[href="/prompts"]', 'a[href="/stories"]'];
    await page.keyboard.press('Tab');
    await page.locator(other).focus();
    expect(await styleOf(other)).toMatchObject(focused);
    expect((await styleOf(chosen)).background).not.toBe((await styleOf(other)).background);
    await page.getByRole('link', { name: 'Your account' }).press('Enter');
    await page.getByRole('radio', { name: 'As the system' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('radio', { name: 'Light' }).isChecked()).toBe(true);
    const on = await styleOf('label:has(:checked:focus)');
    expect(on).toMatchObject(focused);
    expect(on.background).not.toBe((await styleOf('label:has(:focus) + label')).background);
  });
});
