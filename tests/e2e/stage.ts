import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject } from 'vitest';
import { ChatPage } from './chat-page.ts';
import { launchBrowser } from './launch-browser.ts';
import { admin, type Credentials, newAccount, type Person } from './people.ts';
import { type Place, places } from './places.ts';

const chromium = inject('chromium');

/** What the journeys of a file share at one size: Lamplight and a browser, started once, and a context of its own for each. */
export interface Stage {
  readonly place: Place;
  readonly browser: Browser;
  readonly context: BrowserContext;
  /** Another browser, as far as the page can tell; closed after the journey. */
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** A tab at this path. */
  open(path?: string, context?: BrowserContext): Promise<ChatPage>;
  /** A tab in which a guest has begun. */
  guest(context?: BrowserContext): Promise<ChatPage>;
  /** A tab at this path, of a guest who has begun. */
  guestAt(path: string, context?: BrowserContext): Promise<ChatPage>;
  /**
   * A tab at this path in which somebody with an account is signed in as if they came back from a provider of identities: without
   * the form, which journeys about signing in fill in.
   */
  signedIn(path?: string, person?: Credentials, context?: BrowserContext): Promise<ChatPage>;
  /** Somebody new with an account. */
  newAccount(name?: string): Promise<Person>;
}

export interface StageOptions {
  /** Settings of Lamplight beside those that every place has. */
  readonly env?: NodeJS.ProcessEnv;
  /** What contexts are like where a journey does not say it. */
  readonly context?: BrowserContextOptions;
  /** Runs before Lamplight is started; more of its settings. */
  readonly before?: () => Promise<NodeJS.ProcessEnv>;
}

/**
 * Declares journeys at both sizes of Lamplight. After each, it is held to what is true of all: the page asked nobody but
 * Lamplight for anything, and no script of it threw.
 */
export const atBothSizes = (subject: string, journeys: (stage: Stage) => void, options?: StageOptions): void =>
  declare(places, subject, journeys, options);

/** Declares journeys about what the page alone decides: how it looks, fits and can be used. */
export const inOneProcess = (subject: string, journeys: (stage: Stage) => void, options?: StageOptions): void =>
  declare(places.slice(0, 1), subject, journeys, options);

function declare(
  at: typeof places,
  subject: string,
  journeys: (stage: Stage) => void,
  options: StageOptions = {},
): void {
  describe.each(at)(`${subject}, with Lamplight $name`, ({ missing, start }) => {
    describe.skipIf(missing !== undefined || !chromium)(`${missing ?? 'in a browser'}`, () => {
      let place: Place;
      let hosts: readonly string[] = [];
      let browser: Browser;
      let context: BrowserContext;
      let contexts: BrowserContext[] = [];
      let strangers: string[] = [];
      let thrown: string[] = [];

      const newContext = async (more: BrowserContextOptions = {}) => {
        const made = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options.context, ...more });
        contexts.push(made);
        made.on('request', (request) => {
          const { protocol, host } = new URL(request.url());
          if (/^(https?|wss?):$/.test(protocol) && !hosts.includes(host)) strangers.push(request.url());
        });
        made.on('weberror', (error) => thrown.push(String(error.error())));
        return made;
      };
      const open = (path = '', on = context) => ChatPage.open(on, new URL(path, place.url).href);
      const stage: Stage = {
        get place() {
          return place;
        },
        get browser() {
          return browser;
        },
        get context() {
          return context;
        },
        newContext,
        open,
        guest: async (on) => {
          const chat = await open('', on);
          await chat.start('Ada');
          return chat;
        },
        guestAt: async (path, on) => {
          const chat = await stage.guest(on);
          await chat.page.goto(new URL(path, place.url).href);
          return chat;
        },
        signedIn: async (path = '/', { email, password } = admin, on = context) => {
          const form = { username: email, password };
          const reply = await on.request.post(`${place.url}/api/auth/token`, { form });
          expect(reply.status(), await reply.text()).toBe(200);
          const refreshed = on.waitForEvent('response', (each) => each.url().endsWith('/api/auth/refresh'));
          const chat = await open(`${path}#signed-in`, on);
          // A page that is left before it has its new cookie shows the old one again, as a thief would.
          await (await refreshed).finished();
          return chat;
        },
        newAccount: (name) => newAccount(place, name),
      };

      beforeAll(async () => {
        const env = { ...options.env, ...(await options.before?.()) };
        [place, browser] = await Promise.all([start(env), launchBrowser(chromium ?? '')]);
        hosts = [place.url, env['PUBLIC_URL'] ?? place.url].map((url) => new URL(url).host);
      });
      afterAll(async () => {
        await browser?.close();
        await place?.stop();
      });
      beforeEach(async () => {
        context = await newContext();
      });
      afterEach(async () => {
        const [asked, errors] = [strangers, thrown];
        [strangers, thrown] = [[], []];
        await Promise.all(contexts.map((each) => each.close()));
        contexts = [];
        expect(asked).toEqual([]);
        expect(errors).toEqual([]);
      });
      journeys(stage);
    });
  });
}
