import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { mediaPath } from '#domain/stories/media-links.ts';
import { storyRecord } from '#domain/stories/story-record.fixture.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { apiHost, type Edge, startEdge } from './edge.fixture.ts';

const { nginx } = inject('programs');
const listed = 'https://www.example.com';

describe.skipIf(!nginx)('pictures and voices through the edge', () => {
  let app: TestChat;
  let edge: Edge;
  beforeAll(async () => {
    app = await createTestChat({ corsOrigins: [listed] });
    const { port } = await app.openTestServer();
    const upstream = `127.0.0.1:${port}`;
    edge = await startEdge(nginx ?? '', {
      env: {
        API_URL: `http://${apiHost}`,
        CORS_ORIGINS: listed,
        EDGE_API_UPSTREAM: upstream,
        EDGE_REALTIME_UPSTREAM: upstream,
      },
    });
  });
  afterAll(async () => {
    await edge?.stop();
    await app?.close();
  });

  const bytes = Buffer.from(Array.from({ length: 2_000_000 }, (_, n) => 97 + (n % 26)));
  const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
  let made = 0;
  async function tell(content: Uint8Array, mediaType: string) {
    const { blobs, stories, accounts, chat } = app.foundation.stories;
    const _id = `story${++made}`;
    const blobId = `${_id}-picture-1`;
    await blobs.put(blobId, [content], { mediaType, maxBytes: 1e8 });
    const story = storyRecord({ _id, picture: { blobId, mediaType } });
    await stories.stories.insert(story);
    return mediaPath(accounts.keys, story, blobId, chat.clock.now());
  }

  it('come whole and in part, byte for byte, with their names', async () => {
    const path = await tell(bytes, 'audio/mpeg');
    const whole = await edge.ask(path);
    expect([whole.status, whole.headers.etag, whole.headers['accept-ranges']]).toEqual([200, etag, 'bytes']);
    expect(whole.body).toBe(String(bytes));
    for (const [range, start, end] of [
      ['bytes=0-0', 0, 0],
      ['bytes=1000000-', 1_000_000, 1_999_999],
      ['bytes=-7', 1_999_993, 1_999_999],
    ] as const) {
      const part = await edge.ask(path, { headers: { range, 'if-range': etag } });
      expect([part.status, part.headers['content-range']]).toEqual([206, `bytes ${start}-${end}/2000000`]);
      expect(part.headers['content-length']).toBe(String(end - start + 1));
      expect(part.body).toBe(String(bytes.subarray(start, end + 1)));
    }
    const beyond = await edge.ask(path, { headers: { range: 'bytes=2000000-' } });
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, 'bytes */2000000']);
    const several = await edge.ask(path, { headers: { range: 'bytes=0-1,5-6' } });
    expect([several.status, several.body.length]).toEqual([200, 2_000_000]);
    const known = await edge.ask(path, { headers: { 'if-none-match': etag } });
    expect([known.status, known.body]).toEqual([304, '']);
    const head = await edge.ask(path, { method: 'HEAD' });
    expect([head.status, head.headers['content-length']]).toEqual([200, '2000000']);
  });

  it('are asked of the service each time: the edge keeps none', async () => {
    const path = await tell(bytes.subarray(0, 5_000), 'audio/mpeg');
    expect((await edge.ask(path)).status).toBe(200);
    const { stories } = app.foundation.stories.stories;
    await stories.update(`story${made}`, { set: { deleted: true } });
    const gone = await edge.ask(path);
    expect([gone.status, gone.headers['cache-control']]).toEqual([404, 'no-store']);
  });

  it('say of themselves what the service says', async () => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg">${'<g/>'.repeat(1_000)}</svg>`;
    const path = await tell(Buffer.from(svg), 'image/svg+xml');
    for (const host of [undefined, apiHost]) {
      const { headers, body } = await edge.ask(path, host ? { host } : {});
      expect(body).toBe(svg);
      expect(headers).toMatchObject({
        'content-type': expect.stringMatching(/^image\/svg\+xml(; charset=utf-8)?$/),
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
        'cache-control': expect.stringMatching(/^private, max-age=\d+, immutable$/),
      });
    }
    const other = await edge.ask('/api/me');
    expect(other.headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(other.headers['content-security-policy']).not.toContain('sandbox');
  });

  it('let listed pages know which part came, and ask to put', async () => {
    const path = await tell(bytes.subarray(0, 100), 'audio/mpeg');
    const { headers } = await edge.ask(path, { headers: { origin: listed, range: 'bytes=0-1' } });
    expect(String(headers['access-control-expose-headers'])).toContain('Accept-Ranges, Content-Range');
    const preflight = await edge.ask('/api/characters/x/picture', {
      method: 'OPTIONS',
      headers: { origin: listed, 'access-control-request-method': 'PUT' },
    });
    expect(String(preflight.headers['access-control-allow-methods']).split(', ')).toContain('PUT');
  });

  it('leave no signature in the log', async () => {
    const path = await tell(bytes.subarray(0, 100), 'audio/mpeg');
    await edge.ask(path);
    const [plain = ''] = path.split('?');
    expect(JSON.stringify(await edge.logged(plain))).not.toContain('signature');
  });

  it('takes a picture of 5 MB and nothing much larger', async () => {
    const put = (size: number) =>
      edge.ask('/api/characters/x/picture', {
        method: 'PUT',
        headers: { 'content-type': 'image/png' },
        body: new Uint8Array(size),
      });
    expect((await put(5_000_000)).status).not.toBe(413);
    expect((await put(7_000_000)).status).toBe(413);
  });
});
