import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import { createTestProvider, type TestProvider } from '#tests/servers/open-id-provider.ts';
import { linkIn, mailsTo } from '#tests/servers/outbox.ts';
import { axeFindings } from './axe.ts';
import { ChatPage, launchBrowser } from './chat-page.ts';
import { admin, type Place, places } from './places.ts';

const chromium = inject('chromium');
const password = 'a long walk in the evening';
/** An address that no other test has. */
const newAddress = () => `person-${randomUUID()}@example.org`;

describe.each(places)('accounts in the page, with Lamplight $name', ({ missing, start }) => {
  describe.skipIf(missing !== undefined || !chromium)(`${missing ?? 'in a browser'}`, () => {
    let place: Place;
    let provider: TestProvider;
    let browser: Browser;
    let context: BrowserContext;

    const newContext = () => browser.newContext({ viewport: { width: 1280, height: 800 } });
    const open = (path = '', on = context) => ChatPage.open(on, place.url + path);
    const openAsAdmin = async (on = context) => {
      const chat = await open('', on);
      await chat.signIn(admin.email, admin.password);
      return chat;
    };
    /** Somebody with an account, made as people make one; signed in nowhere. */
    const newAccount = async () => {
      const email = newAddress();
      const own = await newContext();
      const chat = await open('/register', own);
      await chat.field('Your name').fill('Grace');
      await chat.field('E-mail').fill(email);
      await chat.field('Password').fill(password);
      await chat.button('Create account').click();
      const [mail] = await mailsTo(place.outbox, email);
      if (!mail) throw new Error('There is no mail.');
      await chat.page.goto(linkIn(mail));
      await chat.field('Password').fill(password);
      await chat.button('Confirm and sign in').click();
      await chat.composer.waitFor();
      await own.close();
      return email;
    };
    const refreshesOf = (on: BrowserContext) => {
      const statuses: number[] = [];
      on.on('response', (response) => {
        if (response.url().endsWith('/api/auth/refresh')) statuses.push(response.status());
      });
      return statuses;
    };

    beforeAll(async () => {
      provider = await createTestProvider();
      const env = { OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: provider.clientId, OIDC_NAME: 'Example' };
      [place, browser] = await Promise.all([
        start({ ...env, OIDC_CLIENT_SECRET: provider.clientSecret }),
        launchBrowser(chromium ?? ''),
      ]);
      await provider.start(`${place.url}/api/auth/oidc/callback`);
    });
    afterAll(async () => {
      await browser?.close();
      await place?.stop();
      await provider?.stop();
    });
    beforeEach(async () => {
      context = await newContext();
    });
    afterEach(() => context.close());

    it('lets a guest keep the conversations in an account, confirmed by mail', async () => {
      const email = newAddress();
      const guest = await open();
      await guest.start('Grace');
      await guest.send('Hello from a guest');
      await guest.answered();
      await guest.button('Keep my conversations').click();
      expect(await guest.field('Your name').inputValue()).toBe('Grace');
      await guest.field('E-mail').fill(email);
      await guest.field('Password').fill(password);
      await guest.button('Create account').click();
      await guest.page.getByText('Look into your mail').waitFor();
      const [mail] = await mailsTo(place.outbox, email);
      if (!mail) throw new Error('There is no mail.');
      const tab = await ChatPage.open(context, linkIn(mail));
      await tab.button('Confirm and sign in').waitFor();
      expect(tab.page.url()).toBe(`${place.url}/verify`);
      await tab.field('Password').fill(password);
      await tab.button('Confirm and sign in').click();
      await tab.conversations.first().waitFor();
      expect(await tab.conversations.count()).toBe(1);
      // The tab of the guest goes on as the account.
      await guest.page.keyboard.press('Escape');
      await guest.button('Sign out').waitFor();
      await guest.page.reload();
      await guest.answered();
      await guest.button('Your account').click();
      await guest.page.getByText(email).waitFor();
    });

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

    it('says that a session was ended from elsewhere, and keeps the draft', async () => {
      const email = await newAccount();
      const elsewhere = await newContext();
      const [here, there] = [await open(), await open('', elsewhere)];
      await here.signIn(email, password);
      await there.signIn(email, password);
      await here.composer.fill('A thought that I do not want to lose');
      await there.button('Your account').click();
      await there.button('Sign out everywhere').click();
      await there.button('Start').waitFor();
      await elsewhere.close();
      await here.page.getByText('Your session has ended').waitFor();
      await here.fillSignIn(email, password);
      await here.composer.waitFor();
      expect(await here.composer.inputValue()).toBe('A thought that I do not want to lose');
    });

    it('sets a new password by mail, after which the old one is worth nothing', async () => {
      const email = await newAccount();
      const chat = await open('/forgot');
      await chat.field('E-mail').fill(email);
      await chat.button('Send the link').click();
      await chat.page.getByText('Look into your mail').waitFor();
      const mail = (await mailsTo(place.outbox, email, 2)).find(({ text }) => text?.includes('/reset#'));
      if (!mail) throw new Error('There is no mail.');
      await chat.page.goto(linkIn(mail));
      await chat.field('New password').fill('another walk, much longer');
      await chat.button('Set password and sign in').click();
      await chat.composer.waitFor();
      const again = await open('/reset', await newContext());
      await again.page.goto(linkIn(mail));
      await again.field('New password').fill('a third walk, longer still');
      await again.button('Set password and sign in').click();
      await again.page.getByText('A link works once', { exact: false }).waitFor();
      await again.page.getByRole('link', { name: 'Ask for another link' }).waitFor();
      await again.page.goto(`${place.url}/sign-in`);
      await again.fillSignIn(email, password);
      await again.page.getByRole('alert').waitFor();
      await again.fillSignIn(email, 'another walk, much longer');
      await again.composer.waitFor();
      await again.page.context().close();
    });

    it('changes a password, gives the data and deletes an account', async () => {
      const email = await newAccount();
      const chat = await open();
      await chat.signIn(email, password);
      await chat.button('Your account').click();
      await chat.button('Change password').click();
      await chat.field('Current password').fill(password);
      await chat.field('New password').fill('another walk, much longer');
      await chat.button('Change password').click();
      await chat.page.getByText('Your password is changed', { exact: false }).waitFor();
      await chat.button('Your account').click();
      const downloading = chat.page.waitForEvent('download');
      await chat.button('Download my data').click();
      expect((await downloading).suggestedFilename()).toBe('lamplight-data.json');
      await chat.button('Delete account').click();
      await chat.field('Password').fill('another walk, much longer');
      await chat.button('Delete account').click();
      await chat.button('Start').waitFor();
      await chat.page.goto(`${place.url}/sign-in`);
      await chat.fillSignIn(email, 'another walk, much longer');
      await chat.page.getByRole('alert').waitFor();
    });

    it('signs in through another provider, and says what went wrong there', async () => {
      provider.subject = { sub: 'lin', claims: { name: 'Lin', email: 'lin@example.org', email_verified: true } };
      const chat = await open();
      await chat.page.getByRole('link', { name: 'Continue with Example' }).click();
      await chat.composer.waitFor();
      await chat.button('Your account: Lin').waitFor();
      expect(chat.page.url()).toBe(`${place.url}/`);
      await chat.page.reload();
      await chat.button('Your account: Lin').waitFor();
      provider.subject = undefined;
      const other = await open('', await newContext());
      await other.page.getByRole('link', { name: 'Continue with Example' }).click();
      await other.page.getByText('The sign-in was cancelled', { exact: false }).waitFor();
      expect(other.page.url()).toBe(`${place.url}/sign-in`);
      await other.page.context().close();
    });

    it.each(['light', 'dark'] as const)('can be used by everybody, at 320 pixels too: %s', async (colorScheme) => {
      const narrow = await browser.newContext({ viewport: { width: 320, height: 640 }, colorScheme });
      const chat = await open('', narrow);
      const check = async (shows: string) => {
        await chat.page.getByText(shows).first().waitFor();
        expect(await axeFindings(chat.page)).toEqual([]);
        const overflow = await chat.page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect(overflow).toBeLessThanOrEqual(0);
      };
      await check('Your name');
      for (const [path, shows] of [
        ['/sign-in#error=no_role&trace=0123456789abcdef0123456789abcdef', 'You are not admitted here'],
        ['/register', 'Create account'],
        ['/forgot', 'Send the link'],
        ['/verify#token=x', 'Confirm and sign in'],
        ['/reset', 'This address lacks the secret'],
        ['/invitation#token=x', 'You are invited'],
      ] as const) {
        await chat.page.goto(place.url + path);
        await check(shows);
      }
      await chat.page.goto(`${place.url}/sign-in`);
      await chat.fillSignIn(admin.email, admin.password);
      await chat.button('Open conversations').click();
      await chat.button('Your account').click();
      await check('Sign out everywhere');
      await chat.button('Change password').click();
      await check('Current password');
      await narrow.close();
    });
  });
});
