import type { routes } from '#contract/routes.ts';
import type { scheduleRoutes } from '#contract/schedule-routes.ts';
import type { storyRoutes } from '#contract/story-routes.ts';
import {
  type Attempt,
  asAnother,
  nobodyFinds,
  queryAs,
  type RouteRow,
  self,
  selfWith,
  theirText,
} from './attempts.fixture.ts';
import type { Things } from './two-people.fixture.ts';

const bad = 'A'.repeat(43);
const timing = { kind: 'days', days: [1], time: '19:15' };
const bodyOf = (ada: Things, more: object): object => ({ ...asAnother(ada), ...more });
/** With what is Ada's in an order of one's own. */
const withHers = (ada: Things, more: object = {}): readonly Attempt[] => [
  ...nobodyFinds({ body: bodyOf(ada, { ...more, characterIds: [ada.characterId] }) }),
  ...nobodyFinds({ body: bodyOf(ada, { ...more, sceneIds: [ada.sceneId] }) }),
];
const refusedLink = (attempt: Omit<Attempt, 'gets'>): Attempt => ({ ...attempt, gets: 'link_invalid' });

const stories = {
  createStory: {
    least: 'guest',
    attempts: (ada) => [
      ...withHers(ada),
      ...nobodyFinds({ body: bodyOf(ada, { promptId: ada.promptId, promptValues: { name: 'x' } }) }),
      ...nobodyFinds({ body: bodyOf(ada, { conversationId: ada.conversationId }) }),
      { body: bodyOf(ada, { idea: theirText, clientStoryId: ada.clientStoryId }), gets: 201 },
    ],
  },
  listStories: self(200),
  getStory: { least: 'guest', attempts: (ada) => nobodyFinds({ id: ada.storyId, query: queryAs(ada) }) },
  changeStory: {
    least: 'guest',
    attempts: (ada) => nobodyFinds({ id: ada.storyId, body: bodyOf(ada, { favourite: true }) }),
  },
  deleteStory: { least: 'guest', attempts: (ada) => nobodyFinds({ id: ada.storyId }) },
  shareStory: { least: 'guest', attempts: (ada) => nobodyFinds({ id: ada.storyId }) },
  unshareStory: { least: 'guest', attempts: (ada) => nobodyFinds({ id: ada.storyId }) },
  openStory: {
    least: 'nobody',
    attempts: (ada) => {
      const [, version = '', signature = ''] = ada.storyToken.split('.');
      const tokens = [
        ada.storyId,
        `${ada.storyId}.${version}`,
        `${ada.storyId}.${version}.`,
        `${ada.storyId}.${version}.${bad}`,
        `${ada.storyId}.${Number(version) + 1}.${signature}`,
        `${ada.storyId}.0${version}.${signature}`,
        `${ada.storyRunId}.${version}.${signature}`,
        ` ${ada.storyToken}`,
        `${ada.storyToken}.`,
        ada.refreshToken,
        ada.invitationToken,
      ];
      return tokens.map((token) => refusedLink({ body: { ...asAnother(ada), token } }));
    },
  },
  getMedia: {
    least: 'nobody',
    attempts: (ada) =>
      [
        { expires: '9999999999999', signature: bad },
        { expires: '9999999999999', signature: `1.${bad}` },
        { expires: '1', signature: `1.${bad}` },
      ].map((query) => refusedLink({ id: ada.mediaId, query: String(new URLSearchParams(query)) })),
  },
  unsubscribe: {
    least: 'nobody',
    attempts: (ada) =>
      [ada.unsubscribeToken, ada.personId, `${ada.personId}.`].map((token) =>
        refusedLink({ query: `token=${token}`, body: { 'List-Unsubscribe': 'One-Click' } }),
      ),
  },
  unsubscribePage: { least: 'nobody', attempts: () => [{ query: `token=${bad}`, gets: 303 }] },
  getStorySettings: self(200),
  changeStorySettings: selfWith({ readerName: 'Mine' }, 200),
} as const satisfies Partial<Record<keyof typeof routes, RouteRow>>;

/** Rows of things that are kept by id: whichever the role, nobody finds another's. */
const things = (which: (ada: Things) => string, make: object, change: object) => ({
  create: selfWith(make, 201),
  change: {
    least: 'guest',
    attempts: (ada: Things) => nobodyFinds({ id: which(ada), body: bodyOf(ada, change) }),
  } as const satisfies RouteRow,
  delete: { least: 'guest', attempts: (ada: Things) => nobodyFinds({ id: which(ada) }) } as const satisfies RouteRow,
});
const characters = things(
  ({ characterId }) => characterId,
  { name: 'Fox', who: 'A fox', traits: ['kind'] },
  { name: 'Taken' },
);
const scenes = things(({ sceneId }) => sceneId, { place: 'Pond', mood: 'calm', events: ['rain'] }, { mood: 'taken' });
const prompts = things(({ promptId }) => promptId, { title: 'Mine', text: 'Hello {{name}}' }, { text: 'taken' });

const library = {
  listCharacters: self(200),
  createCharacter: characters.create,
  changeCharacter: characters.change,
  deleteCharacter: characters.delete,
  getCharacterPicture: {
    least: 'nobody',
    attempts: (ada) =>
      ['', `version=x&expires=9999999999999&signature=${bad}`, 'version=x&expires=9999999999999'].map((query) =>
        refusedLink({ id: ada.characterId, query }),
      ),
  },
  setCharacterPicture: { least: 'user', attempts: (ada) => nobodyFinds({ id: ada.characterId, body: asAnother(ada) }) },
  removeCharacterPicture: { least: 'user', attempts: (ada) => nobodyFinds({ id: ada.characterId }) },
  listScenes: self(200),
  createScene: scenes.create,
  changeScene: scenes.change,
  deleteScene: scenes.delete,
  listPrompts: self(200),
  createPrompt: prompts.create,
  changePrompt: prompts.change,
  deletePrompt: prompts.delete,
  fillPrompt: {
    least: 'guest',
    attempts: (ada) => nobodyFinds({ id: ada.promptId, body: { values: { name: 'x', ...asAnother(ada) } } }),
  },
} as const satisfies Partial<Record<keyof typeof routes, RouteRow>>;

const hers = (body?: object): RouteRow => ({
  least: 'user',
  attempts: (ada) => nobodyFinds({ id: ada.scheduleId, ...(body && { body: bodyOf(ada, body) }) }),
});
const schedules = {
  listSchedules: { ...self(200), least: 'user' },
  createSchedule: {
    least: 'user',
    attempts: (ada) => [
      ...withHers(ada, { name: 'Mine' }),
      { body: bodyOf(ada, { name: 'Mine', paused: true }), gets: 201 },
    ],
  },
  previewTiming: { ...selfWith({ timing, timeZone: 'UTC' }, 200), least: 'user' },
  getSchedule: hers(),
  changeSchedule: hers({ paused: true }),
  deleteSchedule: hers(),
  skipNext: hers(),
  unskipNext: hers(),
  runSchedule: {
    least: 'user',
    attempts: (ada) => [
      ...nobodyFinds({ id: ada.scheduleId }),
      ...nobodyFinds({ id: ada.scheduleId, body: bodyOf(ada, { clientStoryId: ada.storyId }) }),
    ],
  },
} as const satisfies Record<keyof typeof scheduleRoutes, RouteRow>;

/** A row for each route of stories, of what they are made from, and of when they come. */
export const storyRows = { ...stories, ...library, ...schedules } as const satisfies Record<
  keyof typeof storyRoutes | keyof typeof scheduleRoutes,
  RouteRow
>;
