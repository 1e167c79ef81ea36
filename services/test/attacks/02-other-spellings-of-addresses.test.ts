import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conversationPage } from '#contract/conversations.ts';
import type { Route } from '#contract/route.ts';
import { routes } from '#contract/routes.ts';
import { bearer, type Somebody } from './attacked-lamplight.fixture.ts';
import { madeCursors, otherCursors } from './spellings.fixture.ts';
import { mark, openTwoPeople, type TwoPeople } from './two-people.fixture.ts';

let people: TwoPeople;
let before: unknown;
beforeAll(async () => {
  people = await openTwoPeople();
  before = await people.snapshot();
});
afterAll(() => people.lamplight.stop());

describe('a path', () => {
  const secret = /devDependencies|root:x:0|JWT_SECRET|"sessionId"|-----BEGIN/;
  const climbs = [
    'package.json',
    '.env',
    '.git/config',
    'etc/passwd',
    'data/jwt-secret',
    'data/lamplight.sqlite',
  ].flatMap((file) =>
    ['/', '/assets/', '/docs/', '/api/', '/api/conversations/'].flatMap((from) =>
      ['../../../', '..%2f..%2f..%2f', '%2e%2e/%2e%2e/', '..%5c..%5c', '..%252f..%252f', '....//....//', '%00/../'].map(
        (up) => from + up + file,
      ),
    ),
  );

  it('leads to no file outside of the page', async () => {
    for (const path of climbs) {
      const { status, text } = await people.lamplight.raw({ path, headers: [bearer(people.mallory.accessToken)] });
      expect([200, 400, 403, 404, 503], path).toContain(status);
      expect(text, path).not.toMatch(secret);
    }
  });

  it('leads past no check, however it is written', async () => {
    const { personId, conversationId } = people.things;
    const paths = [
      '/api/conversations/../admin/people',
      '/api/conversations/..%2fadmin%2fpeople',
      '/api/me/%2e%2e/admin/people',
      '//api/admin/people',
      '/api//admin/people',
      '/./api/admin/people',
      '/API/admin/people',
      '/api/Admin/People',
      '/api/admin/people/',
      '/api/admin/people?',
      '/api/admin/people#a',
      '/api/admin%2fpeople',
      '/%61pi/admin/people',
      `/api/admin/people;/${personId}`,
      `/api/admin/people/${personId}/`,
      '/api/admin/people.json',
      '/api/admin/people%20',
      '/api/admin/people%00',
      `http://127.0.0.1/api/admin/people/${personId}`,
      `http://localhost:1/api/conversations/${conversationId}`,
      `/docs/../api/conversations/${conversationId}`,
      `/api/conversations/${conversationId}/messages/../`,
      'api/admin/people',
      '*',
    ];
    const rewritten = ['X-Original-URL', 'X-Rewrite-URL', 'X-Forwarded-Prefix', 'X-Forwarded-Uri'];
    for (const path of paths) {
      const headers = [
        bearer(people.mallory.accessToken),
        ...rewritten.map((name) => [name, '/api/admin/people'] as const),
      ];
      const reply = await people.lamplight.raw({ path, headers });
      expect([400, 403, 404], `${path}: ${reply.text.slice(0, 200)}`).toContain(reply.status);
      expect(reply.text).not.toContain(mark);
    }
  });
});

describe('a query', () => {
  const lists = ['listConversations', 'listPeople', 'listInvitations', 'listAudit'] as const;
  const messages = () => `/api/conversations/${people.things.conversationId}/messages`;
  const get = (path: string, { accessToken }: Somebody) =>
    people.lamplight.raw({ path, headers: [bearer(accessToken)] });

  const asked = Object.entries<Route>(routes).flatMap(([name, { query, auth }]) =>
    query?.safeParse({}).success && auth !== 'none' ? [[name, Object.keys(query.shape)] as const] : [],
  );
  /** Those that nobody signs in for: what is asked for is signed. */
  const signed = Object.entries<Route>(routes).flatMap(([name, { query, auth, method }]) =>
    query && auth === 'none' && method === 'get' ? [[name, Object.keys(query.shape)] as const] : [],
  );

  it.each(signed)('of %s, which is signed, opens nothing in another form', async (name, keys) => {
    const path = routes[name as keyof typeof routes].path.replace(':id', people.things.mediaId);
    expect(signed.map(([each]) => each)).toContain('getMedia');
    for (const key of keys)
      for (const query of [`${key}=1&${key}=2`, `${key}[]=1`, `${key}[$ne]=1`, `__proto__[${key}]=1`, '']) {
        const reply = await people.lamplight.raw({ path: `${path}?${query}` });
        expect([reply.status, reply.text.includes(mark)], query).toEqual([400, false]);
      }
  });

  it.each(asked)('of %s takes no list, object or prototype for a text or a number', async (name, keys) => {
    const route: Route = routes[name as keyof typeof routes];
    const id = name === 'followRun' ? people.things.runId : people.things.conversationId;
    const path = route.path.replace(':id', id);
    const who = route.role ? people.lamplight.admin : people.ada;
    const plain = await get(path, who);
    expect(plain.status).toBe(200);
    for (const key of keys) {
      const twice = await get(`${path}?${key}=1&${key}=2`, who);
      expect([twice.status, twice.code], key).toEqual([400, 'invalid_request']);
      // Names with brackets are names like any other, of nothing that the route asks for.
      const forms = [`${key}[]=~`, `${key}[$ne]=~`, `${key}[__proto__]=~`, `__proto__[${key}]=~`, `__proto__.${key}=~`];
      for (const query of [...forms, `__proto__=~`, `constructor[prototype][${key}]=~`]) {
        expect((await get(`${path}?${query}`, who)).status, query).toBe(200);
      }
    }
  });

  it.each(['0', '-1', '101', '1e9', '1.5', '0x10', 'Infinity', '９', '1 ', ' ', '', 'null', '1;drop'])(
    'the limit %j is refused, or is the number that it says',
    async (limit) => {
      const reply = await get(`/api/conversations?limit=${encodeURIComponent(limit)}`, people.ada);
      if (reply.status !== 200) return expect(reply.code).toBe('invalid_request');
      expect(JSON.parse(reply.text).items.length).toBeLessThanOrEqual(Number(limit));
    },
  );

  it('a cursor that no list gave out is refused', async () => {
    for (const path of [...lists.map((name) => routes[name].path), messages()]) {
      const who = path.includes('admin') ? people.lamplight.admin : people.ada;
      for (const cursor of otherCursors(people.things.conversationCursor)) {
        const { status, code } = await get(`${path}?cursor=${encodeURIComponent(cursor)}`, who);
        expect([status, ['invalid_cursor', 'invalid_request'].includes(code ?? '')], `${path} ${cursor}`).toEqual([
          400,
          true,
        ]);
      }
    }
  });

  it('a cursor of another list or person, or a made one, is a place in one’s own list alone', async () => {
    const { conversationCursor, messageCursor } = people.things;
    const mine = await people.mallory.client.call('POST', '/api/conversations', { title: 'mine' });
    const { id } = JSON.parse(mine.text);
    for (const cursor of [conversationCursor, `${conversationCursor}A`, messageCursor, ...madeCursors]) {
      const reply = await get(`/api/conversations?cursor=${cursor}`, people.mallory);
      if (reply.status !== 200) {
        expect(reply.code, cursor).toBe('invalid_cursor');
        continue;
      }
      const { items } = conversationPage.parse(JSON.parse(reply.text));
      expect(items.filter((item) => item.id !== id)).toEqual([]);
      const foreign = await get(`${messages()}?cursor=${cursor}`, people.mallory);
      expect([foreign.status, foreign.code]).toEqual([404, 'not_found']);
    }
  });
});

it('after all of it, what is Ada’s is as it was, in the same process, and nothing was an error of ours', async () => {
  expect(await people.snapshot()).toEqual(before);
  const { process } = people.lamplight.process;
  expect([process.pid, process.exitCode]).toEqual([people.lamplight.pid, null]);
  const log = await people.lamplight.log();
  expect(log.split('\n').filter((line) => line.includes('"log.level":"error"'))).toEqual([]);
});
