import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import { closing, type Edge, mainHost, openSocket, startEdge } from './edge.fixture.ts';
import { startEcho, type Upstream } from './upstream.fixture.ts';

const { nginx } = inject('programs');
const megabyte = 1024 ** 2;

const statusesOf = (text: string): number[] =>
  [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, code]) => Number(code));

/** Until it is written, which a server that does not read holds up. */
const written = (socket: Socket, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve) => void socket.write(bytes, () => resolve()));

/** What a client gets to see of an error: our form, with the trace that the header names. */
function errorOf(text: string): { code: string; traceId: string } {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const { error } = JSON.parse(body);
  expect(head.toLowerCase()).toContain(`x-trace-id: ${error.traceId}`);
  return error;
}

describe.skipIf(!nginx)('hostile requests', () => {
  let api: Upstream;
  let edge: Edge;
  /** One that does not wait as long for what does not come. */
  let hasty: Edge;
  beforeAll(async () => {
    api = await startEcho('api');
    const env = { EDGE_API_UPSTREAM: api.address, EDGE_REALTIME_UPSTREAM: api.address };
    edge = await startEdge(nginx ?? '', { env });
    hasty = await startEdge(nginx ?? '', {
      env,
      replace: [
        ['client_header_timeout 10s', 'client_header_timeout 400ms'],
        ['client_body_timeout 15s', 'client_body_timeout 400ms'],
      ],
    });
  });
  afterAll(async () => {
    await Promise.all([edge?.stop(), hasty?.stop()]);
    await api?.close();
  });
  /** Writes `start` and then `more` over and over, up to 100 MB, until something comes back; answers that and how much it took. */
  const pour = async (start: string, more: Uint8Array) => {
    const socket = await openSocket(edge.httpPort);
    const closed = closing(socket);
    let [received, sent] = ['', 0];
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
    });
    socket.write(start);
    while (received === '' && !socket.destroyed && sent < 100 * megabyte) {
      sent += more.length;
      await Promise.race([written(socket, more), closed]);
    }
    await waitFor(() => received.includes('\r\n\r\n{'), { what: 'the refusal' });
    socket.destroy();
    return { received, sent };
  };
  const head = (request: string, ...lines: string[]) =>
    `${[`${request} HTTP/1.1`, `Host: ${mainHost}`, ...lines].join('\r\n')}\r\n\r\n`;
  const last = 'Connection: close';

  it.each([
    ['both lengths', ['Content-Length: 6', 'Transfer-Encoding: chunked'], 400],
    ['two lengths', ['Content-Length: 6', 'Content-Length: 40'], 400],
    ['two lengths in one', ['Content-Length: 6, 6'], 400],
    ['a length with a sign', ['Content-Length: +6'], 400],
    ['an unknown coding', ['Transfer-Encoding: xchunked'], 405],
    ['two codings', ['Transfer-Encoding: chunked, identity'], 405],
    ['a coding twice', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], 400],
    ['a header with a space before its colon', ['Transfer-Encoding : chunked', 'Content-Length: 6'], 400],
    ['a folded header', ['X-A: 1', ' Transfer-Encoding: chunked'], 400],
  ] as const)('that could be read as two get one refusal: %s', async (_, lines, status) => {
    const before = api.seen.length;
    const reply = await edge.raw(
      `${head('POST /api/me', ...lines)}0\r\n\r\nGET /api/smuggled HTTP/1.1\r\nHost: ${mainHost}\r\n\r\n`,
    );
    expect(statusesOf(reply)).toEqual([status]);
    expect(errorOf(reply).code).toBe('invalid_request');
    expect(api.seen.length).toBe(before);
  });

  it('that hide a coding in a header that others might read do not reach a service with it', async () => {
    const reply = await edge.raw(`${head('POST /api/me', 'Transfer_Encoding: chunked', 'Content-Length: 2', last)}{}`);
    expect(statusesOf(reply)).toEqual([200]);
    expect(api.seen.at(-1)?.rawHeaders.join().toLowerCase()).not.toContain('transfer');
  });

  it('in chunks reach a service with their length', async () => {
    const reply = await edge.raw(
      `${head('POST /api/me', 'Transfer-Encoding: chunked', last)}2;x=y\r\n{}\r\n0\r\nX-Trailer: 1\r\n\r\n`,
    );
    expect(statusesOf(reply)).toEqual([200]);
    expect(api.seen.at(-1)).toMatchObject({ bytes: 2, headers: { 'content-length': '2' } });
    expect(api.seen.at(-1)?.headers['transfer-encoding']).toBeUndefined();
  });

  it.each([
    '/../etc/passwd',
    '/assets/../../../etc/passwd',
    '/assets/..%2f..%2f..%2fetc/passwd',
    '/assets/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..\\..\\etc\\passwd',
    '/assets/..%5c..%5cetc%5cpasswd',
    '/assets../../etc/passwd',
    '/.well-known/acme-challenge/../../../../etc/passwd',
    '/api/../metrics',
    '/api/%2e%2e/metrics',
    '/api/x/%2E%2E%2Fmetrics',
    '/api/./me',
    '/api//me',
    '/api/a%20b%3fc//me',
    '/api/a%20b%3fc/..%2fme',
    '/api/..',
    '/api/..?x',
    '//api/me',
    '/api/me%00.js',
    '/settings.js%00',
    '/api/%',
    '/api/%zz',
  ])('for a path that is not plain are refused: %s', async (path) => {
    const before = api.seen.length;
    const reply = await edge.raw(head(`GET ${path}`, 'Accept: text/html', last));
    expect([400, 404]).toContain(statusesOf(reply)[0]);
    expect(['invalid_request', 'not_found']).toContain(errorOf(reply).code);
    expect(api.seen.length).toBe(before);
  });

  it.each([
    ['a null byte in a path', head('GET /api/\0me', last)],
    ['a null byte in a header', head('GET /api/me', 'X-A: a\0b', last)],
    ['a line break of its own', `GET /api/me HTTP/1.1\r\nHost: ${mainHost}\r\nX-A: a\rb: c\r\n${last}\r\n\r\n`],
    ['no host', `GET /api/me HTTP/1.1\r\n${last}\r\n\r\n`],
    ['two hosts', head('GET /api/me', 'Host: evil.org')],
    ['a host that is none', `GET /api/me HTTP/1.1\r\nHost: ${mainHost}/evil\r\n${last}\r\n\r\n`],
    ['a host with a name before it', `GET /api/me HTTP/1.1\r\nHost: evil.org@${mainHost}\r\n${last}\r\n\r\n`],
    ['the address of another host', `GET http://evil.org/api/me HTTP/1.1\r\nHost: ${mainHost}\r\n${last}\r\n\r\n`],
    ['a tunnel', `CONNECT evil.org:443 HTTP/1.1\r\nHost: evil.org:443\r\n${last}\r\n\r\n`],
    ['an echo', head('TRACE /api/me', last)],
    ['a version that is none', `GET /api/me HTTP/3.7\r\nHost: ${mainHost}\r\n\r\n`],
    ['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a handshake', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
  ])('with %s are refused', async (_, bytes) => {
    const before = api.seen.length;
    const [status = 0] = statusesOf(await edge.raw(Buffer.from(bytes, 'latin1')));
    expect([400, 405, 421, 505]).toContain(status);
    expect(api.seen.length).toBe(before);
  });

  it('with the address of this host in full are taken for what they are', async () => {
    const reply = await edge.raw(head(`GET http://${mainHost}/api/absolute?x=1`, last));
    expect(statusesOf(reply)).toEqual([200]);
    expect(api.seen.at(-1)).toMatchObject({ url: '/api/absolute?x=1', headers: { host: mainHost } });
  });

  it('with HTTP/1.0 get an answer in its form', async () => {
    const reply = await edge.raw(`GET /api/me HTTP/1.0\r\nHost: ${mainHost}\r\n\r\n`);
    expect(statusesOf(reply)).toEqual([200]);
    expect(reply.toLowerCase()).not.toContain('transfer-encoding');
  });

  it('with headers or an address that are too long are refused, with the error of the API', async () => {
    const long = 'a'.repeat(8_200);
    const many = Array.from({ length: 40 }, (_, n) => `X-${n}: ${'a'.repeat(1_000)}`);
    const cases = [
      [head(`GET /api/${long}`, last), 414],
      [head('GET /api/me', `X-A: ${long}`, last), 431],
      [head('GET /api/me', ...many, last), 431],
      [head('GET /api/me', `Cookie: ${long}`, last), 431],
    ] as const;
    for (const [bytes, status] of cases) {
      const reply = await edge.raw(bytes);
      expect(statusesOf(reply)).toEqual([status]);
      expect(errorOf(reply).code).toBe('payload_too_large');
    }
  });

  it('with a header that never ends are refused early', async () => {
    const { received, sent } = await pour(
      `GET / HTTP/1.1\r\nHost: ${mainHost}\r\n`,
      Buffer.from(`X-A: ${'a'.repeat(1_000)}\r\n`.repeat(16)),
    );
    expect([statusesOf(received), errorOf(received).code]).toEqual([[431], 'payload_too_large']);
    expect(sent).toBeLessThan(40 * megabyte);
  });

  it('with a body of 100 MB are refused, whether they say so before or not', async () => {
    const before = api.seen.length;
    const announced = await edge.raw(head('POST /api/files', 'Content-Length: 104857600', last));
    expect([statusesOf(announced), errorOf(announced).code]).toEqual([[413], 'payload_too_large']);
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536, 'a'), Buffer.from('\r\n')]);
    const { received, sent } = await pour(head('POST /api/files', 'Transfer-Encoding: chunked'), chunk);
    expect(statusesOf(received)).toEqual([413]);
    expect(sent).toBeLessThan(40 * megabyte);
    expect(api.seen.length).toBe(before);
  });

  it('that come a byte at a time lose their connection, and hold no other up', async () => {
    const slow = await Promise.all(Array.from({ length: 200 }, () => openSocket(hasty.httpPort)));
    const closed = slow.map((socket) => {
      socket.resume();
      return closing(socket);
    });
    const drip = setInterval(() => {
      for (const socket of slow) if (!socket.destroyed) socket.write('a');
    }, 50);
    for (const socket of slow) socket.write(`GET / HTTP/1.1\r\nHost: ${mainHost}\r\nX-Slow: `);
    expect((await hasty.ask('/api/me')).status).toBe(200);
    await Promise.all(closed);
    clearInterval(drip);
  });

  it('whose body does not come lose their connection, and reach no service', async () => {
    const before = api.seen.length;
    const reply = await hasty.raw(`${head('POST /api/me', 'Content-Length: 1000')}{`);
    expect([[], [408]]).toContainEqual(statusesOf(reply));
    expect(api.seen.length).toBe(before);
  });
});
