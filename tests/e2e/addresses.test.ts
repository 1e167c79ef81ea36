import { expect, it } from 'vitest';
import { atBothSizes } from './stage.ts';

atBothSizes('addresses', (stage) => {
  it('lead back and forward through what was open', async () => {
    const chat = await stage.guest();
    await chat.send('Tell me about tides');
    await chat.answered();
    const { page } = chat;
    const conversation = page.url();
    await chat.button('New chat').click();
    await page.getByRole('heading', { level: 1, name: /Ada/ }).waitFor();
    await page.getByRole('link', { name: 'Stories' }).click();
    await page.getByRole('heading', { level: 1, name: 'Stories' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: /Ada/ }).waitFor();
    await page.goBack();
    await chat.answered();
    expect(page.url()).toBe(conversation);
    await page.goForward();
    await page.goForward();
    await page.getByRole('heading', { level: 1, name: 'Stories' }).waitFor();
  });

  it('of somebody else’s conversation say that it is not here, and lead on', async () => {
    const theirs = await stage.guest();
    await theirs.send('A secret of mine');
    await theirs.answered();
    const other = await stage.newContext();
    await stage.guest(other);
    const mine = await stage.open(theirs.page.url(), other);
    await mine.page.getByText('This conversation is not here').waitFor();
    expect(await mine.page.content()).not.toContain('A secret of mine');
    await mine.page.getByRole('link', { name: 'Start a new one' }).click();
    await mine.composer.waitFor();
    expect(new URL(mine.page.url()).pathname).toBe('/');
  });

  it('that do not exist say so, and lead home', async () => {
    const { page } = await stage.open('/no/such/place');
    await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
    expect(await page.title()).toContain('Not found');
    await page.getByRole('link', { name: 'Go to Lamplight' }).click();
    await page.getByRole('button', { name: 'Start' }).waitFor();
  });

  it('of a conversation open it again in another tab, with its title', async () => {
    const chat = await stage.guest();
    await chat.send('Tell me about tides');
    await chat.answered();
    await chat.rename('Moon and water');
    const tab = await stage.open(chat.page.url());
    await tab.answered();
    await tab.page.getByRole('heading', { name: 'Moon and water' }).waitFor();
    expect(await tab.page.title()).toContain('Moon and water');
  });
});
