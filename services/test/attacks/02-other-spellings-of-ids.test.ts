import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '#contract/route.ts';
import { routes } from '#contract/routes.ts';
import type { ServerFrame } from '#contract/socket.ts';
import { bearer, type Somebody } from './attacked-lamplight.fixture.ts';
import type { RawReply } from './raw-http.fixture.ts';
import { othersInPath, otherTexts, otherValues, sameInPath } from './spellings.fixture.ts';
import { mark, openTwoPeople, type Things, type TwoPeople } from './two-people.fixture.ts';

let people: TwoPeople;
let before: unknown;
beforeAll(async () => {
  people = await openTwoPeople();
  before = await people.snapshot();
});
afterAll(() => people.lamplight.stop());

/** Whose the id of each route is, and which it is: with the right one, this person gets what the route is for. */
const ids = {
  endSession: ['ada', 'sessionId'],
  deleteKey: ['ada', 'keyId'],
  getConversation: ['ada', 'conversationId'],
  changeConversation: ['ada', 'conversationId'],
  deleteConversation: ['ada', 'conversationId'],
  listMessages: ['ada', 'conversationId'],
  retryMessage: ['ada', 'failedMessageId'],
  followRun: ['ada', 'runId'],
  stopRun: ['ada', 'openRunId'],
  getStory: ['ada', 'storyId'],
  changeStory: ['ada', 'storyId'],
  deleteStory: ['ada', 'storyId'],
  shareStory: ['ada', 'storyId'],
  unshareStory: ['ada', 'storyId'],
  getMedia: ['ada', 'mediaId'],
  changeCharacter: ['ada', 'characterId'],
  deleteCharacter: ['ada', 'characterId'],
  getCharacterPicture: ['ada', 'characterId'],
  setCharacterPicture: ['ada', 'characterId'],
  removeCharacterPicture: ['ada', 'characterId'],
  changeScene: ['ada', 'sceneId'],
  deleteScene: ['ada', 'sceneId'],
  changePrompt: ['ada', 'promptId'],
  deletePrompt: ['ada', 'promptId'],
  fillPrompt: ['ada', 'promptId'],
  getSchedule: ['ada', 'scheduleId'],
  changeSchedule: ['ada', 'scheduleId'],
  deleteSchedule: ['ada', 'scheduleId'],
  skipNext: ['ada', 'scheduleId'],
  unskipNext: ['ada', 'scheduleId'],
  runSchedule: ['ada', 'scheduleId'],
  getPerson: ['admin', 'personId'],
  readAnyStory: ['admin', 'storyId'],
  changePerson: ['admin', 'personId'],
  deletePerson: ['admin', 'personId'],
  endPersonSessions: ['admin', 'personId'],
  withdrawInvitation: ['admin', 'invitationId'],
  retryDeadLetter: ['admin', 'runId'],
} as const satisfies Partial<Record<keyof typeof routes, readonly ['ada' | 'admin', keyof Things]>>;
type Name = keyof typeof ids;
const names = Object.keys(ids) as Name[];
const bodies: Partial<Record<Name, object>> = {
  changeConversation: { title: 'x' },
  changePerson: { disabled: true },
  changeStory: { favourite: true },
  changeCharacter: { name: 'x' },
  changeScene: { mood: 'x' },
  changePrompt: { title: 'x' },
  fillPrompt: { values: { name: 'x' } },
  changeSchedule: { paused: true },
};
/** What they lead to is signed. */
const queries: Partial<Record<Name, string>> = { getMedia: '?expires=9999999999999&signature=1.A' };
const managersMay: readonly Name[] = ['getPerson', 'readAnyStory'];
const refusals = ['not_found', 'invalid_request', 'link_invalid'];

const personOf = (who: 'ada' | 'admin'): Somebody => (who === 'ada' ? people.ada : people.lamplight.admin);

function ask(name: Name, { accessToken }: Somebody, part: string): Promise<RawReply> {
  const route: Route = routes[name];
  const body = bodies[name];
  return people.lamplight.raw({
    method: route.method.toUpperCase(),
    path: route.path.replace(':queue', 'answer').replace(':id', part) + (queries[name] ?? ''),
    headers: [bearer(accessToken), ...(body ? [['Content-Type', 'application/json'] as const] : [])],
    ...(body && { body: JSON.stringify(body) }),
  });
}

describe('an id in an address', () => {
  it('is tried of every route that has one', () => {
    const withId = Object.entries<Route>(routes).filter(([, { path }]) => path.includes(':'));
    expect(names.toSorted()).toEqual(withId.map(([name]) => name).toSorted());
  });

  it.each(names)('%s takes no other text for it, even of whose it is', async (name) => {
    const [who, which] = ids[name];
    for (const part of othersInPath(people.things[which])) {
      const reply = await ask(name, personOf(who), part);
      const about = `${part.slice(0, 100)}: ${reply.status} ${reply.text.slice(0, 200)}`;
      expect([400, 404, 431], about).toContain(reply.status);
      expect([...refusals, 'payload_too_large'], about).toContain(reply.code);
      expect(reply.headers['x-evil']).toBeUndefined();
    }
  });

  it.each(names)('%s refuses another person every spelling of it', async (name) => {
    const [who, which] = ids[name];
    for (const part of [...sameInPath(people.things[which]), ...othersInPath(people.things[which])]) {
      const reply = await ask(name, who === 'admin' ? people.manager : people.mallory, part);
      if (managersMay.includes(name) && reply.status === 200) continue;
      const about = `${part.slice(0, 100)}: ${reply.status} ${reply.text.slice(0, 200)}`;
      expect([400, 403, 404, 431], about).toContain(reply.status);
      expect(reply.text).not.toContain(mark);
    }
  });

  it('counts in each spelling that addresses have for the same', async () => {
    for (const part of sameInPath(people.things.conversationId)) {
      expect((await ask('getConversation', people.ada, part)).status, part).toBe(200);
    }
  });
});

describe('an id in a body', () => {
  const send = (body: object, { accessToken }: Somebody) =>
    people.lamplight.post('/api/chat/send-simple', { text: 'Hello', ...body }, [bearer(accessToken)]);

  it('is no other text or value than the id of the conversation', async () => {
    const { conversationId } = people.things;
    for (const form of [...otherTexts(conversationId), ...otherValues(conversationId)]) {
      for (const who of [people.ada, people.mallory]) {
        const { code, text } = await send({ conversationId: form }, who);
        expect(refusals, `${JSON.stringify(form)}: ${text}`).toContain(code);
      }
    }
  });

  it('is no name of what every object has, where it names a model', async () => {
    for (const model of ['__proto__', 'constructor', 'toString', 'SCRIPTED', 'scripted\u0000', ' scripted', '']) {
      expect((await send({ model }, people.mallory)).code, model).toBe('unknown_model');
    }
  });

  it('is one’s own mark of a message, to the letter', async () => {
    const first = 'aé-1';
    const seen = new Set<string>();
    const others = [
      first,
      'AÉ-1',
      'ae\u0301-1',
      'aé-1 ',
      'aé-1\u0000',
      '\u200baé-1',
      '\ufffd',
      '__proto__',
      'constructor',
    ];
    for (const clientMessageId of others) {
      const [sent, again] = [
        await send({ clientMessageId }, people.mallory),
        await send({ clientMessageId }, people.mallory),
      ];
      expect([sent.status, again.status], sent.text).toEqual([200, 200]);
      const { runId } = JSON.parse(sent.text).run;
      expect(JSON.parse(again.text).run.runId).toBe(runId);
      seen.add(runId);
    }
    expect(seen.size).toBe(others.length);
    for (const clientMessageId of ['', 'a'.repeat(65), ...otherValues(first)]) {
      expect((await send({ clientMessageId }, people.mallory)).code).toBe('invalid_request');
    }
  });
});

describe('an id in a frame', () => {
  it('is no other text or value than the id of the answer', async () => {
    const { openRunId } = people.things;
    for (const who of [people.ada, people.mallory]) {
      const socket = await who.client.socket();
      const forms = [...otherTexts(openRunId), ...otherValues(openRunId)];
      const frames = forms.flatMap((runId, index) => [
        { type: 'subscribe', ref: `s${index}`, runId },
        { type: 'stop', ref: `t${index}`, runId },
        { type: 'unsubscribe', ref: `u${index}`, runId },
      ]);
      for (const frame of frames) socket.send(frame);
      socket.send({ type: 'ping', ref: 'over' });
      await socket.frame('pong', ({ ref }) => ref === 'over');
      const isError = (frame: ServerFrame) =>
        frame.type === 'error' && ['not_found', 'invalid_frame'].includes(frame.code);
      const answered = socket.frames.filter(isError).flatMap((frame) => ('ref' in frame ? [frame.ref] : []));
      const wanted = frames.filter(({ type }) => type !== 'unsubscribe').map(({ ref }) => ref);
      expect(wanted.filter((ref) => !answered.includes(ref))).toEqual([]);
      expect(socket.frames.filter(({ type }) => type === 'run' || type === 'delta')).toEqual([]);
      await socket.close();
    }
  });
});

describe('a position', () => {
  const positions = [
    '__proto__',
    '1-0\u00e9',
    '-1-5',
    '1--5',
    '99999999999999999999-1',
    '1-18446744073709551616',
    '1-0,1-5',
  ];

  it.each([...positions, '0-0', '999999999999999-1', '1e1-0', '1-Infinity', '[1-0]', 'a'.repeat(64)])(
    'that is none (%j) begins an own answer anew or where it is, and gives nobody else’s',
    async (position) => {
      const { runId } = people.things;
      for (const [query, header] of [
        ['', position],
        [`?after=${encodeURIComponent(position)}`, undefined],
      ] as const) {
        const headers = header === undefined ? [] : [['Last-Event-ID', header] as const];
        const follow = ({ accessToken }: Somebody) =>
          people.lamplight.raw({
            path: `/api/runs/${runId}/events${query}`,
            headers: [bearer(accessToken), ...headers],
          });
        const own = await follow(people.ada);
        expect([own.status, own.text], position).toEqual([200, expect.stringMatching(/event: done/)]);
        expect((await follow(people.mallory)).code).toBe('not_found');
      }
    },
  );
});

it('after all of it, what is Ada’s is as it was, in the same process, and nothing was an error of ours', async () => {
  expect(await people.snapshot()).toEqual(before);
  const { process } = people.lamplight.process;
  expect([process.pid, process.exitCode]).toEqual([people.lamplight.pid, null]);
  const log = await people.lamplight.log();
  expect(log.split('\n').filter((line) => line.includes('"log.level":"error"'))).toEqual([]);
});
