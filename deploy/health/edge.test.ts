import { execFile } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { freePort } from '#tests/servers/child.ts';
import { findProgram } from '#tests/servers/programs.ts';

const script = fileURLToPath(new URL('edge.pl', import.meta.url));

const perl = findProgram('perl') ?? '';

const check = (port: number): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], EDGE_HTTP_PORT: String(port) };
    execFile(perl, [script], { env }, (error, stdout) => resolve({ code: Number(error?.code ?? 0), output: stdout }));
  });

/** What the check finds at a server that answers its request with `answer`. */
async function checkAnswer(answer: string) {
  const server = createServer((socket) => void socket.once('data', () => socket.end(answer))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await check((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

describe.skipIf(perl === '')("the edge image's health check", () => {
  it.each(['301 Moved Permanently', '404 Not Found'])('takes %s for a sign that nginx serves', async (status) => {
    expect(await checkAnswer(`HTTP/1.1 ${status}\r\n\r\n`)).toEqual({ code: 0, output: `HTTP/1.1 ${status}\n` });
  });

  it.each([
    ['HTTP/1.1 500 Internal Server Error\r\n\r\n', /500/],
    ['SSH-2.0-OpenSSH\r\n', /SSH/],
    ['', /closed the connection without an answer/],
  ])('is not content with %j', async (answer, reason) => {
    const { code, output } = await checkAnswer(answer);
    expect([code, output]).toEqual([1, expect.stringMatching(reason)]);
  });

  it('says that nobody listens', async () => {
    expect(await check(await freePort())).toEqual({
      code: 1,
      output: expect.stringMatching(/cannot be reached: .*refused/),
    });
  });
});
