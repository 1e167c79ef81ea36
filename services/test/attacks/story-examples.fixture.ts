import { schedule } from '#contract/schedules.ts';
import { type Story, story, storyLink } from '#contract/stories.ts';
import { character, prompt, scene } from '#contract/story-parts.ts';
import { waitFor } from '#tests/servers/child.ts';
import { mailsTo } from '#tests/servers/outbox.ts';
import type { Somebody } from './attacked-lamplight.fixture.ts';
import type { Example } from './schemathesis.fixture.ts';

const fox = { name: 'Fox', who: 'A fox who mends umbrellas', traits: ['patient'] };
const pond = { place: 'A pond', mood: 'calm', events: ['It rains.'] };
const saved = { title: 'A walk', text: 'A walk with {{name}}' };
const timing = { kind: 'days', days: [1], time: '19:15' };

/** What makes every operation about stories, and what they are made of, do its work once for this person: with things of theirs. */
export async function examplesOfStories({ client }: Somebody): Promise<Record<string, Example>> {
  const post = (path: string, body?: object) => client.call('POST', path, body);
  const idOf = async (path: string, body: object) => (JSON.parse((await post(path, body)).text) as { id: string }).id;
  const [told, deleted, hidden] = [await tell(client), await tell(client), await tell(client)];
  const link = (await post(`/api/stories/${told.id}/link`)).as(storyLink);
  await post(`/api/stories/${hidden.id}/link`);
  const drawn = (await post('/api/characters', fox)).as(character);
  const { id: sceneId } = (await post('/api/scenes', pond)).as(scene);
  const { id: promptId } = (await post('/api/prompts', saved)).as(prompt);
  const inStory = { path: { id: told.id } };
  return {
    createStory: { body: {} },
    getStory: inStory,
    changeStory: { ...inStory, body: { favourite: true } },
    shareStory: inStory,
    openStory: { body: { token: new URL(link.url).hash.replace('#token=', '') } },
    getMedia: signed(told.picture.url ?? ''),
    deleteStory: { path: { id: deleted.id } },
    unshareStory: { path: { id: hidden.id } },
    changeStorySettings: { body: { readerName: 'Ida' } },
    createCharacter: { body: fox },
    changeCharacter: { path: { id: drawn.id }, body: { who: 'A fox' } },
    getCharacterPicture: signed((await post('/api/characters', fox)).as(character).pictureUrl),
    removeCharacterPicture: { path: { id: drawn.id } },
    deleteCharacter: { path: { id: await idOf('/api/characters', fox) } },
    createScene: { body: pond },
    changeScene: { path: { id: sceneId }, body: { mood: 'still' } },
    deleteScene: { path: { id: await idOf('/api/scenes', pond) } },
    createPrompt: { body: saved },
    changePrompt: { path: { id: promptId }, body: { title: 'A long walk' } },
    fillPrompt: { path: { id: await idOf('/api/prompts', saved) }, body: { values: { name: 'Ida' } } },
    deletePrompt: { path: { id: await idOf('/api/prompts', saved) } },
  };
}

/** The same of schedules, and of the mails that they bring, which guests do not have. */
export async function examplesOfSchedules(
  { client, email = '' }: Somebody,
  outbox: string,
): Promise<Record<string, Example>> {
  const make = async () => (await client.call('POST', '/api/schedules', { name: 'Ida', timing })).as(schedule).id;
  const [changed, skipped, deleted] = [await make(), await make(), await make()];
  await client.call('POST', `/api/schedules/${skipped}/run`);
  const token = await waitFor(
    async () => {
      const headers = (await mailsTo(outbox, email)).flatMap((mail) => mail.headers);
      const [header] = headers.filter(({ key }) => key === 'list-unsubscribe');
      return /token=([\w.-]+)/.exec(header?.value ?? '')?.[1];
    },
    { what: `a story in a mail to ${email}`, timeoutMs: 30_000 },
  );
  return {
    createSchedule: { body: { name: 'Ida' } },
    previewTiming: { body: { timing, timeZone: 'Europe/Berlin' } },
    getSchedule: { path: { id: changed } },
    changeSchedule: { path: { id: changed }, body: { paused: false } },
    skipNext: { path: { id: skipped } },
    unskipNext: { path: { id: skipped } },
    runSchedule: { path: { id: skipped }, body: {} },
    deleteSchedule: { path: { id: deleted } },
    unsubscribe: { query: { token } },
  };
}

/** A story that is told, with its picture. */
async function tell(client: Somebody['client']): Promise<Story> {
  const { id } = (await client.call('POST', '/api/stories', {})).as(story);
  const look = async () => {
    const found = (await client.call('GET', `/api/stories/${id}`)).as(story);
    return found.status === 'ready' && found.picture.url ? found : undefined;
  };
  return waitFor(look, { what: 'a story with its picture', timeoutMs: 30_000 });
}

/** `/api/…/ID` or `/api/…/ID/picture`, with what it is signed with. */
function signed(address: string): Example {
  const { pathname, searchParams } = new URL(address, 'http://lamplight.test');
  const id = pathname.split('/')[3] ?? '';
  return { path: { id }, query: Object.fromEntries(searchParams) };
}
