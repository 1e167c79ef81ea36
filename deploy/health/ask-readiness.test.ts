import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '#scripts/programs/free-port.ts';
import { askReadiness } from './ask-readiness.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function opsServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return String((server.address() as AddressInfo).port);
}

const check = (port: string): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const main = fileURLToPath(new URL('main.ts', import.meta.url));
    execFile(process.execPath, [main], { env: { OPS_PORT: port } }, (error, stdout) =>
      resolve({ code: Number(error?.code ?? 0), output: stdout }),
    );
  });

describe('askReadiness', () => {
  it('is ready where the process says so, and passes on what it says', async () => {
    const port = await opsServer((request, response) =>
      response.end(request.url === '/readyz' ? '{"status":"ok"}\n' : ''),
    );
    expect(await askReadiness({ port, timeoutMs: 1000 })).toEqual({ ready: true, reason: '200 {"status":"ok"}' });
  });

  it('is not ready while the process stops', async () => {
    const port = await opsServer((_, response) => response.writeHead(503).end('{"status":"draining"}'));
    expect(await askReadiness({ port, timeoutMs: 1000 })).toEqual({
      ready: false,
      reason: '503 {"status":"draining"}',
    });
  });

  it('is not ready where nobody listens, and says so', async () => {
    const { ready, reason } = await askReadiness({ port: String(await freePort()), timeoutMs: 1000 });
    expect(ready).toBe(false);
    expect(reason).toMatch(/did not answer: .*ECONNREFUSED/);
  });

  it('does not wait longer than it may', async () => {
    const port = await opsServer(() => {});
    const { ready, reason } = await askReadiness({ port, timeoutMs: 50 });
    expect(ready).toBe(false);
    expect(reason).toMatch(/timeout/);
  });

  it('ends with 0 or 1, as a container engine wants it', async () => {
    const port = await opsServer((_, response) => response.end('fine'));
    expect(await check(port)).toEqual({ code: 0, output: '200 fine\n' });
    const nobody = await check(String(await freePort()));
    expect(nobody.code).toBe(1);
    expect(nobody.output).toMatch(/ECONNREFUSED/);
  });
});
