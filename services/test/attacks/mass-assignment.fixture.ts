import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Route } from '#contract/route.ts';
import type { routes } from '#contract/routes.ts';
import { directive } from '#tests/model-server/directive.ts';
import { waitFor } from '#tests/servers/child.ts';
import { mailsTo, tokenIn } from '#tests/servers/outbox.ts';
import { type AttackedLamplight, password, type Somebody } from './attacked-lamplight.fixture.ts';

/** Stands in every text, and is every number, that nobody may set. */
export const poison = 'poison-5c1e';
export const poisonNumber = 987_654_321;
const poisonEmail = `${poison}@lamplight.test`;

/** Fields that records have, or that somebody could take them to have. `victim`: in whose name they are set. */
const fields = (victim: string): Readonly<Record<string, unknown>> => ({
  role: 'admin',
  roles: ['admin'],
  isAdmin: true,
  admin: true,
  scopes: ['admin', 'chat', 'read'],
  scope: poison,
  disabled: true,
  deleted: true,
  guest: false,
  budget: poisonNumber,
  dailyTokenBudget: poisonNumber,
  budgets: { user: poisonNumber },
  tokens: poisonNumber,
  reserved: { day: poison, tokens: poisonNumber, inputTokens: poisonNumber, maxOutputTokens: poisonNumber },
  usage: { inputTokens: poisonNumber, outputTokens: poisonNumber, estimated: false },
  committed: poisonNumber,
  held: poisonNumber,
  _id: poison,
  id: poison,
  userId: victim,
  ownerId: victim,
  personId: victim,
  guestId: victim,
  actorId: victim,
  principal: { id: victim, role: 'admin' },
  registration: { guestId: victim, passwordHash: poison, name: poison },
  sessionId: poison,
  email: poisonEmail,
  username: poisonEmail,
  emailVerified: true,
  verified: true,
  hasPassword: true,
  passwordHash: poison,
  openIdSubject: poison,
  hash: poison,
  prefix: poison,
  slot: poisonNumber,
  refreshHash: poison,
  generation: poisonNumber,
  kind: 'reset',
  mailed: true,
  createdAt: poisonNumber,
  updatedAt: poisonNumber,
  lastSeenAt: poisonNumber,
  lastUsedAt: poisonNumber,
  expiresAt: poisonNumber,
  expires_in: poisonNumber,
  version: poisonNumber,
  title: poison,
  titleSource: poison,
  status: poison,
  attempt: poisonNumber,
  crashes: poisonNumber,
  leaseUntil: poisonNumber,
  output: [{ kind: 'text', text: poison }],
  runId: poison,
  messageId: poison,
  parentId: poison,
  depth: poisonNumber,
  settled: true,
  systemText: poison,
  address: poison,
  device: poison,
  JWT_SECRET: poison,
  maxReplyTokens: poisonNumber,
  signInAttempts: poisonNumber,
  __v: poisonNumber,
  $set: { role: 'admin', dailyTokenBudget: poisonNumber },
});

/** What a route does not ask for. */
export function poisonFor({ body }: Pick<Route, 'body'>, victim: string): Readonly<Record<string, unknown>> {
  const asked = body instanceof z.ZodObject ? Object.keys(body.shape) : [];
  return Object.fromEntries(Object.entries(fields(victim)).filter(([name]) => !asked.includes(name)));
}

export interface Stage {
  readonly lamplight: AttackedLamplight;
  /** Made for this one write. */
  readonly mallory: Somebody;
}

/** A write that succeeds without what it must not take. */
export interface Write {
  readonly by: 'nobody' | 'mallory' | 'admin';
  readonly id?: (stage: Stage) => string | Promise<string>;
  readonly body?: (stage: Stage) => object | Promise<object>;
  /** What it changes of whom it is about, and nothing more. */
  readonly changes?: readonly string[];
  /** Where it cannot succeed here. */
  readonly gets?: number;
}

const another = 'another evening at home';
const refresh = 'body';
const email = ({ mallory }: Stage) => mallory.email ?? '';
const newAddress = ({ mallory }: Stage) => `new-${mallory.id}@lamplight.test`;

async function mailedToken({ lamplight: { outbox } }: Stage, address: string, subject: RegExp): Promise<string> {
  const mails = await mailsTo(outbox, address, subject.source === '.' ? 1 : 2);
  const mail = mails.find((each) => subject.test(each.text ?? ''));
  if (!mail) throw new Error(`No mail to ${address} fits: ${mails.map(({ text }) => text).join('\n')}`);
  return tokenIn(mail);
}

async function registered(stage: Stage): Promise<string> {
  const address = newAddress(stage);
  await stage.lamplight.post('/api/auth/register', { email: address, name: 'Eve', password });
  return mailedToken(stage, address, /./);
}

async function invited(stage: Stage): Promise<{ id: string; email: string }> {
  const asked = { email: newAddress(stage), role: 'user' };
  const { text } = await stage.lamplight.admin.client.call('POST', '/api/admin/invitations', asked);
  return JSON.parse(text);
}

const answered = ({ mallory }: Stage, text = 'Hello') => mallory.client.ask(text);
const own = async (stage: Stage) => (await answered(stage)).run.conversationId;
const self = { by: 'mallory' } as const;
const steer = { by: 'admin', id: ({ mallory }: Stage) => mallory.id } as const;

/** Makes one of Mallory's, to be changed. */
const madeAt =
  (path: string, body: object) =>
  async ({ mallory }: Stage): Promise<string> =>
    JSON.parse((await mallory.client.call('POST', path, body)).text).id;
const fox = { name: 'Fox', who: 'A fox', traits: ['kind'] };
const pond = { place: 'Pond', mood: 'calm', events: ['rain'] };
const hello = { title: 'Hello', text: 'Hello {{name}}' };
const weekly = { name: 'Mila', timing: { kind: 'days', days: [1], time: '03:15' }, timeZone: 'UTC', mail: false };
const itsCharacter = madeAt('/api/characters', fox);
const itsScene = madeAt('/api/scenes', pond);
const itsPrompt = madeAt('/api/prompts', hello);
const itsSchedule = madeAt('/api/schedules', weekly);
async function toldStory(stage: Stage): Promise<string> {
  const id = await madeAt('/api/stories', { idea: 'a lamp' })(stage);
  const ready = async () => {
    const { text } = await stage.mallory.client.call('GET', `/api/stories/${id}`);
    return JSON.parse(text).status === 'ready';
  };
  await waitFor(ready, { what: 'a story', timeoutMs: 30_000 });
  return id;
}
async function sharedStory(stage: Stage): Promise<string> {
  const { text } = await stage.mallory.client.call('POST', `/api/stories/${await toldStory(stage)}/link`);
  return new URL(JSON.parse(text).url).hash.replace('#token=', '');
}

const storyWrites = {
  createStory: { ...self, body: () => ({ idea: 'a lamp' }) },
  changeStory: { ...self, id: toldStory, body: () => ({ favourite: true }) },
  deleteStory: { ...self, id: toldStory },
  shareStory: { ...self, id: toldStory },
  unshareStory: { ...self, id: toldStory },
  openStory: { by: 'nobody', body: async (stage) => ({ token: await sharedStory(stage) }) },
  unsubscribe: { by: 'nobody', gets: 400 },
  changeStorySettings: { ...self, body: () => ({ readerName: 'Mila' }) },
  createCharacter: { ...self, body: () => fox },
  changeCharacter: { ...self, id: itsCharacter, body: () => ({ name: 'Owl' }) },
  deleteCharacter: { ...self, id: itsCharacter },
  setCharacterPicture: { ...self, id: itsCharacter, gets: 415 },
  removeCharacterPicture: { ...self, id: itsCharacter },
  createScene: { ...self, body: () => pond },
  changeScene: { ...self, id: itsScene, body: () => ({ mood: 'wild' }) },
  deleteScene: { ...self, id: itsScene },
  createPrompt: { ...self, body: () => hello },
  changePrompt: { ...self, id: itsPrompt, body: () => ({ text: 'Good night' }) },
  deletePrompt: { ...self, id: itsPrompt },
  fillPrompt: { ...self, id: itsPrompt, body: () => ({ values: { name: 'Mila' } }) },
  createSchedule: { ...self, body: () => weekly },
  previewTiming: { ...self, body: () => ({ timing: weekly.timing, timeZone: 'UTC' }) },
  changeSchedule: { ...self, id: itsSchedule, body: () => ({ paused: true }) },
  deleteSchedule: { ...self, id: itsSchedule },
  skipNext: { ...self, id: itsSchedule },
  unskipNext: { ...self, id: itsSchedule },
  runSchedule: { ...self, id: itsSchedule, body: () => ({ clientStoryId: randomUUID() }) },
} as const satisfies Partial<Record<keyof typeof routes, Write>>;

/** Every route that writes. */
export const writes = {
  ...storyWrites,
  createGuest: { by: 'nobody', body: () => ({ name: 'Eve', refresh }) },
  createToken: { by: 'nobody', body: (stage) => ({ username: email(stage), password, refresh }) },
  refreshToken: { by: 'nobody', body: ({ mallory }) => ({ refresh_token: mallory.refreshToken }) },
  register: { by: 'nobody', body: (stage) => ({ email: newAddress(stage), name: 'Eve', password }) },
  verifyEmail: { by: 'nobody', body: async (stage) => ({ token: await registered(stage), password, refresh }) },
  forgotPassword: { by: 'nobody', body: (stage) => ({ email: email(stage) }) },
  resetPassword: {
    by: 'nobody',
    body: async (stage) => {
      await stage.lamplight.post('/api/auth/forgot', { email: email(stage) });
      return { token: await mailedToken(stage, email(stage), /\/reset#/), password: another, refresh };
    },
    changes: ['passwordHash'],
  },
  acceptInvitation: {
    by: 'nobody',
    body: async (stage) => {
      const { email: address } = await invited(stage);
      return { token: await mailedToken(stage, address, /./), name: 'Eve', password, refresh };
    },
  },
  logout: self,
  createTicket: self,
  changeMe: { ...self, body: () => ({ name: 'Mallory' }), changes: ['name'] },
  changePassword: { ...self, body: () => ({ current: password, password: another }), changes: ['passwordHash'] },
  // The tombstone says nothing of who it was.
  deleteMe: {
    ...self,
    body: () => ({ password }),
    changes: ['deleted', 'disabled', 'name', 'email', 'passwordHash', 'timeZone'],
  },
  endSessions: self,
  endSession: {
    ...self,
    id: async ({ mallory }) => JSON.parse((await mallory.client.call('GET', '/api/me/sessions')).text).items[0].id,
  },
  createKey: { ...self, body: () => ({ name: 'key', scopes: ['read'], expiresInDays: 1 }) },
  deleteKey: {
    ...self,
    id: async ({ mallory }) => {
      const { text } = await mallory.client.call('POST', '/api/keys', { name: 'key', scopes: ['read'] });
      return JSON.parse(text).id;
    },
  },
  createConversation: { ...self, body: () => ({}) },
  changeConversation: { ...self, id: own, body: () => ({ title: 'Mine' }) },
  deleteConversation: { ...self, id: own },
  retryMessage: {
    ...self,
    id: async (stage) => (await answered(stage, directive({ fault: '401' }))).run.messageId,
  },
  send: { ...self, body: async (stage) => ({ text: 'Hello', conversationId: await own(stage) }) },
  sendSimple: { ...self, body: () => ({ text: 'Hello' }) },
  stopRun: { ...self, id: async (stage) => (await answered(stage)).run.runId },
  changePerson: { ...steer, body: () => ({ dailyTokenBudget: 5 }), changes: ['dailyTokenBudget'] },
  deletePerson: { ...steer, changes: ['deleted', 'disabled', 'name', 'email', 'passwordHash', 'timeZone'] },
  endPersonSessions: steer,
  invite: { by: 'admin', body: (stage) => ({ email: newAddress(stage), role: 'user' }) },
  withdrawInvitation: { by: 'admin', id: async (stage) => (await invited(stage)).id },
  changeRuntimeSettings: { by: 'admin', body: () => ({ banner: 'Good evening', budgets: { [poison]: poisonNumber } }) },
  retryDeadLetter: { by: 'admin', id: () => 'none', gets: 404 },
} as const satisfies Partial<Record<keyof typeof routes, Write>>;
