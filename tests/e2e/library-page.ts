import type { Page } from 'playwright-core';

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
export const link = (page: Page, name: string) => page.getByRole('link', { name, exact: true });
export const title = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
export const card = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });

/** Where a prompt is written; ends at the prompt. */
export async function writePrompt(page: Page, name: string, text: string): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Text', { exact: true }).fill(text);
  await button(page, 'Save').click();
  await title(page, name).waitFor();
}
