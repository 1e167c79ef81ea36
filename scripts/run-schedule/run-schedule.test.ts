import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createdApiKey } from '#contract/accounts.ts';
import { newSchedule, schedule as scheduleReply } from '#contract/schedules.ts';
import { freePort } from '#scripts/programs/free-port.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import { runSchedule, UsageError } from './run-schedule.ts';

let app: TestChat;
let server: TestServer;
let scheduleId: string;
let keys: Record<'chat' | 'read', string>;
beforeAll(async () => {
  app = await createTestChat();
  server = await app.openTestServer();
  const ada = await server.client({ role: 'user' });
  const keyFor = async (scope: string) => {
    const created = await ada.call('POST', '/api/keys', { name: scope, scopes: [scope], expiresInDays: 1 });
    return created.as(createdApiKey).key;
  };
  keys = { chat: await keyFor('chat'), read: await keyFor('read') };
  scheduleId = (await ada.call('POST', '/api/schedules', newSchedule.parse({ name: 'Mila' }))).as(scheduleReply).id;
});
afterAll(() => app.close());

const run = (args: string[], environment: NodeJS.ProcessEnv = {}) =>
  runSchedule(args, { LAMPLIGHT_URL: `${server.url}/`, LAMPLIGHT_KEY: keys.chat, ...environment });

describe('npm run story', () => {
  it('has the story of a schedule written', async () => {
    const told = await run(['--schedule', scheduleId]);
    const { items } = await app.stories.stories.stories.find({ where: { scheduleId }, limit: 9 });
    expect(items).toHaveLength(1);
    expect(told).toBe(`The story ${items[0]?._id} is being written: ${server.url}/stories/${items[0]?._id}`);
  });

  it('has one story written where the reply was lost', async () => {
    const sent: string[] = [];
    const lossy = createServer(async (request, response) => {
      const body = await text(request);
      sent.push(body);
      const headers = { authorization: `Bearer ${keys.chat}`, 'content-type': 'application/json' };
      const reply = await fetch(`${server.url}${request.url}`, { method: 'POST', headers, body });
      if (sent.length === 1) return void request.socket.destroy();
      if (sent.length === 2) return void response.writeHead(504).end('The gateway gave up.');
      response.writeHead(reply.status, { 'content-type': 'application/json' }).end(await reply.text());
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => lossy.once('listening', resolve));
    const { port } = lossy.address() as AddressInfo;
    const count = async () =>
      (await app.stories.stories.stories.find({ where: { scheduleId }, limit: 99 })).items.length;
    const before = await count();
    expect(await run(['--schedule', scheduleId], { LAMPLIGHT_URL: `http://127.0.0.1:${port}` })).toContain('The story');
    lossy.close();
    expect([sent.length, new Set(sent).size]).toEqual([3, 1]);
    expect(await count()).toBe(before + 1);
  });

  it.each([
    [
      'a schedule that is not there',
      ['--schedule', 'none'],
      {},
      /does not exist, or it is not yours\. \(not_found, trace \w+\)/,
    ],
    ['an address where nothing is', ['--schedule', 'x'], { LAMPLIGHT_URL: '' }, /^Nothing answers at http/],
    ['a wrong key', ['--schedule', 'x'], { LAMPLIGHT_KEY: 'lamp_wrong' }, /\(unauthenticated, trace \w+\)/],
  ])('says what is wrong with %s', async (_, args, environment, message) => {
    const env =
      'LAMPLIGHT_URL' in environment ? { LAMPLIGHT_URL: `http://127.0.0.1:${await freePort()}` } : environment;
    await expect(run(args, env)).rejects.toThrow(message);
  });

  it('says that a key was not made for it', async () => {
    await expect(run(['--schedule', scheduleId], { LAMPLIGHT_KEY: keys.read })).rejects.toThrow(/scope.*\(forbidden/);
  });

  it('says that something else answers', async () => {
    const other = createServer((_, response) => response.writeHead(201).end('<html>')).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(run(['--schedule', 'x'], { LAMPLIGHT_URL: `http://127.0.0.1:${port}` })).rejects.toThrow(
      'is not Lamplight',
    );
    other.close();
  });

  it.each([
    ['no schedule', [], {}],
    ['an unknown option', ['--scheduel', 'x'], {}],
    ['no key', ['--schedule', 'x'], { LAMPLIGHT_KEY: '' }],
    ['no address', ['--schedule', 'x'], { LAMPLIGHT_URL: 'chat.example.org' }],
  ])('takes no command with %s', async (_, args, environment) => {
    await expect(run(args, environment)).rejects.toBeInstanceOf(UsageError);
  });

  it('explains itself', async () => {
    expect(await run(['--help'])).toBeUndefined();
  });
});
