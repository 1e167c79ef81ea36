import type { Page, Route } from 'playwright-core';
import { streamedTalk } from './scene-talks.ts';
import type { Screen } from './screens.ts';

const dialog = 'dialog[open]';
const traceId = '5f0c1d2e3a4b5c6d7e8f90a1b2c3d4e5';
const withIcon = (name: string) => `button:has(.lucide-${name})`;

/** Replies with an error of the API. */
const refuse = (status: number, code: string) => (route: Route) =>
  route.fulfill({ status, json: { error: { code, message: 'This cannot be done at the moment.', traceId } } });

/** Clicks, and waits for what that shows. */
const opening =
  (button: string, shown = dialog) =>
  async (page: Page) => {
    await page.locator(button).first().click();
    await page.locator(shown).first().waitFor();
  };

const failedJobs = [
  { queue: 'mail', id: 'link-4be1', subject: { kind: 'link', id: '4be1' }, error: '550 no such user (address)' },
  { queue: 'narration', id: 'narration-77d0', subject: { storyId: '77d0' }, error: 'The provider said nothing.' },
].map((job) => ({ ...job, attempts: 10, failedAt: '2026-03-02T19:15:00.000Z' }));

const story: Pick<Screen, 'route' | 'address' | 'viewer'> = {
  route: 'stories/:storyId',
  address: ({ stories }) => `/stories/${stories[0]}`,
  viewer: 'person',
};
const talk: Pick<Screen, 'route' | 'address' | 'viewer' | 'shows' | 'isWindow'> = {
  route: 'c/:conversationId',
  address: ({ conversations }) => `/c/${conversations[0]?.id}`,
  viewer: 'person',
  shows: 'article[data-role=assistant]',
  isWindow: true,
};

/** Screens in a state that somebody or something brings about. */
export const states: readonly Screen[] = [
  {
    name: 'sign-in-refused',
    route: 'sign-in',
    viewer: 'nobody',
    steps: async (page) => {
      await page.locator('input[type=email]').fill('nobody@example.org');
      await page.locator('input[type=password]').fill('not the right password');
      await page.locator('button[type=submit]').click();
      await page.locator('[role=alert]').waitFor();
    },
    complaints: /status of 401/,
  },
  {
    name: 'welcome-after-a-session',
    route: '',
    viewer: 'nobody',
    before: (page) => page.addInitScript("localStorage.setItem('lamplight.session', 'guest')"),
    complaints: /status of 401/,
  },
  {
    name: 'unreachable',
    route: '',
    viewer: 'person',
    before: (page) => page.route('**/api/auth/refresh', (route) => route.abort()),
    shows: '[role=alert]',
    complaints: /ERR_FAILED/,
  },
  {
    name: 'chat-streaming',
    route: '',
    viewer: 'guest',
    isWindow: true,
    steps: async (page) => {
      await page.locator('textarea').fill(streamedTalk.turns[0]?.asked ?? '');
      await page.locator('form button[type=submit]').click();
      await page.locator('article[data-status=running]', { hasText: 'harbour master' }).waitFor();
    },
  },
  {
    name: 'prompt-menu',
    route: '',
    viewer: 'guest',
    isWindow: true,
    steps: async (page) => {
      await page.locator('textarea').fill('/');
      await page.locator('[role=option]').first().waitFor();
    },
    // The arrow keys of the box scroll it.
    tolerated: /^scrollable-region-focusable: <div [^>]*role="listbox"/,
  },
  {
    // Of somebody who has nothing after it: what waits is sent by the next page.
    name: 'chat-offline',
    route: '',
    viewer: 'guest',
    isWindow: true,
    steps: async (page) => {
      await page.context().setOffline(true);
      await page.locator('[data-connection-state=offline]').waitFor();
      await page.locator('textarea').fill('And what do we do in the evening?');
      await page.locator('form button[type=submit]').click();
      await page.locator('article[data-status=sending]').waitFor();
    },
    complaints: /ERR_INTERNET_DISCONNECTED/,
  },
  {
    name: 'message-detail',
    ...talk,
    steps: opening(`article[data-role=assistant] ${withIcon('info')}`, '[role=dialog]'),
  },
  {
    name: 'chat-printed',
    ...talk,
    isWindow: false,
    steps: async (page) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'light' });
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    },
  },
  {
    name: 'conversation-missing',
    route: 'c/:conversationId',
    address: () => '/c/nowhere',
    viewer: 'person',
    complaints: /status of 404/,
    isWindow: true,
  },
  {
    name: 'session-over',
    route: 'c/:conversationId',
    address: ({ failedConversation }) => `/c/${failedConversation}`,
    viewer: 'person',
    shows: `article ${withIcon('rotate-ccw')}`,
    isWindow: true,
    steps: async (page) => {
      await page.route(/\/api\/(messages|auth\/refresh)/, refuse(401, 'session_expired'));
      await opening(`article ${withIcon('rotate-ccw')}`)(page);
    },
    complaints: /status of 401/,
  },
  {
    name: 'shortcuts',
    route: '',
    viewer: 'person',
    isWindow: true,
    steps: async (page) => {
      await page.evaluate('document.activeElement?.blur()');
      await page.keyboard.press('?');
      await page.locator(dialog).waitFor();
    },
  },
  {
    name: 'drawer',
    ...talk,
    isFor: ({ width }) => width < 768,
    steps: opening(withIcon('menu')),
  },
  {
    name: 'delete-prompt',
    route: 'prompts/:promptId',
    address: ({ prompts }) => `/prompts/${prompts[0]}`,
    viewer: 'person',
    isWindow: true,
    steps: opening(`main ${withIcon('trash-2')}`),
  },
  { name: 'share-story', ...story, isWindow: true, steps: opening(`main ${withIcon('link-2')}`) },
  {
    name: 'story-printed',
    ...story,
    steps: (page) => page.emulateMedia({ media: 'print', colorScheme: 'light' }),
  },
  {
    name: 'stories-not-loaded',
    route: 'stories',
    viewer: 'person',
    before: (page) => page.route(/\/api\/stories(\?|$)/, refuse(500, 'internal')),
    shows: '[role=alert]',
    complaints: /status of 500/,
  },
  {
    name: 'new-character',
    route: 'stories/characters',
    viewer: 'person',
    isWindow: true,
    steps: opening(`main ${withIcon('plus')}`),
  },
  {
    name: 'new-scene',
    route: 'stories/scenes',
    viewer: 'person',
    isWindow: true,
    steps: opening(`main ${withIcon('plus')}`),
  },
  {
    name: 'new-schedule',
    route: 'schedules',
    viewer: 'person',
    isWindow: true,
    steps: opening(`main ${withIcon('plus')}`, 'form input[type=time]'),
  },
  { name: 'schedules-empty', route: 'schedules', viewer: 'administrator' },
  {
    name: 'new-key',
    route: 'settings/:part?',
    address: () => '/settings/security',
    viewer: 'person',
    isWindow: true,
    steps: opening('main .border-dashed button'),
  },
  {
    name: 'export-menu',
    route: 'admin',
    viewer: 'administrator',
    isWindow: true,
    steps: opening('main button[aria-haspopup=menu]', '[role=menu]'),
    // A menu is in no landmark while it is open.
    tolerated: /^region: <div data-radix-popper/,
  },
  {
    name: 'dead-letters-some',
    route: 'admin/dead-letters',
    viewer: 'administrator',
    before: (page) =>
      page.route('**/api/admin/dead-letters', (route) => route.fulfill({ json: { items: failedJobs } })),
  },
];
