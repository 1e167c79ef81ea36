import { expect, it } from 'vitest';
import { findingsInBothThemes } from './axe.ts';
import { sidewaysOf } from './layout.ts';
import { button, link, writePrompt } from './library-page.ts';
import { inOneProcess } from './stage.ts';

inOneProcess('how prompts, characters and scenes look', (stage) => {
  it('works on a phone', async () => {
    const phone = await stage.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true });
    const { page, complaints } = await stage.guest(phone);
    await button(page, 'Open conversations').tap();
    await link(page, 'Prompts').tap();
    await link(page, 'New prompt').tap();
    await writePrompt(page, 'Say hello', 'Say hello to {{name}}.');
    for (const path of ['/prompts', '/stories/characters', '/stories/scenes']) {
      await page.goto(stage.place.url + path);
      await page.getByRole('heading', { level: 3 }).first().waitFor();
      expect(await sidewaysOf(page)).toBe(0);
    }
    await button(page, 'New scene').tap();
    await page.getByLabel('Where is it?').fill('A pond');
    await page.getByLabel('How does it feel there?').fill('calm');
    await page.getByLabel('Event 1').fill('a leaf floats by');
    await button(page, 'Save').tap();
    await page.getByRole('heading', { name: 'A pond', exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('has no fault that axe finds, on any of its screens, in either theme', async () => {
    const { page } = await stage.guestAt('/prompts');
    for (const path of ['/prompts', '/stories/characters', '/stories/scenes']) {
      await page.goto(stage.place.url + path);
      await page.getByRole('heading', { level: 3 }).first().waitFor();
      expect(await findingsInBothThemes(page)).toEqual([]);
    }
    await page.goto(`${stage.place.url}/prompts/new`);
    await button(page, 'Save').click();
    await page.getByText('Write what the prompt says.').waitFor();
    expect(await findingsInBothThemes(page)).toEqual([]);
    await writePrompt(page, 'Say hello', 'Say hello to {{name}}.');
    await page.getByLabel('name', { exact: true }).fill('Mila');
    await button(page, 'Fill in').click();
    await page.getByText('Say hello to Mila.').waitFor();
    expect(await findingsInBothThemes(page)).toEqual([]);
  });
});
