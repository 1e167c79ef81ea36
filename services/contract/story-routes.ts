import { z } from 'zod';
import { libraryRoutes } from './library-routes.ts';
import { endOfAddress, id } from './pages.ts';
import type { Route } from './route.ts';
import {
  openedStory,
  story,
  storyChange,
  storyLink,
  storyLinkToken,
  storyPage,
  storyQuery,
  storyRequest,
} from './stories.ts';
import { storySettings, storySettingsChange } from './story-parts.ts';

const params = z.object({ id });
const read = { process: 'api', auth: 'session', scope: 'read' } as const;
const chat = { process: 'api', auth: 'session', scope: 'chat' } as const;

const storyOnes = {
  createStory: {
    ...chat,
    method: 'post',
    path: '/api/stories',
    summary: 'Have a story written; follow its run, or read it when its notice comes',
    body: storyRequest,
    status: 201,
    reply: story,
    errors: ['not_found', 'unknown_model', 'message_id_reused', 'too_many_answers', 'budget_spent'],
  },
  listStories: {
    ...read,
    method: 'get',
    path: '/api/stories',
    summary: 'My stories, the latest first',
    query: storyQuery,
    status: 200,
    reply: storyPage,
    errors: ['invalid_cursor'],
  },
  getStory: {
    ...read,
    method: 'get',
    path: '/api/stories/:id',
    summary: 'One story',
    params,
    status: 200,
    reply: story,
    errors: ['not_found'],
  },
  changeStory: {
    ...chat,
    method: 'patch',
    path: '/api/stories/:id',
    summary: 'Keep a story as a favourite, or let it expire',
    params,
    body: storyChange,
    status: 200,
    reply: story,
    errors: ['not_found', 'conflict', 'too_many_items'],
  },
  deleteStory: {
    ...chat,
    method: 'delete',
    path: '/api/stories/:id',
    summary: 'Delete a story with its picture and voice',
    params,
    status: 204,
    errors: ['not_found'],
  },
  shareStory: {
    ...chat,
    method: 'post',
    path: '/api/stories/:id/link',
    summary: 'An address that opens the story without signing in; another one than before where that was withdrawn',
    params,
    status: 200,
    reply: storyLink,
    errors: ['not_found', 'conflict'],
  },
  unshareStory: {
    ...chat,
    method: 'delete',
    path: '/api/stories/:id/link',
    summary: 'Withdraw the address of a story, and those of its picture and voice',
    params,
    status: 204,
    errors: ['not_found'],
  },
  openStory: {
    process: 'api',
    auth: 'none',
    method: 'post',
    path: '/api/story-links/open',
    summary: 'The story that a link leads to; the token stands in the body, so that no log holds it',
    body: storyLinkToken,
    status: 200,
    reply: openedStory,
    errors: ['link_invalid'],
  },
  getMedia: {
    process: 'api',
    auth: 'none',
    method: 'get',
    path: '/api/media/:id',
    summary: 'A picture or a voice, whole or by `Range`; the address is signed and expires',
    params: z.object({ id: z.string().min(1).max(100) }),
    query: z.object({ expires: endOfAddress, signature: z.string().max(100) }),
    status: 200,
    reply: 'media',
    errors: ['not_found', 'link_invalid', 'range_not_satisfiable'],
  },
  unsubscribe: {
    process: 'api',
    auth: 'none',
    method: 'post',
    path: '/api/story-mails/unsubscribe',
    summary: 'Send no more stories by mail; one click, as RFC 8058 has it',
    /** What body comes, if any, does not matter: mail programs may send `multipart/form-data` (RFC 8058, section 3.2). */
    query: z.object({ token: z.string().max(200) }),
    status: 204,
    errors: ['link_invalid'],
  },
  unsubscribePage: {
    process: 'api',
    auth: 'none',
    method: 'get',
    path: '/api/story-mails/unsubscribe',
    summary: 'Leads people to the page that asks them; changes nothing',
    query: z.object({ token: z.string().max(200) }),
    status: 303,
  },
  getStorySettings: {
    ...read,
    method: 'get',
    path: '/api/story-settings',
    summary: 'How my stories are written where nothing else is said',
    status: 200,
    reply: storySettings,
  },
  changeStorySettings: {
    ...chat,
    method: 'patch',
    path: '/api/story-settings',
    summary: 'Change that',
    body: storySettingsChange,
    status: 200,
    reply: storySettings,
  },
} as const satisfies Record<string, Route>;

/** With those of what stories are made of. */
export const storyRoutes = { ...storyOnes, ...libraryRoutes } as const;
