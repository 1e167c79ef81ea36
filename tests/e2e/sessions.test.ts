import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import { axeFindings } from './axe.ts';
import { ChatPage } from './chat-page.ts';
import { launchBrowser } from './launch-browser.ts';
import { admin, newAccount } from './people.ts';
import { type Place, places } from './places.ts';

const chromium = inject('chromium');

describe.each(places)('sessions in the page, with Lamplight $name', ({ missing, start }) => {
  describe.skipIf(missing !== undefined || !chromium)(`${missing ?? 'in a browser'}`, () => {
    let place: Place;
    let browser: Browser;
    let context: BrowserContext;

    const newContext = () => browser.newContext({ viewport: { width: 1280, height: 800 } });
    const open = (path = '', on = context) => ChatPage.open(on, place.url + path);
    const openAsAdmin = async (on = context) => {
      const chat = await open('', on);
      await chat.signIn(admin.email, admin.password);
      return chat;
    };
    const refreshesOf = (on: BrowserContext) => {
      const statuses: number[] = [];
      on.on('response', (response) => {
        if (response.url().endsWith('/api/auth/refresh')) statuses.push(response.status());
      });
      return statuses;
    };

    beforeAll(async () => {
      [place, browser] = await Promise.all([start(), launchBrowser(chromium ?? '')]);
    });
    afterAll(async () => {
      await browser?.close();
      await place?.stop();
    });
    beforeEach(async () => {
      context = await newContext();
    });
    afterEach(() => context.close());

    it('stays signed in over a reload, with no token where scripts of other tabs could read it', async () => {
      const chat = await openAsAdmin();
      await chat.page.reload();
      await chat.composer.waitFor();
      await chat.button('Sign out').waitFor();
      const kept = await chat.page.evaluate(
        'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
      );
      expect(kept).not.toMatch(/eyJ|token/);
      const [cookie] = await context.cookies(place.url);
      expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/' });
    });

    it('says why a sign-in was refused, and keeps what was written', async () => {
      const chat = await open('/sign-in');
      await chat.fillSignIn(admin.email, 'not the password');
      await chat.page.getByRole('alert').waitFor();
      expect(await chat.page.getByRole('alert').textContent()).toMatch(/password is wrong/);
      await chat.button('Copy trace ID').waitFor();
      expect(await chat.field('E-mail').inputValue()).toBe(admin.email);
    });

    it('renews once for tabs that are loaded at the same time, and all of them work', async () => {
      const chat = await openAsAdmin();
      const tabs = [chat, await open(), await open(), await open()];
      await Promise.all(tabs.map((tab) => tab.button('Sign out').waitFor()));
      const statuses = refreshesOf(context);
      await Promise.all(tabs.map((tab) => tab.page.reload()));
      await Promise.all(tabs.map((tab) => tab.button('Sign out').waitFor()));
      expect(new Set(statuses)).toEqual(new Set([200]));
      // A tab that finished loading before another one began has no token to share any more.
      expect(statuses.length).toBeLessThanOrEqual(tabs.length);
      await chat.send('[[{"tokens":20,"seed":31}]] Hello.');
      await chat.answered();
    });

    it('renews a token that was refused, and asks again, unseen', async () => {
      const chat = await openAsAdmin();
      const statuses = refreshesOf(context);
      let refused = 0;
      const error = { code: 'unauthenticated', message: 'It has run out.', traceId: 'a'.repeat(32) };
      await context.route('**/api/conversations?q=lamp*', async (route) => {
        refused += 1;
        if (refused > 1) return route.fallback();
        await route.fulfill({ status: 401, json: { error } });
      });
      await chat.page.getByRole('searchbox', { name: 'Filter conversations' }).fill('lamp');
      await waitFor(() => refused === 2, { what: 'the second request' });
      await chat.page.getByText('No title has these words.').waitFor();
      expect(statuses).toEqual([200]);
    });

    it('does not take a lost network for the end of a session', async () => {
      const chat = await openAsAdmin();
      await context.route('**/api/auth/refresh', (route) => route.abort());
      await chat.page.reload();
      await chat.page.getByText('You are still signed in', { exact: false }).waitFor();
      await context.unroute('**/api/auth/refresh');
      await chat.composer.waitFor();
    });

    it('signs out here, in every tab, and for good', async () => {
      const chat = await openAsAdmin();
      const other = await open();
      await other.composer.waitFor();
      await chat.button('Sign out').click();
      await Promise.all([chat, other].map((tab) => tab.button('Start').waitFor()));
      await chat.page.reload();
      await chat.button('Start').waitFor();
      // Where the reload came before the server heard of it, the page tells it once more.
      await waitFor(async () => (await context.cookies(place.url)).length === 0, { what: 'the cookie to go' });
    });

    it('asks to sign in over the page where a session was ended from elsewhere, and then sends what waits', async () => {
      const { email, password } = await newAccount(place);
      const elsewhere = await newContext();
      const [here, there] = [await open(), await open('', elsewhere)];
      await here.signIn(email, password);
      await there.signIn(email, password);
      await here.send('[[{"tokens":20,"seed":41}]] Hello.');
      const shown = await here.answered();
      const { pathname } = new URL(here.page.url());
      await there.openSettings('Security');
      await there.page.getByRole('button', { name: 'Sign out everywhere', exact: true }).click();
      await there.button('Start').waitFor();
      await elsewhere.close();
      await here.page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
      expect(await axeFindings(here.page)).toEqual([]);
      await here.button('Read on without signing in').click();
      expect(await here.answered()).toBe(shown);
      await here.send('[[{"tokens":20,"seed":42}]] Once more.');
      await here.composer.fill('A thought that I do not want to lose');
      await here.button('Sign in').click();
      await here.fillSignIn(email, password);
      await here.answeredAs(2);
      expect(await here.composer.inputValue()).toBe('A thought that I do not want to lose');
      expect(new URL(here.page.url()).pathname).toBe(pathname);
    });
  });
});
