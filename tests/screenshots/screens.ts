import type { Page } from 'playwright-core';
import type { Scenes } from './seed-scenes.ts';
import { states } from './states.ts';
import type { Looks } from './viewers.ts';

/** Who looks at a screen: nobody is signed in, a guest, a person with an account, or the administrator. */
export const viewers = ['nobody', 'guest', 'person', 'administrator'] as const;
export type Viewer = (typeof viewers)[number];

/** A page in one of its states. */
export interface Screen {
  /** Names its pictures. */
  readonly name: string;
  /** As `app.tsx` has it, with what it lies in. */
  readonly route: string;
  /** Where it is; the route itself where absent. */
  readonly address?: (scenes: Scenes, looks: Looks) => string | undefined;
  readonly viewer: Viewer;
  /** Where it is found at some looks alone. */
  readonly isFor?: (looks: Looks) => boolean;
  /** What is done before it is opened. */
  readonly before?: (page: Page) => Promise<unknown>;
  /** A selector of what shows that it is there, in any language; `h1` where absent. */
  readonly shows?: string;
  /** What somebody does there before the picture is taken. */
  readonly steps?: (page: Page) => Promise<unknown>;
  /** The picture has the window alone, for what scrolls within it; else it is as tall as the page. */
  readonly isWindow?: boolean;
  /** What axe finds and is as it should be. */
  readonly tolerated?: RegExp;
  /** What the page rightly complains of. */
  readonly complaints?: RegExp;
}

const answer = 'article[data-role=assistant]';
const pathOf = (url: string): string => url.slice(new URL(url).origin.length);
/** What each language has of its own is looked at in it. */
const talk = ({ conversations }: Scenes, { language }: Looks): string => {
  const isArabic = ({ title }: { title: string }) => /\p{Script=Arabic}/u.test(title);
  return `/c/${(language === 'ar' ? conversations.find(isArabic) : conversations[0])?.id}`;
};

/** Every page, in the order in which somebody may meet them. A new one is a line here. */
const pages: readonly Screen[] = [
  { name: 'welcome', route: '', viewer: 'nobody' },
  { name: 'sign-in', route: 'sign-in', viewer: 'nobody' },
  { name: 'register', route: 'register', viewer: 'nobody' },
  { name: 'forgot', route: 'forgot', viewer: 'nobody' },
  { name: 'verify', route: 'verify', address: () => '/verify#token=x', viewer: 'nobody' },
  { name: 'reset', route: 'reset', address: () => '/reset#token=x', viewer: 'nobody' },
  { name: 'invitation', route: 'invitation', address: () => '/invitation#token=x', viewer: 'nobody' },
  { name: 'not-found', route: '*', address: () => '/nowhere', viewer: 'nobody' },
  { name: 'new-chat', route: '', viewer: 'person', isWindow: true },
  { name: 'chat', route: 'c/:conversationId', address: talk, viewer: 'person', shows: answer, isWindow: true },
  {
    name: 'chat-code',
    route: 'c/:conversationId',
    address: ({ conversations }) => `/c/${conversations[1]?.id}`,
    viewer: 'person',
    shows: answer,
    isWindow: true,
  },
  {
    name: 'chat-maths',
    route: 'c/:conversationId',
    address: ({ conversations }) => `/c/${conversations[2]?.id}`,
    viewer: 'person',
    shows: answer,
    isWindow: true,
  },
  {
    name: 'chat-failed',
    route: 'c/:conversationId',
    address: ({ failedConversation }) => `/c/${failedConversation}`,
    viewer: 'person',
    shows: answer,
    isWindow: true,
  },
  {
    name: 'chat-interrupted',
    route: 'c/:conversationId',
    address: ({ interruptedConversation }) => `/c/${interruptedConversation}`,
    viewer: 'person',
    shows: answer,
    isWindow: true,
  },
  { name: 'new-chat-of-a-guest', route: '', viewer: 'guest', isWindow: true },
  { name: 'prompts', route: 'prompts', viewer: 'person' },
  { name: 'prompts-empty', route: 'prompts', viewer: 'guest' },
  { name: 'new-prompt', route: 'prompts/new', viewer: 'person' },
  { name: 'prompt', route: 'prompts/:promptId', address: ({ prompts }) => `/prompts/${prompts[0]}`, viewer: 'person' },
  { name: 'stories', route: 'stories', viewer: 'person' },
  { name: 'stories-empty', route: 'stories', viewer: 'guest' },
  { name: 'new-story', route: 'stories/new', viewer: 'person' },
  { name: 'story', route: 'stories/:storyId', address: ({ stories }) => `/stories/${stories[0]}`, viewer: 'person' },
  { name: 'characters', route: 'stories/characters', viewer: 'person' },
  { name: 'characters-empty', route: 'stories/characters', viewer: 'guest' },
  { name: 'scenes', route: 'stories/scenes', viewer: 'person' },
  { name: 'schedules', route: 'schedules', viewer: 'person' },
  { name: 'schedules-of-a-guest', route: 'schedules', viewer: 'guest' },
  { name: 'settings', route: 'settings/:part?', address: () => '/settings', viewer: 'person' },
  { name: 'settings-stories', route: 'settings/:part?', address: () => '/settings/stories', viewer: 'person' },
  { name: 'settings-security', route: 'settings/:part?', address: () => '/settings/security', viewer: 'person' },
  { name: 'settings-data', route: 'settings/:part?', address: () => '/settings/data', viewer: 'person' },
  { name: 'settings-of-a-guest', route: 'settings/:part?', address: () => '/settings', viewer: 'guest' },
  { name: 'administration', route: 'admin', viewer: 'administrator' },
  { name: 'people', route: 'admin/people', viewer: 'administrator' },
  {
    name: 'person-of-the-people',
    route: 'admin/people/:personId',
    address: ({ user }) => `/admin/people/${user.id}`,
    viewer: 'administrator',
  },
  { name: 'stories-of-people', route: 'admin/stories', viewer: 'administrator' },
  {
    name: 'story-of-somebody',
    route: 'admin/stories/:storyId',
    address: ({ stories }) => `/admin/stories/${stories[0]}`,
    viewer: 'administrator',
  },
  { name: 'invitations', route: 'admin/invitations', viewer: 'administrator' },
  { name: 'dead-letters', route: 'admin/dead-letters', viewer: 'administrator' },
  { name: 'audit', route: 'admin/audit', viewer: 'administrator' },
  { name: 'administration-settings', route: 'admin/settings', viewer: 'administrator' },
  { name: 'administration-not-found', route: 'admin/*', address: () => '/admin/nowhere', viewer: 'administrator' },
  { name: 'shared-story', route: 'story', address: ({ sharedStoryUrl }) => pathOf(sharedStoryUrl), viewer: 'nobody' },
  { name: 'unsubscribe', route: 'unsubscribe', address: () => '/unsubscribe#token=x', viewer: 'nobody' },
];

export const screens: readonly Screen[] = [...pages, ...states];
