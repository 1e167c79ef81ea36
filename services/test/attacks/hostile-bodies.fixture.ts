import { gzipSync } from 'node:zlib';
import type { Route } from '#contract/route.ts';
import { routes } from '#contract/routes.ts';

/** A body that fits each route that takes one, and by `deepEqual` the only thing wrong with it is what an attack changes. */
export const fittingBodies = {
  createGuest: { name: 'Eve', timeZone: 'UTC', refresh: 'body' },
  createToken: { grant_type: 'password', username: 'eve@lamplight.test', password: 'none', refresh: 'body' },
  refreshToken: { refresh_token: 'none' },
  register: { email: 'eve@lamplight.test', name: 'Eve', password: 'another evening at home', timeZone: 'UTC' },
  verifyEmail: { token: 'none', password: 'none', refresh: 'body' },
  forgotPassword: { email: 'eve@lamplight.test' },
  resetPassword: { token: 'none', password: 'another evening at home', refresh: 'body' },
  acceptInvitation: { token: 'none', name: 'Eve', password: 'another evening at home', timeZone: 'UTC' },
  changeMe: { name: 'Eve', timeZone: 'UTC' },
  changePassword: { current: 'none', password: 'another evening at home' },
  deleteMe: { password: 'none' },
  createKey: { name: 'key', scopes: ['read'], expiresInDays: 1 },
  createConversation: { title: 'title' },
  changeConversation: { title: 'title' },
  send: { text: 'Hello', conversationId: 'none', clientMessageId: 'none', model: 'none' },
  sendSimple: { text: 'Hello', conversationId: 'none', clientMessageId: 'none', model: 'none' },
  changePerson: { role: 'user', disabled: false, dailyTokenBudget: 1 },
  invite: { email: 'eve@lamplight.test', role: 'user' },
  changeRuntimeSettings: {
    registration: 'open',
    guests: true,
    defaultModel: '',
    messagesPerMinute: 1,
    runningAnswers: 1,
    openSockets: 1,
    budgets: { user: 1 },
    storiesPerDay: 1,
    runningStories: 1,
    banner: '',
  },
  createStory: {
    characterIds: ['none'],
    sceneIds: ['none'],
    promptId: 'none',
    promptValues: { name: 'Eve' },
    conversationId: 'none',
    settings: { readerName: 'Eve' },
    model: 'none',
    clientStoryId: 'none',
  },
  changeStory: { favourite: true },
  openStory: { token: 'none' },
  changeStorySettings: { readerName: 'Eve', readerAge: 5, language: 'en', minutes: 3, style: 'calm' },
  createCharacter: { name: 'Fox', who: 'A fox', traits: ['kind'] },
  changeCharacter: { name: 'Fox', who: 'A fox', traits: ['kind'] },
  createScene: { place: 'Pond', mood: 'calm', events: ['rain'] },
  changeScene: { place: 'Pond', mood: 'calm', events: ['rain'] },
  createPrompt: { title: 'Hello', text: 'Hello {{name}}' },
  changePrompt: { title: 'Hello', text: 'Hello {{name}}' },
  fillPrompt: { values: { name: 'Eve' } },
  createSchedule: {
    name: 'Eve',
    timing: { kind: 'days', days: [1], time: '19:15' },
    timeZone: 'UTC',
    idea: 'a lamp',
    mail: false,
    paused: true,
  },
  changeSchedule: {
    name: 'Eve',
    timing: { kind: 'cron', cron: '15 19 * * *' },
    timeZone: 'UTC',
    idea: 'a lamp',
    mail: false,
    paused: true,
  },
  runSchedule: { clientStoryId: 'none' },
  previewTiming: { timing: { kind: 'days', days: [1], time: '19:15' }, timeZone: 'UTC' },
} as const satisfies Partial<Record<keyof typeof routes, object>>;

export type Bodied = keyof typeof fittingBodies;

/** The routes of the contract that take a body. */
export const bodied = Object.entries<Route>(routes).flatMap(([name, { body }]) => (body ? [name] : []));

export const nested = (depth: number, open: string, close: string, inside = ''): string =>
  open.repeat(depth) + inside + close.repeat(depth);

const json = 'application/json';

export interface HostileBody {
  readonly what: string;
  readonly body: string | Uint8Array;
  readonly type?: string | undefined;
  readonly encoding?: string;
  readonly status: number;
}

const zeros = gzipSync(Buffer.alloc(10_000_000, ' '));
/** A file of gzip may have several members: 1 GB, of about 1 MB. */
const bomb = Buffer.concat(Array.from({ length: 100 }, () => zeros));
const large = Buffer.concat([Buffer.from('{"name":"'), Buffer.alloc(11_000_000, 'a'), Buffer.from('"}')]);

/** What no route takes, whatever its schema. */
export const hostileBodies: readonly HostileBody[] = [
  ...['null', '[]', '[{}]', '[[]]', '""', '"{}"', '0', '-1e999', 'true'].map((body) => ({
    what: body,
    body,
    status: 400,
  })),
  ...['', '{', '{"a":1,}', '{}{}', 'undefined', 'NaN', '\ufeff', '\u0000', '{"a":\u0001}', '// {}', '<a/>'].map(
    (body) => ({ what: `${JSON.stringify(body)}, which is no JSON`, body, status: 400 }),
  ),
  { what: 'arrays 10,000 deep', body: nested(10_000, '[', ']'), status: 400 },
  { what: 'arrays 700,000 deep', body: nested(700_000, '[', ']'), status: 400 },
  { what: 'an array of 10,000 deep objects', body: `[${nested(10_000, '{"a":', '}', '1')}]`, status: 400 },
  { what: 'deep and unclosed', body: '{"a":'.repeat(10_000), status: 400 },
  { what: '11 MB', body: large, status: 413 },
  { what: '11 MB of gzip’s', body: gzipSync(large), encoding: 'gzip', status: 413 },
  { what: 'a gzip bomb of 1 GB', body: bomb, encoding: 'gzip', status: 413 },
  { what: 'gzip in gzip', body: gzipSync(gzipSync('{}')), encoding: 'gzip, gzip', status: 415 },
  { what: 'no gzip', body: '{}', encoding: 'gzip', status: 400 },
  { what: 'half of gzip', body: gzipSync('{"name":"Eve"}').subarray(0, 20), encoding: 'gzip', status: 400 },
  { what: 'an encoding of its own', body: '{}', encoding: 'compress', status: 415 },
  { what: 'bytes that are not UTF-8', body: Buffer.from('{"\xff\xfe":"\xc3("}', 'latin1'), status: 400 },
  { what: 'UTF-8 of a surrogate', body: Buffer.from('{"a":"\xed\xa0\x80"}', 'latin1'), status: 400 },
  { what: 'UTF-8 longer than need be', body: Buffer.from('{"a":"\xc0\xae"}', 'latin1'), status: 400 },
  ...['utf-16', 'utf-16le', 'utf-7', 'utf-32', 'latin1', '__proto__'].map((charset) => ({
    what: `the charset ${charset}`,
    body: '{}',
    type: `${json}; charset=${charset}`,
    status: 415,
  })),
  ...['text/plain', 'multipart/form-data; boundary=a', 'application/xml', 'application/x-ndjson', '*/*', 'a'].map(
    (type) => ({ what: `the type ${type}`, body: '{}', type, status: 415 }),
  ),
  { what: 'no type', body: '{}', type: '', status: 415 },
];

/** In place of a text, a number, a truth or a list, as the operators and casts of databases and libraries have it. */
export const hostileValues: readonly unknown[] = [
  { $ne: null },
  { $gt: '' },
  { $regex: '.*' },
  { $where: 'sleep(10000)' },
  { $in: ['user'] },
  JSON.parse('{"__proto__":{"length":5}}'),
  { constructor: { prototype: { length: 5 } } },
  { toString: 'a', valueOf: 'a', length: 1 },
  [['a']],
  [{ $ne: null }],
];
