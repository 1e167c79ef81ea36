import { me } from '#contract/accounts.ts';
import { story } from '#contract/stories.ts';
import { systemClock } from '#platform/clock.ts';
import { openStore } from '#platform/store/open-store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { waitFor } from '#tests/servers/child.ts';
import type { TestClient } from '#tests/servers/test-client.ts';
import { writePast } from './scene-past.ts';
import { done, idOf, register, type ScenePerson, signIn, startGuest } from './scene-people.ts';
import type { ScenePlace } from './scene-place.ts';
import { failedTalk, interruptedTalk, type Talk, talks } from './scene-talks.ts';

/** Whom the scenes are of; each signs in with address and password. */
type Person = Omit<ScenePerson, 'client'>;

/** What there is to see, by its id. */
export interface Scenes {
  readonly admin: Person;
  readonly manager: Person;
  /** Whose conversations, stories and schedules all of these are. */
  readonly user: Person;
  readonly others: readonly Person[];
  /** The name of a guest who has one conversation. */
  readonly guest: { readonly id: string; readonly name: string };
  readonly conversations: ReadonlyArray<{ readonly id: string; readonly title: string }>;
  readonly failedConversation: string;
  readonly interruptedConversation: string;
  readonly prompts: readonly string[];
  readonly characters: readonly string[];
  readonly scenes: readonly string[];
  /** Each with its picture, and with its voice where something here reads aloud. The first two are favourites. */
  readonly stories: readonly string[];
  /** Where the first story opens without signing in. */
  readonly sharedStoryUrl: string;
  readonly schedules: readonly string[];
  readonly invitations: readonly string[];
  readonly banner: string;
}

const berlin = 'Europe/Berlin';

/** Fills an empty Lamplight with people and what they have in a month, the same each time but for ids and days. */
export async function seedScenes(place: ScenePlace): Promise<Scenes> {
  const admin = await signIn(place, place.admin.email, place.admin.password);
  await done(admin.client.call('PATCH', '/api/me', { name: 'Ruth Adler', timeZone: berlin }));
  const add = (name: string, language = 'en') =>
    register(place, { name, email: `${name.split(' ')[0]?.toLowerCase()}@example.org`, timeZone: berlin, language });
  const user = await add('Mira Winter');
  const manager = await add('Jonas Berg', 'de');
  const others = [await add('Lucía Ortega', 'es'), await add('Salma Haddad', 'ar'), await add('Tom Fields')];
  await done(admin.client.call('PATCH', `/api/admin/people/${manager.id}`, { role: 'manager' }));
  await administer(admin, others);
  const guestClient = await startGuest(place, 'Noor');
  await guestClient.ask(talks[5]?.turns[0]?.asked ?? '');
  const guest = (await done(guestClient.call('GET', '/api/me'))).as(me);

  const conversations: Array<{ id: string; title: string; daysAgo: number }> = [];
  // Those of long ago first: lists have the latest first.
  for (const talk of talks.toReversed()) conversations.push({ ...talk, id: await hold(user.client, talk) });
  const failedConversation = await hold(user.client, failedTalk);
  const interruptedConversation = await hold(user.client, interruptedTalk);
  await hold(others[0]?.client ?? user.client, talks[2] ?? failedTalk);

  const library = await fillLibrary(user.client);
  const stories = await tellStories(user.client, library);
  const link = JSON.parse((await done(user.client.call('POST', `/api/stories/${stories[0]}/link`))).text);
  const schedules = await addSchedules(user.client, library);
  const invitations = await invite(admin.client);
  const banner = 'Lamplight is updated tonight at 22:00. Stories of this evening come before.';
  await done(admin.client.call('PATCH', '/api/admin/settings', { banner, storiesPerDay: 5 }));

  const all = [user, manager, ...others];
  await place.behind(async () => {
    const store = await openStore(place.storage, { logger: collectingLogger().logger });
    try {
      const older = conversations.filter(({ daysAgo }) => daysAgo > 0);
      const past = {
        now: systemClock.now(),
        people: all,
        adminId: admin.id,
        older,
        interrupted: interruptedConversation,
      };
      await writePast(store, past);
    } finally {
      await store.close();
    }
  });
  return {
    admin: person(admin),
    manager: person(manager),
    user: person(user),
    others: others.map(person),
    guest: { id: guest.id, name: guest.name },
    conversations: conversations.map(({ id, title }) => ({ id, title })).toReversed(),
    failedConversation,
    interruptedConversation,
    ...library,
    stories,
    sharedStoryUrl: link.url,
    schedules,
    invitations,
    banner,
  };
}

const person = ({ id, name, email, password }: ScenePerson): Person => ({ id, name, email, password });

/** Has a conversation to its end, and names it. */
async function hold(client: TestClient, { title, turns }: Talk): Promise<string> {
  let conversationId: string | undefined;
  for (const { asked } of turns) {
    const { run } = await client.ask(asked, conversationId === undefined ? {} : { conversationId });
    conversationId = run.conversationId;
  }
  if (conversationId === undefined) throw new Error(`Nothing is said in ${title}.`);
  await done(client.call('PATCH', `/api/conversations/${conversationId}`, { title }));
  return conversationId;
}

/** Leaves traces of an administrator's day: a budget of one's own, somebody disabled. */
async function administer({ client }: ScenePerson, [first, , third]: readonly ScenePerson[]): Promise<void> {
  await done(client.call('PATCH', `/api/admin/people/${first?.id}`, { dailyTokenBudget: 150_000 }));
  await done(client.call('PATCH', `/api/admin/people/${third?.id}`, { disabled: true }));
}

async function fillLibrary(client: TestClient) {
  const several = async (path: string, bodies: readonly object[]) => {
    const ids: string[] = [];
    for (const body of bodies) ids.push(idOf(await done(client.call('POST', path, body))));
    return ids;
  };
  return {
    prompts: await several('/api/prompts', [
      { title: 'Explain to a child', text: 'Explain {{topic}} to a child of {{age}}, with one picture in words.' },
      { title: 'Letter to the landlord', text: 'Write a short, friendly letter to our landlord about {{matter}}.' },
      { title: 'A story about a fear', text: 'A gentle story in which somebody who fears {{fear}} finds a friend.' },
    ]),
    characters: await several('/api/characters', [
      {
        name: 'Otto',
        who: 'A fox who reads everything, even labels of jam.',
        traits: ['curious', 'a little vain', 'kind'],
      },
      { name: 'Selma', who: 'A snail who sets out early and arrives on time.', traits: ['patient', 'brave'] },
    ]),
    scenes: await several('/api/scenes', [
      {
        place: 'The harbour house',
        mood: 'warm, a little windy',
        events: ['A lamp counts stars', 'A letter comes by boat', 'Fog hides the pier'],
      },
    ]),
  };
}

interface Library {
  readonly characters: readonly string[];
  readonly scenes: readonly string[];
}

/** Three stories that have what follows them; two are kept. */
async function tellStories(client: TestClient, { characters, scenes }: Library): Promise<string[]> {
  const settings = { readerName: 'Mia', readerAge: 5 };
  const orders = [
    { idea: 'A lamp that counts stars', sceneIds: scenes, settings },
    { idea: 'A fox who borrows the moon', characterIds: characters.slice(0, 1), settings },
    { idea: 'A snail who is never late', characterIds: characters.slice(1), settings },
  ];
  const ids: string[] = [];
  for (const order of orders) {
    const id = idOf(await done(client.call('POST', '/api/stories', order)));
    const look = async () => (await done(client.call('GET', `/api/stories/${id}`))).as(story);
    const isDone = async () => {
      const { status, picture, narration } = await look();
      if (status !== 'ready' && status !== 'writing') throw new Error(`A story of the scenes is ${status}.`);
      return status === 'ready' && [picture, narration].every(({ state }) => state !== 'pending');
    };
    await waitFor(isDone, { what: 'a story with what follows it', timeoutMs: 60_000, everyMs: 100 });
    ids.push(id);
  }
  for (const id of ids.slice(0, 2)) await done(client.call('PATCH', `/api/stories/${id}`, { favourite: true }));
  return ids;
}

async function addSchedules(client: TestClient, { characters, scenes }: Library): Promise<string[]> {
  const schedules = [
    {
      name: 'Mia',
      settings: { readerName: 'Mia', readerAge: 5 },
      characterIds: characters,
      sceneIds: scenes,
      timeZone: berlin,
    },
    {
      name: 'Weekend story for Emil',
      timing: { kind: 'days', days: [6, 7], time: '18:30' },
      settings: { readerName: 'Emil', readerAge: 8, minutes: 10 },
      idea: 'Something with ships',
      mail: false,
      timeZone: berlin,
    },
    { name: 'First of the month', timing: { kind: 'cron', cron: '0 19 1 * *' }, paused: true, timeZone: berlin },
  ];
  const ids: string[] = [];
  for (const schedule of schedules) ids.push(idOf(await done(client.call('POST', '/api/schedules', schedule))));
  return ids;
}

async function invite(client: TestClient): Promise<string[]> {
  const ids: string[] = [];
  for (const [email, role] of [
    ['hannah@example.org', 'user'],
    ['viktor@example.org', 'manager'],
  ] as const)
    ids.push(idOf(await done(client.call('POST', '/api/admin/invitations', { email, role }))));
  return ids;
}
