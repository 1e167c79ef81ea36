import type { Page } from 'playwright-core';
import type { ChatPage } from './chat-page.ts';

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
export const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });

/** Waits until the story that is shown is told. */
export const told = (page: Page): Promise<void> =>
  page.getByText('The story is told.').waitFor({ state: 'attached', timeout: 30_000 });

/** A story about this, followed until it is told and its picture and voice are there. */
export async function toldStory({ page }: ChatPage, reader: string): Promise<void> {
  await page.getByRole('link', { name: 'Stories' }).click();
  await page.getByRole('link', { name: 'New story' }).click();
  await page.getByLabel('What is it about?').fill('A lamp that counts stars');
  await page.getByLabel('Who is it for?').fill(reader);
  await button(page, 'Write the story').click();
  await told(page);
  await page.locator('.story-cover img.opacity-0').waitFor({ state: 'detached', timeout: 30_000 });
  await page.locator('audio').waitFor({ state: 'attached', timeout: 30_000 });
}
