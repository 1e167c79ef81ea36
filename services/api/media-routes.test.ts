import { once } from 'node:events';
import { get } from 'node:http';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaPath } from '#domain/stories/media-links.ts';
import { storyRecord } from '#domain/stories/story-record.fixture.ts';
import type { StoryRecord } from '#domain/stories/story-records.ts';
import { type Clock, systemClock } from '#platform/clock.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';

const hour = 3_600_000;

describe('pictures and voices of stories', () => {
  let aheadMs = 0;
  const clock: Clock = { ...systemClock, now: () => Date.now() + aheadMs };
  let app: TestChat;
  let server: TestServer;
  let made = 0;
  beforeAll(async () => {
    app = await createTestChat({ clock, corsOrigins: ['https://app.example.org'] });
    server = await app.openTestServer();
  });
  afterAll(() => app.close());

  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  const voice = Buffer.from(Array.from({ length: 1_000 }, (_, n) => n % 251));

  async function tell({ bytes = voice as Uint8Array, mediaType = 'audio/mpeg', ...more }: Telling = {}) {
    const { blobs, stories, accounts } = app.foundation.stories;
    const _id = `story${++made}`;
    const blobId = `${_id}-narration-1`;
    const { sha256 } = await blobs.put(blobId, [bytes], { mediaType, maxBytes: 1e8 });
    const narration = { blobId, mediaType, seconds: 1, cues: [] };
    const story = storyRecord({ _id, narration, expiresAt: clock.now() + hour, ...more });
    await stories.stories.insert(story);
    const path = mediaPath(accounts.keys, story, blobId, clock.now());
    return { story, blobId, path, url: server.url + path, etag: `"${sha256}"` };
  }
  type Telling = Partial<StoryRecord> & { readonly bytes?: Uint8Array; readonly mediaType?: string };

  const ask = async (url: string, headers: Record<string, string> = {}, method = 'GET') => {
    const response = await fetch(url, { method, headers });
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: Object.fromEntries(response.headers), bytes };
  };
  const refusal = async (url: string, headers?: Record<string, string>) => {
    const { status, bytes } = await ask(url, headers);
    return [status, JSON.parse(String(bytes)).error.code];
  };

  it('come whole, without signing in, and say what they are', async () => {
    const { url, etag } = await tell();
    const { status, headers, bytes } = await ask(url);
    expect(status).toBe(200);
    expect(bytes).toEqual(voice);
    expect(headers).toMatchObject({
      'content-type': 'audio/mpeg',
      'content-length': '1000',
      'accept-ranges': 'bytes',
      etag,
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
    });
    expect(headers).not.toHaveProperty('content-disposition');
  });

  it('may be kept by the browser alone, no longer than the address lives', async () => {
    const { url } = await tell();
    const [, age] = /^private, max-age=(\d+), immutable$/.exec((await ask(url)).headers['cache-control'] ?? '') ?? [];
    expect(Number(age)).toBeLessThanOrEqual(hour / 1_000);
    expect(Number(age)).toBeGreaterThan(hour / 1_000 - 60);
  });

  it('can do nothing where somebody opens a drawing by itself', async () => {
    const { url } = await tell({ bytes: Buffer.from(svg), mediaType: 'image/svg+xml' });
    const { headers, bytes } = await ask(url);
    expect(headers['content-type']).toBe('image/svg+xml');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'.*sandbox$/);
    expect(String(bytes)).toBe(svg);
  });

  it('are for saving where they are no picture and no sound', async () => {
    const { url } = await tell({ bytes: Buffer.from('<p>'), mediaType: 'text/html' });
    const { headers } = await ask(url);
    expect(headers).toMatchObject({ 'content-type': 'application/octet-stream', 'content-disposition': 'attachment' });
  });

  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=10-19', 10, 19],
    ['bytes=999-999', 999, 999],
    ['bytes=990-5000', 990, 999],
    ['bytes=500-', 500, 999],
    ['bytes=-10', 990, 999],
    ['bytes=-5000', 0, 999],
  ])('come in part for %s', async (range, start, end) => {
    const { url } = await tell();
    const { status, headers, bytes } = await ask(url, { range });
    expect([status, headers['content-range']]).toEqual([206, `bytes ${start}-${end}/1000`]);
    expect(headers['content-length']).toBe(String(end - start + 1));
    expect(bytes).toEqual(voice.subarray(start, end + 1));
  });

  it.each(['bytes=0-1,5-6', 'lines=1-2', 'bytes=9-1', 'bytes=x'])('come whole for %s', async (range) => {
    const { url } = await tell();
    const { status, headers, bytes } = await ask(url, { range });
    expect([status, headers['content-range'], bytes.length]).toEqual([200, undefined, 1_000]);
  });

  it.each(['bytes=1000-', 'bytes=-0'])('say how long they are where %s lies beyond their end', async (range) => {
    const { url } = await tell();
    expect(await refusal(url, { range })).toEqual([416, 'range_not_satisfiable']);
    const { headers } = await ask(url, { range });
    expect([headers['content-range'], headers['cache-control']]).toEqual(['bytes */1000', 'no-store']);
  });

  it('come in part only of the very bytes that the client has a part of', async () => {
    const { url, etag } = await tell();
    const range = 'bytes=0-9';
    const statuses = [etag, '"another"', `W/${etag}`, 'Sat, 01 Jan 2028 00:00:00 GMT'].map(async (tag) => {
      return (await ask(url, { range, 'if-range': tag })).status;
    });
    expect(await Promise.all(statuses)).toEqual([206, 200, 200, 200]);
    expect((await ask(url, { range: 'bytes=5000-', 'if-range': '"another"' })).status).toBe(200);
  });

  it('are not sent again to who has them', async () => {
    const { url, etag } = await tell();
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const { status, headers, bytes } = await ask(url, { 'if-none-match': known, range: 'bytes=5000-' });
      expect([status, headers['etag'], bytes.length]).toEqual([304, etag, 0]);
      expect(headers['cache-control']).toContain('private');
    }
    expect((await ask(url, { 'if-none-match': '"another"' })).status).toBe(200);
  });

  it('tell of themselves for HEAD, and take no notice of a range', async () => {
    const { url, etag } = await tell();
    const { status, headers, bytes } = await ask(url, { range: 'bytes=0-1' }, 'HEAD');
    expect([status, headers['content-length'], headers['etag'], bytes.length]).toEqual([200, '1000', etag, 0]);
  });

  it('let pages of CORS_ORIGINS know which part came', async () => {
    const { url } = await tell();
    const { headers } = await ask(url, { origin: 'https://app.example.org', range: 'bytes=0-1' });
    expect(headers['access-control-expose-headers']).toContain('Accept-Ranges,Content-Range');
  });

  it('open by no address but their own, and none after its end', async () => {
    const { url, story } = await tell();
    const invalid = [400, 'link_invalid'];
    expect(await refusal(url.replace(/expires=(\d+)/, (_, at) => `expires=${Number(at) + 1}`))).toEqual(invalid);
    expect(await refusal(url.slice(0, -1))).toEqual(invalid);
    expect(await refusal(url.replace('-narration-1', '-narration-2'))).toEqual(invalid);
    expect(await refusal(url.replace(/\?.*/, '?expires=1&signature=x'))).toEqual(invalid);
    expect(await refusal(url.replace(/\?.*/, ''))).toEqual([400, 'invalid_request']);
    aheadMs = story.expiresAt - Date.now();
    expect(await refusal(url)).toEqual(invalid);
    aheadMs = 0;
    expect((await ask(url)).status).toBe(200);
  });

  it('ask no store about an address that is not ours', async () => {
    const { url } = await tell();
    const { stories } = app.foundation.stories.stories;
    const { get } = stories;
    let asked = 0;
    stories.get = (...args: Parameters<typeof get>) => {
      asked++;
      return get.apply(stories, args);
    };
    await refusal(`${url}x`);
    expect(asked).toBe(0);
    await ask(url);
    expect(asked).toBe(1);
    stories.get = get;
  });

  it('go with what refers to them', async () => {
    const { stories, blobs } = app.foundation.stories;
    const gone = [404, 'not_found'];
    const [tombstone, replaced, removed, lost] = await Promise.all([tell(), tell(), tell(), tell()]);
    await stories.stories.update(tombstone.story._id, { set: { deleted: true } });
    await stories.stories.update(replaced.story._id, { set: { 'narration.blobId': 'another' } });
    await stories.stories.delete(removed.story._id);
    await blobs.delete(lost.blobId);
    for (const { url } of [tombstone, replaced, removed, lost]) expect(await refusal(url)).toEqual(gone);
  });

  it('go with the link that is withdrawn, and come by a new address', async () => {
    const { stories, accounts } = app.foundation.stories;
    const { url, story, blobId } = await tell();
    const changed = await stories.stories.update(story._id, { increment: { linkVersion: 1 } });
    expect(await refusal(url)).toEqual([400, 'link_invalid']);
    const path = mediaPath(accounts.keys, changed ?? story, blobId, clock.now());
    expect((await ask(server.url + path)).status).toBe(200);
  });

  it('are let go of where the client goes away', async () => {
    const { blobs } = app.foundation.stories;
    const { url } = await tell({ bytes: Buffer.alloc(20_000_000) });
    const { read } = blobs;
    let closed = false;
    blobs.read = async (...args) => (await read.apply(blobs, args))?.once('close', () => (closed = true));
    const request = get(url);
    const [response] = await once(request, 'response');
    await once(response, 'data');
    expect(closed).toBe(false);
    request.destroy();
    await waitFor(() => closed, { what: 'the file to be closed' });
    blobs.read = read;
  });

  it('are cut off, not passed for whole, where they cannot be read to their end', async () => {
    const { blobs } = app.foundation.stories;
    const { url } = await tell();
    const { read } = blobs;
    blobs.read = async () =>
      Readable.from(
        (async function* () {
          yield voice.subarray(0, 500);
          throw new Error('The disk is away.');
        })(),
      );
    await expect(ask(url)).rejects.toThrow();
    blobs.read = read;
  });

  it('leave nothing of their address in the log', async () => {
    const { path, url, story } = await tell();
    await ask(url);
    await refusal(`${url}x`);
    const signature = path.slice(path.indexOf('signature=') + 'signature='.length);
    const log = await waitFor(() => {
      const text = JSON.stringify(app.lines);
      return text.includes(`/api/media/${story._id}`) ? text : undefined;
    });
    expect(log).not.toContain(signature);
    expect(log).not.toContain('signature=');
  });
});
