import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, inject, it } from 'vitest';
import { startLoad } from './load.fixture.ts';

const { k6 = '' } = inject('programs');

/** A server where people can sign in, and that says the same to whatever they ask then. */
async function startRefusing(status: number, headers: Record<string, string> = {}) {
  const server = createServer((request, response) => {
    if (request.url === '/health') response.end('{}');
    else if (request.url === '/api/auth/guest')
      response.writeHead(201).end(JSON.stringify({ access_token: 't', token_type: 'Bearer', expires_in: 60 }));
    else
      response.writeHead(status, headers).end(JSON.stringify({ error: { code: 'x', message: 'No.', traceId: 't' } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

describe.skipIf(!k6)('a load test of a server that refuses', { timeout: 60_000 }, () => {
  const patience = ['--duration', '1s', '--answer-limit', '2s', '--people', '4', '--think', '10ms'];

  it.concurrent.each([
    { status: 500, headers: {}, counted: 'serverErrors', fails: 'unexpected_status' },
    { status: 503, headers: {}, counted: 'serverErrors', fails: 'unexpected_status' },
    { status: 503, headers: { 'retry-after': '1' }, counted: 'askedToWait', fails: 'completed' },
    { status: 401, headers: {}, counted: 'signedOut', fails: 'signed_out' },
    { status: 409, headers: {}, counted: 'refused', fails: 'refused' },
    { status: 429, headers: { 'retry-after': '1' }, counted: 'rateLimited', fails: 'completed' },
  ] as const)(
    'counts $status $headers as $counted, and fails by $fails',
    async ({ status, headers, counted, fails }) => {
      await using server = await startRefusing(status, headers);
      const result = await (await startLoad(k6, ['smoke', '--url', server.url, ...patience])).ended;
      const { counts, checks } = result.summary ?? {};
      expect(counts?.[counted]).toBeGreaterThan(0);
      const others = ['serverErrors', 'askedToWait', 'signedOut', 'refused', 'rateLimited', 'scriptErrors'] as const;
      for (const other of others) if (other !== counted) expect([other, counts?.[other]]).toEqual([other, 0]);
      expect(counts).toMatchObject({ completed: 0, exact: 0, lost: counts?.started });
      const failed = checks?.filter(({ passed }) => !passed).map(({ name }) => name.replace(/:.*/, ''));
      expect(failed).toEqual(expect.arrayContaining([fails, 'completed']));
      expect(result.code).toBe(1);
    },
  );

  it.concurrent('counts handshakes of sockets that end with 502', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/api/auth/guest')
        response.writeHead(201).end(JSON.stringify({ access_token: 't', token_type: 'Bearer', expires_in: 60 }));
      else if (request.url === '/api/auth/ticket') response.writeHead(201).end('{"ticket":"t","expiresIn":60}');
      else response.writeHead(502).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const result = await (await startLoad(k6, ['smoke', '--url', url, '--sse', '0', ...patience])).ended;
    server.close();
    expect(result.summary?.checks).toContainEqual(
      expect.objectContaining({ name: 'ws_sessions{status:502}: count<1', passed: false }),
    );
    expect(result.code).toBe(1);
  });

  it.concurrent('fails at once where nobody is there', async () => {
    const result = await (await startLoad(k6, ['smoke', '--url', 'http://127.0.0.1:9', ...patience])).ended;
    expect(result.said).toContain('Nobody answers at http://127.0.0.1:9');
    expect(result.code).toBe(1);
  });
});
