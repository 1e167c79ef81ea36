import { gzipSync } from 'node:zlib';
import supertest from 'supertest';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Route } from '#contract/route.ts';
import { routes } from '#contract/routes.ts';
import { AppError, notFound } from '#platform/errors.ts';
import { waitFor } from '#tests/servers/child.ts';
import { maxBodyBytes } from './read-body.ts';
import { createTestApp } from './test-app.ts';

const bearer = ['Authorization', 'Bearer token-ada'] as const;
const deep = {
  method: 'post',
  path: '/api/things/:id',
  process: 'api',
  auth: 'none',
  summary: 'For tests',
  params: z.object({ id: z.string().max(3) }),
  query: z.object({ limit: z.coerce.number().int().default(5) }),
  body: z.object({ items: z.array(z.object({ name: z.string() })).default([]), text: z.string().optional() }),
  status: 200,
  reply: z.object({ seen: z.unknown() }),
} as const satisfies Route;

function appWithThings() {
  const app = createTestApp();
  app.mount(deep, ({ params, query, body }) => ({ seen: { params, query, body } }));
  app.finish();
  return app;
}
const post = (path = '/api/things/a') => supertest(appWithThings().express).post(path);

it('takes no body for an empty object where the route says so, and nowhere else', async () => {
  const app = createTestApp();
  app.mount({ ...deep, path: '/api/others/:id', optionalBody: true }, ({ body }) => ({ seen: body }));
  app.finish();
  const others = () => supertest(app.express).post('/api/others/a');
  expect((await others().expect(200)).body.seen).toEqual({ items: [] });
  expect((await others().send({ text: 'x' }).expect(200)).body.seen).toEqual({ items: [], text: 'x' });
  await others().send('null').set('Content-Type', 'application/json').expect(400);
  await others().send('text').set('Content-Type', 'text/plain').expect(415);
  expect((await post().expect(400)).body.error.message).toContain('needs a body');
});

describe('the session of a route', () => {
  const app = createTestApp();
  const served: unknown[] = [];
  app.mount(routes.stopRun, ({ principal }) => void served.push(principal));
  app.mount(routes.health, () => ({ status: 'ok', service: 's', version: '1', dependencies: {} }) as const);
  app.finish();
  const stop = () => supertest(app.express).post('/api/runs/r1/stop');

  it.each([
    ['nothing', ''],
    ['another scheme', 'Basic dG9rZW4tYWRh'],
    ['a scheme alone', 'Bearer'],
    ['two tokens', 'Bearer token-ada token-ada'],
    ['an unknown token', 'Bearer token-eve'],
  ])('is refused with %s', async (_what, authorization) => {
    const { body, headers } = await stop().set('Authorization', authorization).expect(401);
    expect(body.error.code).toBe('unauthenticated');
    expect(headers['www-authenticate']).toBe('Bearer');
    expect(served).toEqual([]);
  });

  it('is refused as expired where it was one of ours', async () => {
    const { body } = await stop().set('Authorization', 'Bearer token-old').expect(401);
    expect(body.error.code).toBe('session_expired');
  });

  it('gives the handler whom the token speaks for, and is not asked of open routes', async () => {
    const reply = await stop().set('Authorization', 'bearer token-ada').expect(202);
    expect(reply.text).toBe('');
    expect(served).toEqual([{ id: 'ada' }]);
    await supertest(app.express).get('/health').expect(200);
  });

  it('is checked before the body is read', async () => {
    const closed = createTestApp();
    closed.mount(routes.sendSimple, () => Promise.reject(new Error('not reached')));
    closed.finish();
    await supertest(closed.express).post('/api/chat/send-simple').type('json').send('{').expect(401);
  });
});

describe('what comes in', () => {
  it('reaches the handler as its schemas have it, without unknown fields', async () => {
    const { body } = await post('/api/things/a?limit=7&other=1').send({ text: 'hi', other: 1, __proto__: { x: 1 } });
    expect(body.seen).toEqual({ params: { id: 'a' }, query: { limit: 7 }, body: { items: [], text: 'hi' } });
  });

  it('is refused with everything that is wrong, by dotted paths', async () => {
    const { body } = await post('/api/things/long?limit=x')
      .send({ items: [{ name: 'a' }, {}], text: 5 })
      .expect(400);
    expect(body.error.code).toBe('invalid_request');
    expect(body.error.details.map(({ path }: { path: string }) => path)).toEqual([
      'id',
      'limit',
      'items.1.name',
      'text',
    ]);
    expect(body.error.message).toMatch(
      /^This request is not right\. id: .+; limit: .+; items\.1\.name: .+; and 1 more$/,
    );
  });

  it('is complained of in a reply of bearable size', async () => {
    const { body } = await post()
      .send({ items: Array.from({ length: 20_000 }, () => 0) })
      .expect(400);
    expect(body.error.details.length).toBe(100);
    expect(body.error.message).toContain('and 19997 more');
  });

  it('may be nested as deep as it fits', async () => {
    const deepest = 700_000;
    await post()
      .type('json')
      .send(`${'['.repeat(deepest)}${']'.repeat(deepest)}`)
      .expect(400);
  });

  it.each(['?limit=1&limit=2', '?limit=1.5', '?limit=NaN'])('refuses the query %s', async (query) => {
    const { body } = await post(`/api/things/a${query}`).send({}).expect(400);
    expect(body.error.details).toEqual([{ path: 'limit', message: expect.any(String) }]);
  });

  it('refuses an address that is not well formed', async () => {
    const { body } = await post('/api/things/%E0%A4%A').send({}).expect(400);
    expect(body.error).toMatchObject({ code: 'invalid_request', message: 'The request is not well formed.' });
  });

  it.each(['{', '{"a":}', '\u0000', '{"text":"a"} trailing', "{'a':1}"])(
    'refuses %j, which is not JSON',
    async (text) => {
      const { body } = await post().type('json').send(text).expect(400);
      expect(body.error).toMatchObject({ code: 'invalid_request', message: 'The body is not JSON.' });
    },
  );

  it.each(['[]', '"text"', '5', 'null', 'true'])('refuses %s, which is JSON but not an object', async (text) => {
    const { body } = await post().type('json').send(text).expect(400);
    expect(body.error.details).toEqual([{ path: '', message: expect.stringContaining('expected object') }]);
  });

  it('refuses no body at all, saying so', async () => {
    for (const request of [post(), post().type('json'), post().type('json').set('Content-Length', '0')]) {
      const { body } = await request.expect(400);
      expect(body.error).toMatchObject({ code: 'invalid_request', message: expect.stringContaining('none came') });
    }
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'nonsense'])(
    'refuses a body of the type %s',
    async (type) => {
      const { body } = await post().set('Content-Type', type).send('text=hi').expect(415);
      expect(body.error.code).toBe('unsupported_media_type');
    },
  );

  it('refuses charsets and encodings that it does not read', async () => {
    const charset = await post().set('Content-Type', 'application/json; charset=iso-8859-1').send('{}').expect(415);
    expect(charset.body.error.code).toBe('unsupported_media_type');
    const encoding = await post().type('json').set('Content-Encoding', 'lzma').send('{}').expect(415);
    expect(encoding.body.error.code).toBe('unsupported_media_type');
  });

  it('refuses a body of 2 MB, whatever it claims to be', async () => {
    const text = JSON.stringify({ text: 'x'.repeat(2_000_000) });
    const plain = await post().type('json').send(text).expect(413);
    expect(plain.body.error).toMatchObject({ code: 'payload_too_large', message: expect.stringContaining('1.5 MB') });
    const packed = post().type('json').set('Content-Encoding', 'gzip');
    packed.write(gzipSync(text));
    const bomb = await packed.expect(413);
    expect(bomb.body.error.code).toBe('payload_too_large');
  });

  it('refuses a compressed body that is broken', async () => {
    const request = post().type('json').set('Content-Encoding', 'gzip');
    request.write(Buffer.from('not gzip at all'));
    const { body } = await request.expect(400);
    expect(body.error).toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('could not be read'),
    });
  });

  it('takes 100,000 emoji, even with each escaped', async () => {
    const escaped = `{"text":"${'\\ud83d\\ude00'.repeat(100_000)}"}`;
    expect(escaped.length).toBeLessThan(maxBodyBytes);
    const { body } = await post().type('json').send(escaped).expect(200);
    expect([...body.seen.body.text].length).toBe(100_000);
  });
});

describe('what goes out', () => {
  const drifting = {
    method: 'get',
    path: '/api/drift',
    process: 'api',
    auth: 'none',
    summary: 'For tests',
    status: 201,
    reply: z.object({ name: z.string() }),
  } as const satisfies Route;

  it.each([
    ['lacks a field', {}],
    ['has a field that the contract does not know', { name: 'a', passwordHash: 'x' }],
    ['is nothing', undefined],
  ])('fails a test where it %s', async (_what, reply) => {
    const app = createTestApp();
    app.mount(drifting, () => reply as { name: string });
    app.finish();
    await supertest(app.express).get('/api/drift').expect(500);
    expect(app.lines[0]).toMatchObject({ level: 'error', fields: { error: expect.any(Error) } });
    expect(String(app.lines[0]?.fields.error)).toContain('/api/drift answers');
  });

  it('fails a test where its error is none that the contract names', async () => {
    const app = createTestApp();
    app.mount(routes.getMe, () => Promise.reject(new AppError('not_retryable')));
    app.finish();
    await supertest(app.express)
      .get('/api/me')
      .set(...bearer)
      .expect(500);
    expect(String(app.lines[0]?.fields.error)).toContain('/api/me answers not_retryable');
  });

  it('is sent as it is, unchecked, where checks are off', async () => {
    const app = createTestApp({ checkReplies: false });
    const reply = { name: 'a', more: 1 };
    app.mount(drifting, () => reply);
    app.finish();
    const { body } = await supertest(app.express).get('/api/drift').expect(201);
    expect(body).toEqual(reply);
  });
});

describe('a stream of events', () => {
  it('is written by its handler, and observed when it opens', async () => {
    const app = createTestApp();
    app.mount(routes.followRun, async ({ res }) => {
      res.setHeader('Content-Type', 'text/event-stream');
      res.flushHeaders();
      await waitFor(() => app.observations.length === 1);
      res.end('event: reset\ndata: {}\n\n');
    });
    app.finish();
    const { text } = await supertest(app.express)
      .get('/api/runs/r1/events')
      .set(...bearer)
      .expect(200);
    expect(text).toBe('event: reset\ndata: {}\n\n');
    await waitFor(() => app.lines.length === 1);
    expect(app.observations).toMatchObject([{ method: 'GET', route: '/api/runs/:id/events', status: '200' }]);
    expect(app.lines[0]?.fields['event.duration']).toBeGreaterThan((app.observations[0]?.seconds ?? 0) * 1e9);
  });

  it('answers HEAD as it would GET, without its events', async () => {
    const app = createTestApp();
    app.mount(routes.followRun, ({ params, res }) => {
      if (params.id === 'none') throw notFound('answer');
      res.setHeader('Content-Type', 'text/event-stream');
    });
    app.finish();
    const head = (id: string) =>
      supertest(app.express)
        .head(`/api/runs/${id}/events`)
        .set(...bearer);
    await head('r1').expect(200).expect('content-type', 'text/event-stream');
    await head('none').expect(404);
  });

  it('may be over before it began', async () => {
    const app = createTestApp();
    app.mount(routes.followRun, ({ res }) => void res.status(204).end());
    app.mount(routes.send, () => {
      throw new AppError('answer_running');
    });
    app.finish();
    const followed = supertest(app.express);
    await followed
      .get('/api/runs/r1/events')
      .set(...bearer)
      .expect(204);
    await followed
      .post('/api/chat/send')
      .set(...bearer)
      .send({ text: 'hi' })
      .expect(409);
  });
});
