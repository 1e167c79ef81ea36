import { once } from 'node:events';
import { connect } from 'node:net';
import supertest from 'supertest';
import { describe, expect, it } from 'vitest';
import { routes } from '#contract/routes.ts';
import { AppError, storeUnavailable } from '#platform/errors.ts';
import { waitFor } from '#tests/servers/child.ts';
import { toErrorDetail } from './error-response.ts';
import type { RouteHandler } from './mount-route.ts';
import { createTestApp, type TestApp, type TestPrincipal } from './test-app.ts';

const bearer = ['Authorization', 'Bearer token-ada'] as const;
const traceId = 'a'.repeat(32);

function appThatDoes(handler: RouteHandler<typeof routes.followRun, TestPrincipal>): TestApp {
  const app = createTestApp();
  app.mount(routes.followRun, handler);
  app.finish();
  return app;
}
const appThatThrows = (error: unknown): TestApp =>
  appThatDoes(() => {
    throw error;
  });
const ask = (app: TestApp) =>
  supertest(app.express)
    .get('/api/runs/r1/events')
    .set(...bearer);

describe('the detail of an error', () => {
  it('is what an AppError says', () => {
    const details = [{ path: 'text', message: 'empty' }];
    expect(toErrorDetail(new AppError('invalid_request', 'No.', { details }), traceId)).toEqual({
      code: 'invalid_request',
      message: 'No.',
      details,
      traceId,
    });
  });

  it.each([
    new Error('password=hunter2'),
    new AppError('internal', 'hunter2'),
    'hunter2',
    undefined,
    null,
    { a: 'hunter2' },
  ])('tells nothing of %s but the trace ID', (error) => {
    const detail = toErrorDetail(error, traceId);
    expect(detail).toEqual({ code: 'internal', message: expect.stringContaining('on our side'), traceId });
    expect(JSON.stringify(detail)).not.toContain('hunter2');
  });
});

describe('a thrown error', () => {
  it.each([
    ['an Error', new Error('hunter2')],
    ['a string', 'hunter2'],
    ['undefined', undefined],
    ['null', null],
  ])('that is %s hides what it says, and is logged whole once', async (_what, error) => {
    const app = appThatThrows(error);
    const { body, headers } = await ask(app).expect(500);
    expect(body.error).toMatchObject({ code: 'internal', traceId: headers['x-trace-id'] });
    expect(JSON.stringify(body)).not.toContain('hunter2');
    await waitFor(() => app.lines.length === 2);
    expect(app.lines.map(({ level }) => level)).toEqual(['error', 'info']);
    if (error instanceof Error) expect(app.lines[0]?.fields.error).toBe(error);
    expect(app.lines[0]?.traceId).toBe(headers['x-trace-id']);
    expect(app.lines[1]?.fields).toMatchObject({ 'error.code': 'internal', 'event.outcome': 'failure' });
  });

  it('that says why it failed is logged at warn, with Retry-After where known', async () => {
    const app = appThatThrows(storeUnavailable(new Error('gone')));
    const { headers, body } = await ask(app).expect(503);
    expect(headers['retry-after']).toBe('2');
    expect(body.error.code).toBe('store_unavailable');
    await waitFor(() => app.lines.length === 2);
    expect(app.lines[0]).toMatchObject({ level: 'warn', fields: { 'error.code': 'store_unavailable' } });
  });

  it("of the client's making is in the request log alone", async () => {
    const app = appThatThrows(new AppError('not_found', undefined, { retryAfter: 0.2 }));
    const { headers } = await ask(app).expect(404);
    expect(headers['retry-after']).toBe('1');
    await waitFor(() => app.lines.length > 0);
    expect(app.lines).toMatchObject([{ level: 'info', fields: { 'error.code': 'not_found' } }]);
  });

  it('drops the headers of the reply that did not come', async () => {
    const app = appThatDoes(({ res }) => {
      res.setHeader('Content-Type', 'text/event-stream');
      res.setHeader('Content-Length', '9999');
      res.setHeader('Content-Encoding', 'gzip');
      throw new AppError('not_found');
    });
    const { body, headers } = await ask(app).expect(404);
    expect(headers['content-type']).toContain('application/json');
    expect(body.error.code).toBe('not_found');
  });
});

describe('an error after the reply began', () => {
  it('ends an event stream, so that its reader comes back', async () => {
    const app = appThatDoes(({ res }) => {
      res.setHeader('Content-Type', 'text/event-stream');
      res.write('data: 1\n\n');
      throw new Error('too late');
    });
    const { text } = await ask(app).expect(200);
    expect(text).toBe('data: 1\n\n');
    await waitFor(() => app.lines.length === 2);
    expect(app.lines.map(({ level }) => level)).toEqual(['error', 'info']);
  });

  it('cuts any other reply, so that it does not pass for whole', async () => {
    const app = appThatDoes(({ res }) => {
      res.setHeader('Content-Type', 'text/plain');
      res.write('half');
      throw new Error('too late');
    });
    await expect(ask(app)).rejects.toThrow(/aborted|socket hang up/);
    await waitFor(() => app.lines.length === 2);
  });

  it('after its end is logged and changes nothing', async () => {
    const app = appThatDoes(({ res }) => {
      res.end('whole');
      throw new Error('too late');
    });
    const { text } = await ask(app).expect(200);
    expect(text).toBe('whole');
    await waitFor(() => app.lines.some(({ level }) => level === 'error'));
  });
});

it('a write after the end harms nobody but is told', async () => {
  const app = appThatDoes(({ res }) => {
    res.end('whole');
    res.write('more');
  });
  const { text } = await ask(app).expect(200);
  expect(text).toBe('whole');
  await waitFor(() => app.lines.some(({ level }) => level === 'warn'));
  await ask(app).expect(200);
});

describe('a client that goes away', () => {
  const request = `GET /api/runs/r1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer token-ada\r\n\r\n`;

  async function leave(app: TestApp, send: string, arrived: () => boolean) {
    const { port, stop } = await app.start();
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(send);
    await waitFor(arrived, { what: 'the request to arrive' });
    socket.destroy();
    return stop;
  }

  it('aborts the signal, and is no error', async () => {
    let signal: AbortSignal | undefined;
    const app = appThatDoes(async (call) => {
      signal = call.signal;
      await once(signal, 'abort');
      signal.throwIfAborted();
    });
    const stop = await leave(app, request, () => signal !== undefined);
    await waitFor(() => app.lines.length === 2);
    expect(signal?.aborted).toBe(true);
    expect(app.lines.map(({ level }) => level).sort()).toEqual(['debug', 'info']);
    const line = app.lines.find(({ level }) => level === 'info');
    expect(line?.fields).toMatchObject({ 'http.response.status_code': 499, 'event.outcome': 'unknown' });
    expect(app.observations).toMatchObject([{ route: '/api/runs/:id/events', status: '499' }]);
    await stop();
  });

  it('has an aborted signal also where it is asked for late', async () => {
    let late: boolean | undefined;
    let arrived = false;
    const app = appThatDoes(async (call) => {
      arrived = true;
      await waitFor(() => call.res.closed);
      late = call.signal.aborted;
    });
    const stop = await leave(app, request, () => arrived);
    await waitFor(() => late !== undefined);
    expect(late).toBe(true);
    await stop();
  });

  it('in the middle of its body is no error', async () => {
    const app = createTestApp();
    app.mount(routes.createGuest, () => Promise.reject(new Error('not reached')));
    app.finish();
    const head =
      'POST /api/auth/guest HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"na';
    let arrived = false;
    const { port, server, stop } = await app.start();
    server.on('request', () => {
      arrived = true;
    });
    const socket = connect(port, '127.0.0.1');
    socket.write(head);
    await waitFor(() => arrived);
    socket.destroy();
    await waitFor(() => app.lines.length === 2);
    expect(app.lines.map(({ level }) => level).sort()).toEqual(['debug', 'info']);
    await stop();
  });

  it('does not hide what fails here', async () => {
    let arrived = false;
    const app = appThatDoes(async ({ res }) => {
      arrived = true;
      await once(res, 'close');
      throw new Error('a bug');
    });
    const stop = await leave(app, request, () => arrived);
    await waitFor(() => app.lines.some(({ level }) => level === 'error'));
    await stop();
  });
});
