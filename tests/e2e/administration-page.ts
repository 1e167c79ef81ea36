import type { Page } from 'playwright-core';
import type { Person } from './people.ts';

export const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
export const heading = (page: Page, name: string) =>
  page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
const tile = (page: Page, name: string) => page.locator('dl > div', { has: page.locator('dt', { hasText: name }) });
/** The figure of a tile. */
export const figure = async (page: Page, name: string) =>
  Number((await tile(page, name).first().locator('dd > span').first().textContent())?.replaceAll(',', ''));
/** Answers the question that is asked. */
export const confirm = (page: Page, verb: string) =>
  page.getByRole('dialog').getByRole('button', { name: verb }).click();

/** The page of a person, found as people find one. */
export async function openPerson(page: Page, { name, email }: Person): Promise<void> {
  await page.goto(new URL('/admin/people', page.url()).href);
  await page.getByLabel('Find by name or e-mail').fill(email);
  await page
    .getByRole('row', { name: new RegExp(email) })
    .getByRole('link', { name })
    .click();
  await heading(page, name);
}
