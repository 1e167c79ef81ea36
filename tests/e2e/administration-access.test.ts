import { expect, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import { axeFindings, colourFindings } from './axe.ts';
import { sidewaysOf } from './layout.ts';
import { inOneProcess } from './stage.ts';

const narrow = { width: 390, height: 844 };
const wide = { width: 1280, height: 900 };
const pages = ['', '/people', '/stories', '/invitations', '/dead-letters', '/audit', '/settings'];

inOneProcess('the administration in the page', (stage) => {
  it('can be used by everybody, at 390 pixels too, in either theme', { timeout: 90_000 }, async () => {
    const person = await stage.newAccount('Lin');
    const { page } = await stage.signedIn('/admin/people');
    await page.getByLabel('Find by name or e-mail').fill(person.email);
    const row = page.getByRole('row', { name: new RegExp(person.email) });
    const own = (await row.getByRole('link').getAttribute('href')) ?? '';
    for (const path of [...pages.map((each) => `/admin${each}`), own]) {
      await page.setViewportSize(narrow);
      await page.goto(stage.place.url + path);
      await page.locator('h1').waitFor();
      const unfinished = page.locator('[aria-busy="true"], .still-breathing');
      await waitFor(async () => (await unfinished.count()) === 0, { what: `${path} to be there` });
      expect(await sidewaysOf(page), path).toBe(0);
      for (const [size, name] of [
        [narrow, 'at 390'],
        [wide, 'at 1280'],
      ] as const) {
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme: 'light' });
        expect(await axeFindings(page), `${path} ${name}`).toEqual([]);
        await page.emulateMedia({ colorScheme: 'dark' });
        expect(await colourFindings(page), `${path} ${name}, dark`).toEqual([]);
      }
    }
  });
});
