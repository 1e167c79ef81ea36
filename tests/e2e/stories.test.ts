import { expect, it } from 'vitest';
import { axeFindings } from './axe.ts';
import { textsOfPages } from './printed.ts';
import { atBothSizes } from './stage.ts';
import { button, heading, told, toldStory } from './story-page.ts';

atBothSizes('stories in the page', (stage) => {
  it('writes one from a line, shows its picture, reads it aloud and lights what is read', async () => {
    const chat = await stage.guest();
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
    const chat = await stage.guest();
    await toldStory(chat, 'Otto');
    await button(chat.page, 'Share by a link').click();
    await button(chat.page, 'Make a link').click();
    const link = await chat.page.getByLabel('Link', { exact: true }).inputValue();
    const stranger = await stage.newContext({ viewport: { width: 390, height: 844 } });
    const { page } = await stage.open(link, stranger);
    await heading(page, 'The evening of a small lamp').waitFor();
    const reply = await page.request.get(`${stage.place.url}/story`, { headers: { accept: 'text/html' } });
    expect(reply.headers()).toMatchObject({ 'x-robots-tag': 'noindex, nofollow', 'referrer-policy': 'no-referrer' });
    expect(await page.locator('meta[name="robots"]').getAttribute('content')).toBe('noindex, nofollow');
    const picture = (await page.locator('.story-cover img').getAttribute('src')) ?? '';
    expect((await page.request.get(new URL(picture, stage.place.url).href)).status()).toBe(200);
    expect(await axeFindings(page)).toEqual([]);
    await button(chat.page, 'Withdraw link').click();
    await button(chat.page, 'Make a link').waitFor();
    await page.reload();
    await page.getByText('This story has been put away').waitFor();
    expect((await page.request.get(new URL(picture, stage.place.url).href)).status()).not.toBe(200);
  });

  it('guides to a story step by step, and keeps what was chosen over a reload', async () => {
    const { page, complaints } = await stage.guestAt('/stories/new');
    await page.getByLabel('What is it about?').fill('A lamp that counts stars');
    await page.getByText('Fenna', { exact: true }).click();
    await page.getByText('10 minutes', { exact: true }).click();
    const summary = page.getByRole('region', { name: 'What will be told' });
    await summary.getByText('Fenna').waitFor();
    await page.reload();
    await page.getByText('What you chose before is still here.').waitFor();
    expect(await page.getByLabel('What is it about?').inputValue()).toBe('A lamp that counts stars');
    expect(await page.getByRole('checkbox', { name: 'Fenna' }).isChecked()).toBe(true);
    await summary.getByText('10 minutes, in English').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await button(page, 'Write the story').click();
    await told(page);
    await page.goto(`${stage.place.url}/stories/new`);
    await page.getByLabel('What is it about?').waitFor();
    expect(await page.getByLabel('What is it about?').inputValue()).toBe('');
    expect(complaints).toEqual([]);
  });

  it('keeps a favourite, and deletes a story after a question', async () => {
    const chat = await stage.guest();
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
    const chat = await stage.guest();
    await chat.send('Tell me about tides');
    await chat.answered();
    await chat.page.getByRole('article', { name: 'Answer' }).last().hover();
    await button(chat.page, 'Make it a story').click();
    await chat.page.getByText('It takes up what was said last').waitFor();
    await button(chat.page, 'Write the story').click();
    await told(chat.page);
  });

  it('prints a story as pages of a book: picture, title and text, and nothing to click', async () => {
    const chat = await stage.guest();
    const { page } = chat;
    await toldStory(chat, 'Mia');
    await page.emulateMedia({ media: 'print' });
    await page.locator('.story-cover img').waitFor();
    await page.locator('.story h1').waitFor();
    await page.locator('.story-text p').first().waitFor();
    for (const role of ['button', 'link', 'slider', 'radio', 'textbox'] as const) {
      expect(await page.getByRole(role).count(), role).toBe(0);
    }
    const pages = textsOfPages(await page.pdf({ preferCSSPageSize: true, format: 'A5' }));
    expect(pages.length).toBeGreaterThanOrEqual(1);
    expect(pages.length).toBeLessThanOrEqual(3);
    // A blank page has no more than its number.
    for (const texts of pages) expect(texts, `pages of ${pages}`).toBeGreaterThan(10);
  });
});
