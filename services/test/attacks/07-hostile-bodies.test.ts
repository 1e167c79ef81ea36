import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { me } from '#contract/accounts.ts';
import { conversation } from '#contract/conversations.ts';
import { errorResponse } from '#contract/errors.ts';
import type { Route } from '#contract/route.ts';
import { routes } from '#contract/routes.ts';
import { type AttackedLamplight, bearer, type Somebody, startAttackedLamplight } from './attacked-lamplight.fixture.ts';
import {
  type Bodied,
  bodied,
  fittingBodies,
  type HostileBody,
  hostileBodies,
  hostileValues,
  nested,
} from './hostile-bodies.fixture.ts';
import type { RawReply } from './raw-http.fixture.ts';

let lamplight: AttackedLamplight;
/** An administrator, so that no refusal is for lack of a role. */
let eve: Somebody;
let settings: unknown;
beforeAll(async () => {
  lamplight = await startAttackedLamplight();
  eve = await lamplight.newPerson('admin', 'Eve');
  settings = JSON.parse((await eve.client.call('GET', '/api/admin/settings')).text);
});
afterAll(() => lamplight.stop());

const names = Object.keys(fittingBodies) as Bodied[];
type Sent = Omit<HostileBody, 'what' | 'status'> & { readonly headers?: ReadonlyArray<readonly [string, string]> };

function send(name: Bodied, { body, type = 'application/json', encoding, headers = [] }: Sent): Promise<RawReply> {
  const route: Route = routes[name];
  return lamplight.raw({
    method: route.method.toUpperCase(),
    path: route.path.replace(':id', 'none'),
    headers: [
      ...(route.auth === 'session' ? [bearer(eve.accessToken)] : []),
      ...(type ? [['Content-Type', type] as const] : []),
      ...(encoding ? [['Content-Encoding', encoding] as const] : []),
      ...headers,
    ],
    body,
  });
}

/** A refusal in our form, with the trace ID that the header has. */
function expectRefusal({ status, headers, text }: RawReply, wanted: number, about: string): void {
  expect([status, text.slice(0, 300)], about).toEqual([wanted, expect.anything()]);
  const { error } = errorResponse.parse(JSON.parse(text));
  expect(error.traceId, about).toBe(headers['x-trace-id']);
  expect(text.length, about).toBeLessThan(30_000);
}

async function expectAlive(): Promise<void> {
  expect((await lamplight.raw({ path: '/health' })).status).toBe(200);
  const { process } = lamplight.process;
  expect([process.pid, process.exitCode, process.signalCode]).toEqual([lamplight.pid, null, null]);
}

it('every route that takes a body is tried', () => {
  expect(names.toSorted()).toEqual(bodied.toSorted());
  // Each body below fits but for what is wrong with it.
  for (const name of names) expect(routes[name].body.safeParse(fittingBodies[name]).success, name).toBe(true);
});

/** Objects take names that they do not know, so the value stands where they know one. */
const within: Readonly<Record<string, string>> = {
  budgets: 'user',
  values: 'name',
  promptValues: 'name',
  settings: 'readerName',
};
const placed = (field: string, value: unknown): unknown => {
  const name = within[field];
  return name === undefined ? value : { [name]: value };
};

describe.each(names)('%s', (name) => {
  it('refuses what is no body of its kind, and serves the next request', async () => {
    const route: Route = routes[name];
    for (const hostile of hostileBodies) {
      if (route.optionalBody && hostile.body === '') continue;
      expectRefusal(await send(name, hostile), hostile.status, hostile.what);
    }
    await expectAlive();
  });

  it('refuses operators, prototypes and lists in place of each of its values', async () => {
    for (const field of Object.keys(fittingBodies[name])) {
      for (const value of [...hostileValues, 'deep']) {
        const text = JSON.stringify({ ...fittingBodies[name], [field]: placed(field, value) });
        const body = text.replace('"deep"', nested(10_000, '{"a":', '}', '1'));
        if (body === text && value === 'deep') throw new Error('Nothing was nested.');
        expectRefusal(await send(name, { body }), 400, `${field}: ${body.slice(0, 200)}`);
      }
    }
    await expectAlive();
  });

  it('takes no value from a prototype', async () => {
    // Each value is missing, and a prototype has it: what is needed is missed, and what is not stays as it was.
    const inherited = JSON.stringify(fittingBodies[name]);
    for (const body of [`{"__proto__":${inherited}}`, `{"constructor":{"prototype":${inherited}}}`]) {
      const reply = await send(name, { body });
      expect(reply.status, reply.text).toBeLessThan(500);
      if (routes[name].body.safeParse({}).success) continue;
      expectRefusal(reply, 400, body);
    }
  });
});

describe('what is no whole request', () => {
  const path = '/api/conversations';
  const type = ['Content-Type', 'application/json'] as const;
  const post = (headers: ReadonlyArray<readonly [string, string]>, body: string) =>
    lamplight.raw({
      method: 'POST',
      path,
      headers: [bearer(eve.accessToken), type, ...headers],
      body,
      plainLength: false,
    });

  it.each([
    [
      'a length and chunks',
      [
        ['Content-Length', '4'],
        ['Transfer-Encoding', 'chunked'],
      ],
      '0\r\n\r\nGET / HTTP/1.1\r\n\r\n',
    ],
    [
      'two lengths',
      [
        ['Content-Length', '2'],
        ['Content-Length', '3'],
      ],
      '{} ',
    ],
    ['a negative length', [['Content-Length', '-1']], '{}'],
    ['a length that is no number', [['Content-Length', '2a']], '{}'],
    ['chunks that are not the last coding', [['Transfer-Encoding', 'chunked, gzip']], '2\r\n{}\r\n0\r\n\r\n'],
  ] as const)('%s is refused before any route', async (_what, headers, body) => {
    const reply = await post(headers, body);
    expectRefusalOfBytes(reply);
    await expectAlive();
  });

  it('a body whose chunks have no size is cut off', async () => {
    const cut = post([['Transfer-Encoding', 'chunked']], 'zz\r\n{}\r\n0\r\n\r\n');
    await expect(cut).rejects.toThrow('without a reply');
    await expectAlive();
  });

  it('chunks of 11 MB are refused by what they come to', async () => {
    const chunk = `100000\r\n${'a'.repeat(0x100000)}\r\n`;
    expectRefusal(await post([['Transfer-Encoding', 'chunked']], `${chunk.repeat(11)}0\r\n\r\n`), 413, 'chunks');
  });

  const expectRefusalOfBytes = (reply: RawReply) => {
    expect(reply.status).toBe(400);
    expect(reply.code).toBe('invalid_request');
  };
});

describe('a form', () => {
  const form = (body: string) =>
    send('createToken', { body, type: 'application/x-www-form-urlencoded' }).then(({ status, code }) => [status, code]);

  it('is refused with a name twice, in the manner of objects, and with more than it can need', async () => {
    const fits = 'username=eve%40lamplight.test&password=none';
    expect(await form(fits)).toEqual([401, 'wrong_credentials']);
    for (const wrong of ['&username=b', '&password=b', '&password[$ne]=b&username[$ne]=c']) {
      expect(await form(fits.replace(wrong.startsWith('&password[') ? fits : '', '') + wrong)).toEqual([
        400,
        'invalid_request',
      ]);
    }
    expect(await form('username[$ne]=a&password[$gt]=')).toEqual([400, 'invalid_request']);
    expect(await form('__proto__[username]=a&__proto__[password]=b')).toEqual([400, 'invalid_request']);
    expect(await form(`${fits}${'&a=b'.repeat(1_000)}`)).toEqual([400, 'invalid_request']);
    expect(await form(`${fits}&a=${'b'.repeat(50_000)}`)).toEqual([413, 'payload_too_large']);
  });
});

describe('frames', () => {
  it('of every hostile form are refused, and the socket goes on', async () => {
    const socket = await eve.client.socket();
    const texts = ['null', '[]', '0', '""', '{', '', '{}', '[{"type":"ping"}]', nested(10_000, '[', ']')];
    const deep = `{"type":"send","text":${nested(10_000, '{"a":', '}', '1')}}`;
    const swapped = hostileValues.flatMap((value) =>
      [{ type: value }, { type: 'send', text: value }, { type: 'subscribe', runId: value }].map((frame) =>
        JSON.stringify(frame),
      ),
    );
    const inherited = '{"__proto__":{"type":"send","text":"polluted"}}';
    const all = [...texts, deep, inherited, ...swapped];
    for (const text of all) socket.send(text);
    socket.send({ type: 'ping', ref: 'after' });
    await socket.frame('pong', ({ ref }) => ref === 'after');
    const codes = socket.frames.flatMap((frame) => (frame.type === 'error' ? [frame.code] : []));
    expect(codes).toEqual(all.map(() => 'invalid_frame'));
    socket.ws.send(Buffer.from('{"type":"ping","ref":"binary"}'));
    await socket.frame('error', () => socket.frames.filter(({ type }) => type === 'error').length > all.length);
    expect(await socket.close()).toBe(1005);
  });

  it('of more than allowed, or not of UTF-8, close the socket', async () => {
    const large = await eve.client.socket();
    large.send(`{"type":"ping","ref":"${'a'.repeat(600_000)}"}`);
    expect(await large.closed).toBe(1009);
    const broken = await eve.client.socket();
    broken.ws.send(Buffer.from('{"type":"ping","ref":"\xff"}', 'latin1'), { binary: false });
    expect(await broken.closed).toBe(1007);
    await expectAlive();
  });
});

describe('after all of it', () => {
  it('no prototype has changed', async () => {
    const made = await eve.client.call('POST', '/api/conversations', {});
    expect(made.as(conversation).title).toBe('');
    const changed = await eve.client.call('PATCH', '/api/me', {});
    expect(changed.as(me)).toMatchObject({ name: 'Eve', id: eve.id });
    expect(JSON.parse((await eve.client.call('GET', '/api/admin/settings')).text)).toEqual(settings);
  });

  it('nothing was an error of ours', async () => {
    const lines = (await lamplight.log()).split('\n').filter((line) => /"log\.level":"error"/.test(line));
    expect(lines).toEqual([]);
    expect(await lamplight.log()).toContain('"log.level":"info"');
  });
});
