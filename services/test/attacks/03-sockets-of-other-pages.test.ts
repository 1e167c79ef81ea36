import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createdApiKey } from '#contract/accounts.ts';
import { closeCodes } from '#contract/socket.ts';
import { waitFor } from '#tests/servers/child.ts';
import { TestClient, TestSocket } from '#tests/servers/test-client.ts';
import { type AttackedLamplight, type Somebody, startAttackedLamplight } from './attacked-lamplight.fixture.ts';

const publicUrl = 'https://chat.lamplight.test';
const listed = 'https://app.elsewhere.test';

describe('a socket that somebody else opens', () => {
  let lamplight: AttackedLamplight;
  let ada: Somebody;
  let eve: Somebody;
  beforeAll(async () => {
    lamplight = await startAttackedLamplight({ PUBLIC_URL: publicUrl, CORS_ORIGINS: listed });
    ada = await lamplight.newPerson('user', 'Ada');
    eve = await lamplight.newPerson('guest', 'Eve');
  });
  afterAll(() => lamplight?.stop());

  /** The handshake as a browser sends it, up to what the server says first. */
  const knock = (ticket: string, headers: Array<readonly [string, string]> = []) =>
    lamplight.raw({
      path: `/ws?ticket=${ticket}`,
      headers: [
        ['Upgrade', 'websocket'],
        ['Connection', 'Upgrade'],
        ['Sec-WebSocket-Version', '13'],
        ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
        ...headers,
      ],
    });
  const open = (query: string, headers: Record<string, string> = {}) =>
    new TestSocket(`${lamplight.url}/ws${query}`, { headers });
  const greeted = async (socket: TestSocket) => {
    await socket.frame('ready');
    expect(await socket.close()).toBe(1005);
  };
  const host = () => new URL(lamplight.url).host;

  it.each<[string, Array<readonly [string, string]>]>([
    ['another site', [['Origin', 'https://evil.test']]],
    ['no site: a sandboxed frame, a file', [['Origin', 'null']]],
    ['an empty origin', [['Origin', '']]],
    ['a neighbouring host', [['Origin', 'https://evil.lamplight.test']]],
    ['the domain above', [['Origin', 'https://lamplight.test']]],
    ['our host on another port', [['Origin', 'https://chat.lamplight.test:8443']]],
    ['our host without TLS', [['Origin', 'http://chat.lamplight.test']]],
    ['a host that begins with ours', [['Origin', 'https://chat.lamplight.test.evil.test']]],
    ['ours with a name before it', [['Origin', 'https://chat.lamplight.test@evil.test']]],
    ['ours in capitals, which no browser sends', [['Origin', 'HTTPS://CHAT.LAMPLIGHT.TEST']]],
    ['ours with a path', [['Origin', 'https://chat.lamplight.test/']]],
    ['two origins in one', [['Origin', `${publicUrl}, https://evil.test`]]],
    ['an origin that is listed in part', [['Origin', 'https://app.elsewhere.test.evil.test']]],
    [
      'one that says it is ours and is not',
      [
        ['Origin', publicUrl],
        ['Sec-Fetch-Site', 'cross-site'],
      ],
    ],
    ['one that hides its origin', [['Sec-Fetch-Site', 'cross-site']]],
  ])('is refused where the page is of %s, and its ticket stays whole', async (_what, headers) => {
    const ticket = await ada.client.ticket();
    const reply = await knock(ticket, headers);
    expect([reply.status, reply.code, reply.headers['sec-websocket-accept']]).toEqual([403, 'forbidden', undefined]);
    expect(reply.headers['x-trace-id']).toMatch(/^[0-9a-f]{32}$/);
    await greeted(open(`?ticket=${ticket}`));
  });

  it.each<[string, () => Record<string, string>]>([
    ['people type', () => ({ Origin: publicUrl, 'Sec-Fetch-Site': 'same-origin' })],
    ['CORS_ORIGINS lists', () => ({ Origin: listed, 'Sec-Fetch-Site': 'cross-site' })],
    ['the request names as its host', () => ({ Origin: `https://${host()}` })],
  ])('opens from the page that %s', async (_what, headers) => {
    await greeted(open(`?ticket=${await ada.client.ticket()}`, headers()));
  });

  it('opens for a program, which sends no origin: the ticket is the credential', async () => {
    await greeted(open(`?ticket=${await ada.client.ticket()}`));
  });

  it('is not opened by a cookie, an access token, a refresh token or a key', async () => {
    const { key } = (await ada.client.call('POST', '/api/keys', { name: 'A program', scopes: ['read'] })).as(
      createdApiKey,
    );
    const ticket = await ada.client.ticket();
    const cookie = { Cookie: `__Host-lamplight=${ada.refreshToken}; lamplight=${ada.refreshToken}; ticket=${ticket}` };
    const sockets = [
      open('', cookie),
      open('?ticket=', cookie),
      open('', { Authorization: `Bearer ${ada.accessToken}` }),
      open(`?ticket=${ada.accessToken}`),
      open(`?ticket=${ada.refreshToken}`),
      open(`?ticket=${key}`),
      open(`?access_token=${ada.accessToken}&token=${ada.accessToken}`),
    ];
    for (const socket of sockets) {
      expect(await socket.closed).toBe(closeCodes.policy);
      expect(socket.frames).toEqual([]);
    }
    await greeted(open(`?ticket=${ticket}`));
  });

  it('is not opened by another spelling of a ticket, nor by what the store keeps of it', async () => {
    const ticket = await ada.client.ticket();
    const upside = [...ticket].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join('');
    const hash = createHash('sha256').update(ticket).digest('base64url');
    const queries = [
      upside,
      hash,
      ` ${ticket}`,
      `${ticket}%00`,
      `${ticket}=`,
      ticket.slice(0, -1),
      `x&ticket=${ticket}`,
    ];
    for (const query of queries) {
      const socket = open(`?ticket=${query}`);
      expect([query === hash ? 'hash' : query.length, await socket.closed, socket.frames]).toEqual([
        query === hash ? 'hash' : query.length,
        closeCodes.policy,
        [],
      ]);
    }
    for (const query of [`ticket[]=${ticket}`, `ticket[$ne]=`, `TICKET=${ticket}`])
      expect(await open(`?${query}`).closed).toBe(closeCodes.policy);
    await greeted(open(`?ticket=${ticket}`));
  });

  it('is opened by a ticket once: of ten who come with the same at the same time, by one', async () => {
    const ticket = await ada.client.ticket();
    const sockets = Array.from({ length: 10 }, () => open(`?ticket=${ticket}`));
    let refused = 0;
    for (const { closed } of sockets) void closed.then((code) => (refused += code === closeCodes.policy ? 1 : 0));
    await waitFor(() => refused === 9, { what: 'nine sockets to be refused' });
    await waitFor(() => sockets.filter(({ frames }) => frames.length === 1).length === 1);
    expect(await open(`?ticket=${ticket}`).closed).toBe(closeCodes.policy);
    for (const socket of sockets) await socket.close();
  });

  it('is not opened by a ticket that has run out', async () => {
    const [ticket, other] = [await ada.client.ticket(), await ada.client.ticket()];
    const store = new DatabaseSync(join(lamplight.dataDir, 'lamplight.db'), { timeout: 5_000 });
    const { changes } = store
      .prepare(`UPDATE tickets SET doc = json_set(doc, '$.expiresAt', ?), "$.expiresAt" = ? WHERE _id = ?`)
      .run(Date.now() - 1, Date.now() - 1, createHash('sha256').update(ticket).digest('base64url'));
    store.close();
    expect(changes).toBe(1);
    expect(await open(`?ticket=${ticket}`).closed).toBe(closeCodes.policy);
    await greeted(open(`?ticket=${other}`));
  });

  it('is not opened by a ticket whose session has ended, in whatever way', async () => {
    const one = await lamplight.newPerson('guest');
    const two = await lamplight.newPerson('user');
    const tickets = [await one.client.ticket(), await two.client.ticket()];
    expect((await one.client.call('POST', '/api/auth/logout')).status).toBe(204);
    const disabled = await lamplight.admin.client.call('PATCH', `/api/admin/people/${two.id}`, { disabled: true });
    expect(disabled.status).toBe(200);
    for (const ticket of tickets) {
      const socket = open(`?ticket=${ticket}`);
      expect([await socket.closed, socket.frames]).toEqual([closeCodes.policy, []]);
    }
  });

  it('is not opened by a ticket of a key that was ended', async () => {
    const made = await ada.client.call('POST', '/api/keys', { name: 'A program', scopes: ['read'] });
    const { id, key } = made.as(createdApiKey);
    const ticket = await new TestClient(lamplight.url, key).ticket();
    expect((await ada.client.call('DELETE', `/api/keys/${id}`)).status).toBe(204);
    expect(await open(`?ticket=${ticket}`).closed).toBe(closeCodes.policy);
  });

  it('speaks for whose ticket it is, whatever else comes along', async () => {
    const { run } = await ada.client.ask('Of Ada alone');
    const socket = open(`?ticket=${await eve.client.ticket()}`, {
      Authorization: `Bearer ${ada.accessToken}`,
      Cookie: `__Host-lamplight=${ada.refreshToken}`,
    });
    await socket.frame('ready');
    socket.send({ type: 'subscribe', runId: run.runId, ref: 'a' });
    expect(await socket.frame('error')).toMatchObject({ ref: 'a', code: 'not_found' });
    socket.send({ type: 'stop', runId: run.runId, ref: 'b' });
    expect(await socket.frame('error', ({ ref }) => ref === 'b')).toMatchObject({ code: 'not_found' });
    expect(socket.textOf(run.runId)).toBe('');
    await socket.close();
  });
});
