import { cleanup, render, waitFor } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { expect, vi } from 'vitest';
import type { Story } from '#contract/stories.ts';
import type { Character, Prompt, Scene } from '#contract/story-parts.ts';
import { signIn, testEntry } from '../../api/session.fixture.ts';
import { App } from '../../app.tsx';
import { FakeSocket, Server } from '../chat/server.fixture.ts';
// Loaded before the tests begin: on a machine with other work a page that loads them late may take longer than they wait.
import '../chat/chat.tsx';
import '../chat/messages/messages.tsx';
import './new-story-page.tsx';
import './opened-story-page.tsx';
import './stories-page.tsx';
import './story-page.tsx';

const now = new Date();

/** A story that was told, with its picture and voice, unless something else is said. */
export const storyOf = (changes: Partial<Story> = {}): Story => ({
  id: 's1',
  runId: 'r1',
  status: 'ready',
  title: 'The Lamp on the Hill',
  summary: 'A lamp that waits for a boat.',
  parts: ['Mia saw a light. It was small.\n\nShe went up the hill.', 'Then she slept.'],
  moral: 'Small lights lead home.',
  language: 'en',
  readerName: 'Mia',
  picture: { state: 'ready', url: '/api/media/s1-picture?expires=1&signature=a', alt: 'A lamp on a hill' },
  narration: {
    state: 'ready',
    url: '/api/media/s1-narration?expires=1&signature=b',
    seconds: 187,
    cues: [
      { part: -1, from: 0, to: 20, start: 0, end: 2 },
      { part: 0, from: 0, to: 16, start: 2.5, end: 4 },
      { part: 0, from: 17, to: 30, start: 4, end: 6 },
      { part: 1, from: 0, to: 15, start: 8, end: 10 },
    ],
  },
  moderation: 'provider',
  mail: { state: 'skipped' },
  characters: ['Mia'],
  scenes: ['A hill'],
  favourite: false,
  shared: false,
  createdAt: now.toISOString(),
  expiresAt: new Date(now.getTime() + 48 * 3_600_000).toISOString(),
  ...changes,
});

const createdAt = now.toISOString();
export const characterOf = (id: string, name: string): Character => ({
  id,
  source: 'library',
  name,
  who: `Who ${name} is`,
  traits: ['kind', 'quick', 'shy'],
  pictureUrl: '/favicon.svg',
  hasOwnPicture: false,
  createdAt,
});
const sceneOf = (id: string, place: string): Scene => ({
  id,
  source: 'library',
  place,
  mood: 'calm',
  events: ['rain'],
  createdAt,
});

const promptOf = (id: string, text: string, variables: readonly string[]): Prompt => ({
  id,
  source: 'library',
  title: `The prompt ${id}`,
  text,
  variables: [...variables],
  createdAt,
});

const settings = {
  readerName: 'Mia',
  readerAge: 5,
  language: 'en',
  minutes: 5,
  themes: ['the sea'],
  avoid: [],
  style: '',
} as const;

/** A server with stories, in the place of the network; `open` shows the page at an address, signed in. */
export class StoryServer extends Server {
  story = storyOf();

  constructor() {
    super();
    const { others } = this;
    others.set('GET /api/stories', (query) => [
      200,
      { items: query.get('favourites') && !this.story.favourite ? [] : [this.story] },
    ]);
    others.set('GET /api/stories/s1', () => [200, this.story]);
    others.set('GET /api/story-settings', () => [200, settings]);
    others.set('GET /api/characters', () => [
      200,
      { items: ['Mia', 'Otto', 'Fox', 'Owl', 'Bear', 'Hare'].map((name) => characterOf(name.toLowerCase(), name)) },
    ]);
    others.set('GET /api/scenes', () => [200, { items: [sceneOf('hill', 'A hill'), sceneOf('sea', 'The sea')] }]);
    others.set('GET /api/prompts', () => [200, { items: [promptOf('evening', 'An evening with {{name}}', ['name'])] }]);
    others.set('GET /api/schedules', () => [200, { items: [] }]);
    vi.stubGlobal('fetch', this.fetch);
    const { sockets } = this;
    vi.stubGlobal(
      'WebSocket',
      class extends FakeSocket {
        constructor() {
          super();
          sockets.push(this);
        }
      },
    );
  }

  async open(address: string): Promise<void> {
    localStorage.clear();
    sessionStorage.clear();
    await this.#show(address);
  }

  /** The page is loaded anew, by this person: what the browser keeps is still there. */
  async reload(address: string, person?: string): Promise<void> {
    cleanup();
    await this.#show(address, person);
  }

  async #show(address: string, person?: string): Promise<void> {
    const before = this.sockets.length;
    const entry = testEntry();
    await signIn(entry, person);
    render(
      <MemoryRouter initialEntries={[address]}>
        <App entry={entry} />
      </MemoryRouter>,
    );
    await waitFor(() => expect(this.sockets).toHaveLength(before + 1));
    this.socket.say({ type: 'ready', traceId: 't', maxSubscriptions: 50 });
  }

  /** What was sent to a route last. */
  sentTo(request: string): unknown {
    return this.bodies.findLast(([each]) => each === request)?.[1];
  }
}
