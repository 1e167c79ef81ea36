import type { Character, Prompt, Scene } from '#contract/story-parts.ts';
import { StoryServer } from '../stories/stories.fixture.tsx';
// Loaded before the tests begin, as in the fixture above.
import './characters-page.tsx';
import './scenes-page.tsx';
import '../prompts/new-prompt-page.tsx';
import '../prompts/prompt-page.tsx';
import '../prompts/prompts-page.tsx';

const createdAt = '2026-11-20T18:00:00.000Z';

export const fenna: Character = {
  id: 'fenna',
  source: 'mine',
  name: 'Fenna',
  who: 'A young fox who repairs umbrellas.',
  traits: ['patient', 'curious'],
  pictureUrl: '/api/characters/fenna/picture?version=1',
  hasOwnPicture: false,
  createdAt,
};
export const owl: Character = { ...fenna, id: 'owl', source: 'library', name: 'Owl', who: 'An owl who cannot sleep.' };
export const pond: Scene = {
  id: 'pond',
  source: 'mine',
  place: 'A pond',
  mood: 'calm',
  events: ['a leaf floats by'],
  createdAt,
};
export const moor: Scene = { ...pond, id: 'moor', source: 'library', place: 'A moor' };
export const hello: Prompt = {
  id: 'hello',
  source: 'mine',
  title: 'Hello',
  text: 'Say hello to {{name}}.',
  variables: ['name'],
  createdAt,
};
export const day: Prompt = {
  ...hello,
  id: 'day',
  source: 'library',
  title: 'The day',
  text: 'Ask me about my day.',
  variables: [],
};

/** A server with an own one and one of the library of each kind. */
export class LibraryServer extends StoryServer {
  characters = [fenna, owl];
  scenes = [pond, moor];
  prompts = [hello, day];

  constructor() {
    super();
    this.me = { ...this.me, role: 'user' };
    for (const kind of ['characters', 'scenes', 'prompts'] as const) {
      this.others.set(`GET /api/${kind}`, () => [200, { items: this[kind] }]);
    }
  }

  /** What was sent to a route, each time. */
  allSentTo(request: string): readonly unknown[] {
    return this.bodies.filter(([each]) => each === request).map(([, body]) => body);
  }
}
