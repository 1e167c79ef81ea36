import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { me, type Role, roles } from '#contract/accounts.ts';
import type { Route } from '#contract/route.ts';
import { routes } from '#contract/routes.ts';
import { type ClientFrame, clientFrame } from '#contract/socket.ts';
import { TestClient, type TestSocket } from '#tests/servers/test-client.ts';
import { bearer, type Somebody } from './attacked-lamplight.fixture.ts';
import { type Attempt, type RouteRow, type Tries, theirText } from './attempts.fixture.ts';
import type { RawReply } from './raw-http.fixture.ts';
import { routeRows } from './route-attempts.fixture.ts';
import { ghosts, mark, openTwoPeople, type Things, type TwoPeople } from './two-people.fixture.ts';

let people: TwoPeople;
let adasSocket: TestSocket;
let mallorysSocket: TestSocket;
let before: unknown;
beforeAll(async () => {
  people = await openTwoPeople();
  const { ada, mallory, things } = people;
  [adasSocket, mallorysSocket] = [await ada.client.socket(), await mallory.client.socket()];
  adasSocket.send({ type: 'subscribe', runId: things.openRunId });
  await adasSocket.frame('delta');
  before = await people.snapshot();
});
afterAll(() => people.lamplight.stop());

type Name = keyof typeof routes;
const names = Object.keys(routes) as Name[];
const rowOf = (name: Name): RouteRow => routeRows[name];

const pathOf = ({ path }: Route, id = 'none', query = ''): string =>
  path.replace(':id', encodeURIComponent(id)).replace(':queue', 'answer') + (query && `?${query}`);

const whoever = (by: Tries): Promise<Somebody> | Somebody => {
  const { lamplight, mallory, manager } = people;
  return by === 'passing' ? lamplight.newPerson('guest') : { mallory, manager, admin: lamplight.admin }[by];
};

async function make(route: Route, { by = 'mallory', id, query, headers = [], body }: Attempt): Promise<RawReply> {
  const { accessToken } = await whoever(by);
  const json = body === undefined ? [] : [['Content-Type', 'application/json'] as const];
  return people.lamplight.raw({
    method: route.method.toUpperCase(),
    path: pathOf(route, id, query),
    headers: [...(route.auth === 'none' ? [] : [bearer(accessToken)]), ...json, ...headers],
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** What of Ada's stands in a text. Managers and administrators may see who she is and her stories, and nobody what she wrote. */
function foundOf(text: string, by: Tries): readonly string[] {
  const { ada, things } = people;
  const { personId, email, invitationId, invitationToken, storyId, storyRunId, mediaId, ...written } = things;
  const { conversationCursor: _1, messageCursor: _2, clientMessageId: _3, ...ids } = written;
  const person = [personId, email, ada.name, mark, storyId, storyRunId, mediaId];
  const sees = by === 'manager' || by === 'admin';
  const secrets = [...Object.values(ids), ada.accessToken, invitationToken, ...(sees ? [] : person)];
  return secrets.filter((secret) => text.includes(secret));
}

async function isNotAda(text: string): Promise<void> {
  const token: unknown = text.startsWith('{') ? JSON.parse(text).access_token : undefined;
  if (typeof token !== 'string') return;
  const client = new TestClient(people.lamplight.url, token);
  expect((await client.call('GET', '/api/me')).as(me).id).not.toBe(people.ada.id);
}

describe('every route', () => {
  it('has a row in the table, with something to try', () => {
    expect(Object.keys(routeRows).toSorted()).toEqual(names.toSorted());
    const { things } = people;
    expect(names.filter((name) => rowOf(name).attempts(things).length === 0)).toEqual([]);
    expect(Object.entries(things).filter(([, value]) => value === '')).toEqual([]);
  });

  it.each(names)('%s is refused to whoever is less than it asks for', async (name) => {
    const { least } = rowOf(name);
    if (least === 'nobody') return expect(routes[name].auth).not.toBe('session');
    const ask = (headers: Attempt['headers'] = []) =>
      people.lamplight.raw({ method: routes[name].method.toUpperCase(), path: pathOf(routes[name]), headers });
    expect(await ask()).toMatchObject({ status: 401, code: 'unauthenticated' });
    for (const role of roles.slice(0, roles.indexOf(least))) {
      const { accessToken } = await personOf(role);
      expect(await ask([bearer(accessToken)]), role).toMatchObject({ status: 403, code: 'forbidden' });
    }
  });

  it.each(names)('%s gives nobody what is Ada’s', async (name) => {
    const route: Route = routes[name];
    const { things } = people;
    const notThere = rowOf(name).attempts(ghosts(things));
    for (const [index, attempt] of rowOf(name).attempts(things).entries()) {
      const reply = await make(route, attempt);
      expect(reply, JSON.stringify(attempt)).toMatchObject(
        typeof attempt.gets === 'number' ? { status: attempt.gets } : { code: attempt.gets },
      );
      expect(foundOf(reply.text, attempt.by ?? 'mallory'), reply.text.slice(0, 500)).toEqual([]);
      await isNotAda(reply.text);
      const ghost = attempt.gets === 'not_found' ? notThere[index] : undefined;
      if (ghost) expect(withoutTrace(await make(route, ghost)), 'as if it were not there').toEqual(withoutTrace(reply));
    }
  });
});

const withoutTrace = ({ status, text }: RawReply) => ({ status, text: text.replace(/"traceId":"\w+"/, '') });

const personOf = async (role: Role): Promise<Somebody> => {
  const { mallory, manager, lamplight } = people;
  guest ??= await lamplight.newPerson('guest');
  return { guest, user: mallory, manager, admin: lamplight.admin }[role];
};
let guest: Somebody | undefined;

/** A row for each frame that a client can send: what it gets of Mallory's, told by its `ref`. */
const frameRows = {
  send: (ada) => [
    { frame: { type: 'send', text: theirText, conversationId: ada.conversationId }, gets: 'not_found' },
    { frame: { type: 'send', text: theirText, clientMessageId: ada.clientMessageId }, gets: 'run' },
  ],
  subscribe: (ada) => [
    { frame: { type: 'subscribe', runId: ada.openRunId }, gets: 'not_found' },
    { frame: { type: 'subscribe', runId: ada.runId, after: '1-0' }, gets: 'not_found' },
  ],
  // It is not answered: the ping after it is.
  unsubscribe: (ada) => [{ frame: { type: 'unsubscribe', runId: ada.openRunId }, gets: undefined }],
  stop: (ada) => [{ frame: { type: 'stop', runId: ada.openRunId }, gets: 'not_found' }],
  ping: () => [{ frame: { type: 'ping' }, gets: 'pong' }],
} as const satisfies Record<
  ClientFrame['type'],
  (ada: Things) => ReadonlyArray<{ frame: ClientFrame; gets: 'not_found' | 'run' | 'pong' | undefined }>
>;

describe('every frame', () => {
  const types = clientFrame.options.map((option) => option.shape.type.value);

  it('has a row in the table', () => {
    expect(Object.keys(frameRows).toSorted()).toEqual(types.toSorted());
  });

  it.each(types)('%s gives nobody what is Ada’s', async (type) => {
    for (const [index, { frame, gets }] of frameRows[type](people.things).entries()) {
      const ref = `${type}-${index}`;
      mallorysSocket.send({ ...frame, ref });
      if (gets === 'not_found') {
        const { code } = await mallorysSocket.frame('error', (sent) => sent.ref === ref);
        expect(code).toBe(gets);
      } else if (gets) await mallorysSocket.frame(gets, (sent) => sent.ref === ref);
      mallorysSocket.send({ type: 'ping', ref: `${ref}-over` });
      await mallorysSocket.frame('pong', (sent) => sent.ref === `${ref}-over`);
    }
  });
});

describe('after all of it', () => {
  it('what is Ada’s is as it was, and her answer goes on', async () => {
    expect(await people.snapshot()).toEqual(before);
    const seen = adasSocket.textOf(people.things.openRunId).length;
    await adasSocket.frame('delta', ({ at }) => Number(at.split('-')[1]) > seen);
    const { admin, pid, process } = people.lamplight;
    const waiting = await admin.client.call('GET', '/api/admin/invitations');
    expect(waiting.text).toContain(people.things.invitationId);
    expect([process.process.exitCode, process.process.pid]).toEqual([null, pid]);
  });

  it('nothing of Ada’s came over the socket of Mallory', () => {
    const refused = mallorysSocket.frames.filter((frame) => frame.type === 'error');
    // A refusal names the answer that was asked for.
    const told = mallorysSocket.frames.filter((frame) => frame.type !== 'error');
    expect(foundOf(JSON.stringify(told), 'mallory')).toEqual([]);
    expect(JSON.stringify(refused)).not.toContain(mark);
  });

  it('the settings of the installation are as they were', async () => {
    const { text } = await people.lamplight.admin.client.call('GET', '/api/admin/settings');
    expect(JSON.parse(text)).toMatchObject({ guests: true, banner: '' });
  });
});
