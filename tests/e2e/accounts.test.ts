import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createTestProvider, type TestProvider } from '#tests/servers/open-id-provider.ts';
import { linkIn, mailsTo } from '#tests/servers/outbox.ts';
import { axeFindings } from './axe.ts';
import { ChatPage } from './chat-page.ts';
import { launchBrowser } from './launch-browser.ts';
import { admin, newAccount as newPerson } from './people.ts';
import { type Place, places } from './places.ts';

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
    /** The address of somebody with an account, who is signed in nowhere. */
    const newAccount = async () => (await newPerson(place)).email;

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
      await guest.openSettings('Profile');
      await guest.page.getByText(email).waitFor();
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
      await chat.openSettings('Security');
      await chat.button('Change password').click();
      await chat.field('Current password').fill(password);
      await chat.field('New password').fill('another walk, much longer');
      await chat.button('Change password').click();
      await chat.page.getByText('Your password is changed', { exact: false }).waitFor();
      await chat.openSettings('Data');
      const downloading = chat.page.waitForEvent('download');
      await chat.button('Download my data').click();
      expect((await downloading).suggestedFilename()).toBe('lamplight-data.json');
      await chat.button('Delete account').click();
      const dialog = chat.page.getByRole('dialog');
      await dialog.getByLabel('Password', { exact: true }).fill('another walk, much longer');
      await dialog.getByRole('button', { name: 'Delete account' }).click();
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
      await chat.page.getByRole('link', { name: 'Your account: Lin' }).waitFor();
      expect(chat.page.url()).toBe(`${place.url}/`);
      await chat.page.reload();
      await chat.page.getByRole('link', { name: 'Your account: Lin' }).waitFor();
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
      await chat.openSettings('Profile');
      await check('Time zone');
      const parts = { Stories: 'How long?', Data: 'tokens used', Security: 'No program has a key of yours' };
      for (const [part, shows] of Object.entries(parts)) {
        await chat.openSettingsPart(part);
        await check(shows);
      }
      await chat.button('Change password').click();
      await check('Current password');
      await chat.button('Create key').click();
      await check('How long does it last?');
      await narrow.close();
    });
  });
});
