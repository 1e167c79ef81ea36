import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { errorResponse } from '#contract/errors.ts';
import type { Route } from '#contract/route.ts';
import { AppError } from '#platform/errors.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTestApp } from './test-app.ts';

const route = {
  method: 'put',
  path: '/api/things/:id/picture',
  process: 'api',
  auth: 'session',
  scope: 'chat',
  summary: 'For tests',
  file: { types: ['image/png'], maxBytes: 1_000 },
  status: 204,
} as const satisfies Route;

async function serve(options: Parameters<typeof createTestApp>[0] = {}, wants = true) {
  const app = createTestApp(options);
  const files: string[] = [];
  app.mount(route, async ({ file, principal }) => {
    if (wants) files.push(`${principal.id} ${Buffer.from(await file()).toString('latin1')}`);
  });
  app.finish();
  const { url, port, stop } = await app.start();
  const put = (body: RequestInit['body'], headers: Record<string, string> = {}) => {
    const sent = { method: 'PUT', headers: { authorization: 'Bearer token-ada', ...headers }, body, duplex: 'half' };
    return fetch(`${url}/api/things/1/picture`, sent as RequestInit);
  };
  return { put, files, port, lines: app.lines, [Symbol.asyncDispose]: stop };
}
const codeOf = async (reply: Response) => [reply.status, errorResponse.parse(await reply.json()).error.code];
const stream = (...pieces: string[]) => ReadableStream.from(pieces.map((piece) => Buffer.from(piece)));

describe('a body that is a file', () => {
  it('reaches the handler as it is, by whatever type it comes', async () => {
    await using app = await serve();
    for (const type of ['image/png', 'text/html', 'application/json'])
      expect((await app.put('{"a"', { 'content-type': type })).status).toBe(204);
    expect((await app.put(stream('in ', 'pieces'))).status).toBe(204);
    expect(app.files).toEqual([...Array(3).fill('ada {"a"'), 'ada in pieces']);
  });

  it('is as long as it may be, and no longer, whether its length is told or not', async () => {
    await using app = await serve();
    expect((await app.put('x'.repeat(1_000))).status).toBe(204);
    expect(await codeOf(await app.put('x'.repeat(1_001)))).toEqual([413, 'payload_too_large']);
    expect(await codeOf(await app.put(stream('x'.repeat(1_000), 'x')))).toEqual([413, 'payload_too_large']);
    expect(app.files).toHaveLength(1);
  });

  it('has to be there', async () => {
    await using app = await serve();
    for (const body of [null, '', stream()])
      expect(await codeOf(await app.put(body))).toEqual([400, 'invalid_request']);
  });

  it('is not unpacked', async () => {
    await using app = await serve();
    expect(await codeOf(await app.put('x', { 'content-encoding': 'gzip' }))).toEqual([415, 'unsupported_media_type']);
  });

  it('is of somebody who is signed in, and is not read where it is not wanted', async () => {
    await using app = await serve({}, false);
    expect((await app.put('x'.repeat(1_001))).status).toBe(204);
    expect(await codeOf(await app.put('x', { authorization: 'Bearer token-eve' }))).toEqual([401, 'unauthenticated']);
    expect(app.files).toEqual([]);
  });

  it('that is cut off is no file', async () => {
    await using app = await serve();
    const socket = connect(app.port, '127.0.0.1');
    socket.write(
      'PUT /api/things/1/picture HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer token-ada\r\nContent-Length: 9\r\n\r\nhalf',
    );
    await once(socket, 'ready');
    socket.destroy();
    expect((await app.put('whole')).status).toBe(204);
    await waitFor(() => app.lines.some(({ message }) => message === 'The client went away'), { what: 'the end' });
    expect(app.files).toEqual(['ada whole']);
    expect(app.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is nothing where its sender was signed out while it came', async () => {
    let asked = 0;
    const authenticate = async () => {
      if (++asked > 1) throw new AppError('session_expired');
      return { id: 'ada' };
    };
    await using app = await serve({ authenticate });
    expect(await codeOf(await app.put('x'))).toEqual([401, 'session_expired']);
    expect(app.files).toEqual([]);
  });
});
