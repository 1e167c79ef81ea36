import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { findingsInBothThemes } from './axe.ts';
import { button, card, link, title, writePrompt } from './library-page.ts';
import { atBothSizes } from './stage.ts';

/** Of a picture as it was loaded, in its own pixels; 0 while it is not. */
const widthOf = (picture: Locator) =>
  picture.evaluate((image) => ('naturalWidth' in image ? Number(image.naturalWidth) : 0));

atBothSizes('prompts, characters and scenes in the page', (stage) => {
  it('makes a prompt, changes it, tries it and sends it as a chat', async () => {
    const chat = await stage.guest();
    const { page, complaints } = chat;
    await link(page, 'Prompts').click();
    await title(page, 'Prompts').waitFor();
    await link(page, 'New prompt').click();
    await writePrompt(page, 'Say hello', 'Say hello to {{name}}.');
    await button(page, 'Edit').click();
    await page.getByLabel('Text', { exact: true }).fill('Say hello to {{name}}, who is {{how old}}.');
    await button(page, 'Save').click();
    await page.getByLabel('name', { exact: true }).fill('Mila');
    await page.getByLabel('how old', { exact: true }).fill('five');
    await button(page, 'Fill in').click();
    await page.getByText('Say hello to Mila, who is five.').waitFor();
    await button(page, 'Start a chat with it').click();
    expect(await chat.composer.inputValue()).toBe('Say hello to Mila, who is five.');
    await chat.page.getByRole('button', { name: 'Send' }).click();
    await chat.answered();
    expect(complaints).toEqual([]);
  });

  it('warns of an empty prompt and sends nothing, and asks before what was written is left', async () => {
    const { page } = await stage.guestAt('/prompts');
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() !== 'GET' && request.url().includes('/api/prompts')) sent.push(request.url());
    });
    await link(page, 'New prompt').click();
    await button(page, 'Save').click();
    await page.getByText('The prompt is not saved: something is empty').waitFor();
    await page.getByText('Give the prompt a name.').waitFor();
    expect(sent).toEqual([]);
    await page.getByLabel('Name', { exact: true }).fill('Half of it');
    for (const leave of [() => page.goBack(), () => link(page, 'Stories').click()]) {
      await leave();
      const question = page.getByRole('dialog', { name: 'Leave without saving?' });
      await question.getByRole('button', { name: 'Keep' }).click();
      expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Half of it');
      expect(new URL(page.url()).pathname).toBe('/prompts/new');
    }
    await page.goBack();
    await button(page, 'Leave').click();
    await title(page, 'Prompts').waitFor();
    expect(new URL(page.url()).pathname).toBe('/prompts');
    await link(page, 'A chat about the day').click();
    await button(page, 'Fill in').click();
    await page.getByText('Some gaps are still empty').waitFor();
    expect(sent).toEqual([]);
  });

  it('copies a prompt of the library, begins a story with it, and deletes it', async () => {
    const { page } = await stage.guestAt('/prompts');
    await link(page, 'Riddles for the pillow').click();
    await button(page, 'Copy to mine').click();
    await button(page, 'Edit').waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1);
    await page.getByLabel('subject', { exact: true }).fill('the moon');
    await page.getByLabel('age', { exact: true }).fill('five');
    await button(page, 'Fill in').click();
    await link(page, 'Begin a story with it').click();
    await title(page, 'New story').waitFor();
    expect(page.url()).toBe(`${stage.place.url}/stories/new?prompt=${id}`);
    await page.goBack();
    await page.getByRole('main').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await title(page, 'Prompts').waitFor();
    await page.getByText('None of your own yet').waitFor();
  });

  it('makes a character with a picture, which a new story offers', async () => {
    const { page, complaints } = await stage.signedIn('/stories/characters');
    await title(page, 'Characters').waitFor();
    const buffer = await page.screenshot({ clip: { x: 0, y: 0, width: 120, height: 120 } });
    await button(page, 'New character').click();
    await page.getByLabel('Choose a picture').setInputFiles({ name: 'a.gif', mimeType: 'image/gif', buffer });
    await page.getByText('A picture is a PNG, a JPEG or a WebP.').waitFor();
    await page.getByLabel('Choose a picture').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer });
    await page.getByRole('img', { name: 'The picture you chose' }).waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Wilma');
    await page.getByLabel('Who are they?').fill('A young badger who repairs umbrellas.');
    await page.getByLabel('Trait 1').fill('patient');
    expect(await findingsInBothThemes(page)).toEqual([]);
    await button(page, 'Save').click();
    await page.getByText('“Wilma” is saved').waitFor();
    const picture = card(page, 'Wilma').locator('img');
    await expect.poll(() => widthOf(picture)).toBe(120);
    await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Stories' }).click();
    await link(page, 'New story').click();
    await page.getByRole('checkbox', { name: 'Wilma' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('tells guests that a picture of their own needs an account, and makes the character with a drawn one', async () => {
    const { page } = await stage.guestAt('/stories/characters');
    await button(page, 'Copy to mine: Bruno').click();
    await button(page, 'Edit Bruno').click();
    await page.getByText('To choose one yourself you need an account.').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Brunhild');
    await button(page, 'Save').click();
    const picture = card(page, 'Brunhild').locator('img');
    await expect.poll(() => widthOf(picture)).toBeGreaterThan(0);
    await page.getByRole('searchbox', { name: 'Search characters' }).fill('brun');
    await expect.poll(() => page.getByRole('heading', { level: 3 }).allTextContents()).toEqual(['Brunhild', 'Bruno']);
  });

  it('makes a scene and deletes it after a question', async () => {
    const { page } = await stage.guestAt('/stories/characters');
    await link(page, 'Scenes').click();
    await button(page, 'New scene').click();
    await button(page, 'Save').click();
    await page.getByText('Say where it is.').waitFor();
    expect(await findingsInBothThemes(page)).toEqual([]);
    await page.getByLabel('Where is it?').fill('A pond');
    await page.getByLabel('How does it feel there?').fill('calm');
    await page.getByLabel('Event 1').fill('a leaf floats by');
    await button(page, 'Save').click();
    await page.getByText('“A pond” is saved').waitFor();
    await page.reload();
    await button(page, 'Delete A pond').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('“A pond” is deleted').waitFor();
    expect(await page.getByRole('heading', { name: 'A pond', exact: true }).count()).toBe(0);
  });
});
