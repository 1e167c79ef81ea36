import { randomUUID } from 'node:crypto';
import { apiKeyList, createdApiKey, me, sessionList } from '#contract/accounts.ts';
import { invitation } from '#contract/administration.ts';
import { conversationPage, messagePage } from '#contract/conversations.ts';
import { schedule, schedulePage } from '#contract/schedules.ts';
import { story, storyLink, storyPage } from '#contract/stories.ts';
import {
  character,
  characterPage,
  prompt,
  promptPage,
  scene,
  scenePage,
  storySettings,
} from '#contract/story-parts.ts';
import { directive } from '#tests/model-server/directive.ts';
import { waitFor } from '#tests/servers/child.ts';
import { mailsTo, tokenIn } from '#tests/servers/outbox.ts';
import { type AttackedLamplight, type Somebody, startAttackedLamplight } from './attacked-lamplight.fixture.ts';

/** Stands in all that Ada wrote, so that it is found wherever it should not be. */
export const mark = 'lighthouse-7f3a';

/** What somebody's things go by. */
export interface Things {
  readonly personId: string;
  readonly email: string;
  readonly sessionId: string;
  readonly keyId: string;
  readonly conversationId: string;
  readonly conversationCursor: string;
  readonly messageCursor: string;
  readonly clientMessageId: string;
  /** An answer that has ended, and one under way. */
  readonly runId: string;
  readonly openRunId: string;
  readonly failedMessageId: string;
  readonly refreshToken: string;
  /** Of an invitation that waits for its answer. */
  readonly invitationId: string;
  readonly invitationToken: string;
  readonly characterId: string;
  readonly sceneId: string;
  readonly promptId: string;
  readonly clientStoryId: string;
  readonly storyId: string;
  readonly storyRunId: string;
  /** What its link opens it with. */
  readonly storyToken: string;
  /** The address of its picture, and that of the character's, without what they are signed with. */
  readonly mediaId: string;
  readonly scheduleId: string;
  readonly unsubscribeToken: string;
}

export interface TwoPeople {
  readonly lamplight: AttackedLamplight;
  readonly ada: Somebody;
  readonly things: Things;
  readonly mallory: Somebody;
  readonly manager: Somebody;
  /** All of Ada's that an attack could change. */
  snapshot(): Promise<unknown>;
}

export async function openTwoPeople(): Promise<TwoPeople> {
  // Nobody listens.
  const lamplight = await startAttackedLamplight({ SPEECH: 'none' });
  try {
    const ada = await lamplight.newPerson('user', `Ada ${mark}`);
    const [mallory, manager] = [await lamplight.newPerson('user', 'Mallory'), await lamplight.newPerson('manager')];
    const things = await thingsOf(lamplight, ada);
    return { lamplight, ada, things, mallory, manager, snapshot: () => snapshotOf(ada) };
  } catch (error) {
    await lamplight.stop();
    throw error;
  }
}

async function thingsOf({ admin, outbox }: AttackedLamplight, { client, id, email = '', refreshToken }: Somebody) {
  const clientMessageId = randomUUID();
  const { run } = await client.ask(`${mark} ${directive({ tokens: 5 })}`, { clientMessageId });
  const { conversationId } = run;
  await client.ask(`${mark} more`, { conversationId });
  const failed = await client.ask(`${mark} ${directive({ fault: '401' })}`);
  const slow = { text: `${mark} ${directive({ tokens: 5_000, tokensPerSecond: 5 })}` };
  const socket = await client.socket();
  socket.send({ type: 'send', ref: 'slow', ...slow });
  const { runId: openRunId } = await socket.frame('run');
  await socket.frame('delta');
  await socket.close();
  const key = await client.call('POST', '/api/keys', { name: `key ${mark}`, scopes: ['chat', 'read'] });
  const sessions = (await client.call('GET', '/api/me/sessions')).as(sessionList);
  // Copies follow their answer.
  const listed = await waitFor(async () => {
    const page = (await client.call('GET', '/api/conversations?limit=2')).as(conversationPage);
    return page.nextCursor ? page : undefined;
  });
  const messages = (await client.call('GET', `/api/conversations/${conversationId}/messages?limit=1`)).as(messagePage);
  const invited = { email: `${mark}@lamplight.test`, role: 'admin' };
  const waiting = (await admin.client.call('POST', '/api/admin/invitations', invited)).as(invitation);
  const [mail] = await mailsTo(outbox, invited.email);
  return {
    ...(await storiesOf(client)),
    personId: id,
    unsubscribeToken: `${id}.${'A'.repeat(43)}`,
    email,
    refreshToken,
    clientMessageId,
    conversationId,
    openRunId,
    runId: run.runId,
    failedMessageId: failed.run.messageId,
    keyId: key.as(createdApiKey).id,
    sessionId: sessions.items[0]?.id ?? '',
    conversationCursor: listed.nextCursor ?? '',
    messageCursor: messages.nextCursor ?? '',
    invitationId: waiting.id,
    invitationToken: mail ? tokenIn(mail) : '',
  };
}

async function storiesOf(client: Somebody['client']) {
  const post = (path: string, body?: object) => client.call('POST', path, body);
  const fox = { name: `Fox ${mark}`, who: `A fox ${mark}`, traits: [mark] };
  const { id: characterId } = (await post('/api/characters', fox)).as(character);
  const pond = { place: `Pond ${mark}`, mood: mark, events: [mark] };
  const { id: sceneId } = (await post('/api/scenes', pond)).as(scene);
  const { id: promptId } = (await post('/api/prompts', { title: mark, text: `${mark} {{name}}` })).as(prompt);
  await client.call('PATCH', '/api/story-settings', { readerName: mark });
  const clientStoryId = randomUUID();
  const order = { idea: mark, characterIds: [characterId], sceneIds: [sceneId], clientStoryId };
  const { id: storyId, runId: storyRunId } = (await post('/api/stories', order)).as(story);
  const told = await waitFor(
    async () => {
      const found = (await client.call('GET', `/api/stories/${storyId}`)).as(story);
      return found.status === 'ready' && found.picture.url ? found : undefined;
    },
    { what: 'a story with its picture', timeoutMs: 30_000 },
  );
  const link = (await post(`/api/stories/${storyId}/link`)).as(storyLink);
  const named = { name: mark, characterIds: [characterId], idea: mark };
  const { id: scheduleId } = (await post('/api/schedules', named)).as(schedule);
  const mediaId = /\/api\/media\/([^?]+)/.exec(told.picture.url ?? '')?.[1] ?? '';
  const storyToken = new URL(link.url).hash.replace('#token=', '');
  const made = { characterId, sceneId, promptId, scheduleId };
  return { ...made, clientStoryId, storyId, storyRunId, storyToken, mediaId };
}

/** Things of the same form that nobody has. */
export const ghosts = (things: Things): Things => ({
  ...things,
  personId: randomUUID(),
  sessionId: randomUUID(),
  keyId: randomUUID(),
  conversationId: randomUUID(),
  runId: randomUUID(),
  openRunId: randomUUID(),
  failedMessageId: randomUUID(),
  invitationId: randomUUID(),
  characterId: randomUUID(),
  sceneId: randomUUID(),
  promptId: randomUUID(),
  storyId: randomUUID(),
  storyRunId: randomUUID(),
  mediaId: `${randomUUID()}-picture-${randomUUID()}`,
  scheduleId: randomUUID(),
});

async function snapshotOf({ client }: Somebody) {
  const get = (path: string) => client.call('GET', path);
  const { items } = (await get('/api/conversations')).as(conversationPage);
  const messages = await Promise.all(
    items.map(async ({ id }) => (await get(`/api/conversations/${id}/messages`)).as(messagePage).items),
  );
  const stories = (await get('/api/stories')).as(storyPage).items;
  const { expiresAt: _, ...self } = (await get('/api/me')).as(me);
  return {
    me: self,
    stories: stories.map(({ picture, narration, ...rest }) => ({ ...rest, states: [picture.state, narration.state] })),
    schedules: (await get('/api/schedules')).as(schedulePage).items,
    settings: (await get('/api/story-settings')).as(storySettings),
    characters: (await get('/api/characters?limit=1'))
      .as(characterPage)
      .items.map(({ pictureUrl: _, ...rest }) => rest),
    scenes: (await get('/api/scenes?limit=1')).as(scenePage).items,
    prompts: (await get('/api/prompts?limit=1')).as(promptPage).items,
    conversations: items,
    messages: messages.flat().map(({ id, parentId, status, runId }) => ({ id, parentId, status, runId })),
    keys: (await get('/api/keys')).as(apiKeyList).items,
    sessions: (await get('/api/me/sessions')).as(sessionList).items.map(({ id, createdAt }) => ({ id, createdAt })),
  };
}
