import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createdApiKey, keyScopes, ticketResponse } from '#contract/accounts.ts';
import type { Route } from '#contract/route.ts';
import { routes } from '#contract/routes.ts';
import { TestClient, TestSocket } from '#tests/servers/test-client.ts';
import { type AttackedLamplight, bearer, type Somebody, startAttackedLamplight } from './attacked-lamplight.fixture.ts';
import type { RawReply } from './raw-http.fixture.ts';
import { scopeOf } from './scopes.fixture.ts';

type KeyScope = (typeof keyScopes)[number];

let lamplight: AttackedLamplight;
/** An administrator, so that nothing but the scope of a key can refuse it. */
let owner: Somebody;
const keys = new Map<KeyScope, string>();
const keyOf = (scope: KeyScope): string => keys.get(scope) ?? '';

beforeAll(async () => {
  lamplight = await startAttackedLamplight();
  owner = await lamplight.newPerson('admin');
  for (const scope of keyScopes) keys.set(scope, await newKey([scope]));
});
afterAll(() => lamplight.stop());

async function newKey(scopes: readonly KeyScope[]): Promise<string> {
  const made = await owner.client.call('POST', '/api/keys', { name: scopes.join(), scopes });
  return made.as(createdApiKey).key;
}

const scoped = Object.keys(scopeOf) as Array<keyof typeof scopeOf>;

/** A request with no body, and an id that nobody has: whether it is allowed shows before either counts. */
const ask = (route: Route, headers: ReadonlyArray<readonly [string, string]>, query = ''): Promise<RawReply> =>
  lamplight.raw({
    method: route.method.toUpperCase(),
    path: route.path.replace(':id', 'none').replace(':queue', 'none') + query,
    headers,
  });

describe('a key by the header', () => {
  it('is told for every route that asks who somebody is', () => {
    const asking = Object.entries(routes).filter(([, route]) => route.auth === 'session');
    expect(scoped.toSorted()).toEqual(asking.map(([name]) => name).toSorted());
  });

  it.each(scoped)('%s takes keys that were made for it, and no others', async (name) => {
    for (const scope of keyScopes) {
      const { code } = await ask(routes[name], [bearer(keyOf(scope))]);
      if (scope === scopeOf[name]) expect(code, `a key for ${scope}`).not.toBe('forbidden');
      else expect(code, `a key for ${scope}`).toBe('forbidden');
    }
  });

  it.each(scoped.filter((name) => scopeOf[name] === 'account'))('%s refuses a key for everything', async (name) => {
    everything ??= await newKey(keyScopes);
    expect((await ask(routes[name], [bearer(everything)])).code).toBe('forbidden');
  });
  let everything: string | undefined;

  it('makes nobody’s account out of its own, nor another’s', async () => {
    const body = { email: 'key@lamplight.test', name: 'Key', password: 'another evening at home' };
    const reply = await lamplight.post('/api/auth/register', body, [bearer(keyOf('chat'))]);
    expect(reply).toMatchObject({ status: 403, code: 'forbidden' });
  });
});

describe('every other way to carry a credential', () => {
  const { getMe, listKeys, createConversation } = routes;
  const tokens = () => ({ key: keyOf('read'), session: owner.accessToken });

  it.each(['access_token', 'token', 'api_key', 'key', 'authorization', 'Authorization', 'ticket'])(
    'the query ?%s= signs nobody in, nor adds to a key',
    async (name) => {
      for (const token of Object.values(tokens())) {
        const query = `?${name}=${encodeURIComponent(token)}`;
        expect((await ask(getMe, [], query)).code).toBe('unauthenticated');
        expect((await ask(getMe, [], `?${name}=Bearer%20${token}`)).code).toBe('unauthenticated');
      }
      const query = `?${name}=${owner.accessToken}`;
      expect((await ask(listKeys, [bearer(keyOf('read'))], query)).code).toBe('forbidden');
    },
  );

  it.each([
    'X-Api-Key',
    'X-Access-Token',
    'Proxy-Authorization',
    'X-Authorization',
    'X-Forwarded-User',
    'X-Original-Authorization',
    'Sec-WebSocket-Protocol',
  ])('the header %s signs nobody in, nor adds to a key', async (name) => {
    for (const token of [...Object.values(tokens()), `Bearer ${owner.accessToken}`, owner.id]) {
      expect((await ask(getMe, [[name, token]])).code).toBe('unauthenticated');
      expect((await ask(listKeys, [[name, token], bearer(keyOf('read'))])).code).toBe('forbidden');
    }
  });

  it('the cookie signs nobody in but where it is refreshed, and a key is no refresh token', async () => {
    for (const name of ['lamplight', '__Host-lamplight', 'access_token', 'Authorization', 'session']) {
      for (const value of [owner.refreshToken, owner.accessToken, keyOf('read'), owner.id]) {
        const cookie = ['Cookie', `${name}=${value}`] as const;
        expect((await ask(getMe, [cookie])).code, name).toBe('unauthenticated');
        expect((await ask(listKeys, [cookie, bearer(keyOf('read'))])).code, name).toBe('forbidden');
      }
      const refreshed = await lamplight.post('/api/auth/refresh', {}, [['Cookie', `${name}=${keyOf('read')}`]]);
      expect(refreshed.code).toBe('unauthenticated');
    }
    const body = await lamplight.post('/api/auth/refresh', { refresh_token: keyOf('read'), refresh: 'body' });
    expect(body.code).toBe('unauthenticated');
  });

  it('a body signs nobody in', async () => {
    const body = { title: 'x', access_token: owner.accessToken, token: owner.accessToken };
    expect((await lamplight.post('/api/conversations', body)).code).toBe('unauthenticated');
    const form = await lamplight.raw({
      method: 'POST',
      path: '/api/conversations',
      headers: [['Content-Type', 'application/x-www-form-urlencoded']],
      body: `access_token=${owner.accessToken}&title=x`,
    });
    expect(form.code).toBe('unauthenticated');
  });

  it('two Authorization headers never allow what the first does not', async () => {
    const [read, session] = [bearer(keyOf('read')), bearer(owner.accessToken)];
    for (const second of [session, ['authorization', `Bearer ${owner.accessToken}`] as const, bearer(keyOf('chat'))]) {
      const { status, code } = await ask(createConversation, [read, second]);
      expect([400, 403], `${status} ${code}`).toContain(status);
    }
    for (const first of ['Bearer', '', 'Basic eDp5', 'Bearer none']) {
      const reply = await ask(getMe, [['Authorization', first], session]);
      expect([400, 401], `${first}: ${reply.text}`).toContain(reply.status);
    }
  });

  it.each([
    (key: string, session: string) => `Bearer ${key}, Bearer ${session}`,
    (key: string, session: string) => `Bearer ${key} ${session}`,
    (key: string, session: string) => `Bearer ${key},${session}`,
    (key: string, session: string) => `Bearer ${session}\t${key}`,
    (_: string, session: string) => `Basic ${Buffer.from(`x:${session}`).toString('base64')}`,
    (_: string, session: string) => `Token ${session}`,
    (_: string, session: string) => session,
    (_: string, session: string) => `"Bearer ${session}"`,
    (_: string, session: string) => `Bearer "${session}"`,
    (key: string) => `Bearer ${key.toUpperCase()}`,
    (key: string) => `Bearer ${key}A`,
    (key: string) => `Bearer ${key.slice(0, -1)}`,
    (key: string) => `Bearer ${key}\u0000`,
    (_: string, session: string) => `Bearer ${session}.`,
  ])('a header in a form that is not ours signs nobody in (%#)', async (form) => {
    const { status, code } = await ask(getMe, [['Authorization', form(keyOf('read'), owner.accessToken)]]);
    expect([400, 401], code).toContain(status);
  });

  it('the scheme counts in any case, and the scope stays', async () => {
    for (const scheme of ['bearer', 'BEARER', 'bEaReR']) {
      const header = ['authorization', `${scheme} ${keyOf('read')}`] as const;
      expect((await ask(getMe, [header])).status).toBe(200);
      expect((await ask(createConversation, [header])).code).toBe('forbidden');
      expect((await ask(listKeys, [header])).code).toBe('forbidden');
    }
  });

  it('another method in a header or the query is not taken for the request’s own', async () => {
    for (const name of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']) {
      const reply = await ask(routes.listConversations, [bearer(keyOf('read')), [name, 'POST']], '?_method=POST');
      expect(reply.status).toBe(200);
    }
    // A HEAD asks for what a GET does.
    const head = { ...routes.listKeys, method: 'HEAD' as never };
    expect((await ask(head, [bearer(keyOf('read'))])).status).toBe(403);
  });
});

describe('a socket that a key opened', () => {
  const ticketOf = async (scopes: readonly KeyScope[]) => {
    const client = new TestClient(lamplight.url, await newKey(scopes));
    return (await client.call('POST', '/api/auth/ticket')).as(ticketResponse).ticket;
  };
  const open = async (query: string, headers = {}): Promise<TestSocket> => {
    const socket = new TestSocket(`${lamplight.url}/ws?${query}`, { headers });
    await socket.frame('ready');
    return socket;
  };

  it('reads and does no more, whatever its frames and its handshake say', async () => {
    const { run } = await owner.client.ask('Hello');
    const ticket = await ticketOf(['read']);
    const more = `access_token=${owner.accessToken}&scope=chat&scopes=chat`;
    const headers = { authorization: `Bearer ${owner.accessToken}`, cookie: `lamplight=${owner.refreshToken}` };
    const socket = await open(`ticket=${ticket}&${more}`, headers);
    socket.send({ type: 'subscribe', runId: run.runId });
    await socket.frame('done');
    const claims = { access_token: owner.accessToken, scopes: ['chat'], principal: { id: owner.id }, ticket };
    socket.send({ type: 'send', ref: 'sent', text: 'Hello', ...claims });
    socket.send({ type: 'stop', ref: 'stopped', runId: run.runId, ...claims });
    expect((await socket.frame('error', ({ ref }) => ref === 'sent')).code).toBe('forbidden');
    expect((await socket.frame('error', ({ ref }) => ref === 'stopped')).code).toBe('forbidden');
    await socket.close();
  });

  it('sends where the key was made for that, too', async () => {
    const socket = await open(`ticket=${await ticketOf(['read', 'chat'])}`);
    socket.send({ type: 'send', ref: 'sent', text: 'Hello' });
    await socket.frame('run', ({ ref }) => ref === 'sent');
    await socket.close();
  });

  it('is not opened by what is no ticket', async () => {
    const credentials = [owner.accessToken, keyOf('read'), owner.refreshToken, owner.id];
    const queries = credentials.flatMap((value) => [`ticket=${value}`, `access_token=${value}`, `token=${value}`]);
    const headers = { authorization: `Bearer ${owner.accessToken}`, cookie: `lamplight=${owner.refreshToken}` };
    for (const query of ['', 'ticket=', ...queries]) {
      const socket = new TestSocket(`${lamplight.url}/ws?${query}`, { headers });
      expect(await socket.closed, query).toBe(1008);
      expect(socket.frames).toEqual([]);
    }
  });

  it('gives no key a ticket that does not read', async () => {
    for (const scope of ['chat', 'admin'] as const) {
      const { status, text } = await ask(routes.createTicket, [bearer(keyOf(scope))]);
      expect([status, text]).toEqual([403, expect.stringContaining('forbidden')]);
    }
  });
});
