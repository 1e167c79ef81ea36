import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { mainHost, startEdge } from './edge.fixture.ts';
import { startEcho } from './upstream.fixture.ts';

const { nginx } = inject('programs');

describe.skipIf(!nginx)('the edge without privileges', () => {
  it('runs, takes bodies that it must keep for a while, and says nothing of what it may not do', async () => {
    const api = await startEcho('api');
    const edge = await startEdge(nginx ?? '', { env: { EDGE_API_UPSTREAM: api.address }, unprivileged: true });
    const { status, body } = await edge.ask('/api/files', { method: 'POST', body: Buffer.alloc(5e6) });
    expect([status, JSON.parse(body).bytes]).toEqual([200, 5e6]);
    expect((await edge.ask('/', { host: mainHost })).status).toBe(200);
    expect(await readdir(join(edge.folder, 'run'))).toEqual(expect.arrayContaining(['nginx.pid', 'nginx_client_body']));
    await edge.stop();
    expect(edge.errors()).toBe('');
    await api.close();
  });
});
