import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { errorResponse } from '#contract/errors.ts';
import { character, characterPage } from '#contract/story-parts.ts';
import { removePicture, setPicture } from '#domain/library/character-pictures.ts';
import { deleteCharacter } from '#domain/library/characters.ts';
import { libraryOwner } from '#domain/library/library-records.ts';
import { jpegSegment, pictures, secret, withSegments } from '#domain/library/picture-file/pictures.fixture.ts';
import { referredByRecords } from '#domain/stories/sweep-blobs.ts';
import { systemClock } from '#platform/clock.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import type { TestClient } from '#tests/servers/test-client.ts';

const fox = { name: 'Fenna', who: 'A young fox who repairs umbrellas.', traits: ['patient', 'curious'] };
const day = 24 * 3_600_000;

describe('the picture of a character', () => {
  let app: TestChat;
  let server: TestServer;
  let ada: TestClient;
  let later = 0;
  /** It is noon as they begin: addresses change at midnight. */
  const toNoon = day / 2 - (systemClock.now() % day);
  beforeAll(async () => {
    app = await createTestChat({ clock: { ...systemClock, now: () => systemClock.now() + toNoon + later } });
    server = await app.openTestServer();
    ada = await server.client({ role: 'user', name: 'Ada' });
    const owl = { _id: 'the-owl', ownerId: libraryOwner, createdAt: 1, name: 'Owl', who: 'An owl.', traits: ['wise'] };
    await app.stories.library.characters.insert(owl);
  });
  afterEach(() => {
    later = 0;
  });
  afterAll(() => app.close());

  const make = async () => (await ada.call('POST', '/api/characters', fox)).as(character);
  const put = (id: string, body: Uint8Array | string, { client = ada, type = 'image/png' } = {}) =>
    fetch(`${server.url}/api/characters/${id}/picture`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${client.token}`, 'content-type': type },
      body: new Uint8Array(Buffer.from(body)),
    });
  const open = (url: string, init?: RequestInit) => fetch(server.url + url, init);
  const codeOf = async (reply: Response) => [reply.status, errorResponse.parse(await reply.json()).error.code];
  const bytesOf = async (reply: Response) => Buffer.from(await reply.arrayBuffer());
  const blobsOf = async (id: string) => {
    const blobs = await app.stories.blobs.list({ writtenBefore: Number.MAX_SAFE_INTEGER, limit: 100 });
    return blobs.filter((blob) => blob.id.startsWith(id));
  };
  const replaced = async (reply: Response) => {
    expect(reply.status).toBe(200);
    return character.parse(await reply.json());
  };

  it('is drawn where none was given, and shown to whoever has its address', async () => {
    const { id, pictureUrl } = await make();
    const reply = await open(pictureUrl);
    expect(reply.headers.get('content-type')).toBe('image/svg+xml');
    const [, seconds] = /^private, max-age=(\d+), immutable$/.exec(reply.headers.get('cache-control') ?? '') ?? [];
    expect(Number(seconds)).toBeGreaterThan(day / 1_000 - 10);
    expect(Number(seconds)).toBeLessThanOrEqual((2 * day) / 1_000);
    expect(reply.headers.get('content-security-policy')).toContain('sandbox');
    expect(await reply.text()).toMatch(/^<svg /);
    const listed = (await ada.call('GET', '/api/characters')).as(characterPage);
    expect(listed.items.find((item) => item.id === id)?.pictureUrl, 'the same within a day').toBe(pictureUrl);
    const part = await open(pictureUrl, { headers: { range: 'bytes=0-3' } });
    expect([part.status, await part.text()]).toEqual([206, '<svg']);
    expect((await open(pictureUrl, { headers: { range: 'bytes=999999-' } })).status).toBe(416);
    expect((await open(pictureUrl, { headers: { 'if-none-match': reply.headers.get('etag') ?? '' } })).status).toBe(
      304,
    );
  });

  it("of the library is everybody's, and kept for long", async () => {
    const listed = (await ada.call('GET', '/api/characters')).as(characterPage);
    const { pictureUrl } = listed.items.find(({ id }) => id === 'the-owl') ?? { pictureUrl: '' };
    expect(pictureUrl).not.toContain('signature');
    const reply = await open(pictureUrl);
    expect(reply.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const old = await open('/api/characters/the-owl/picture?version=old');
    expect(old.headers.get('cache-control')).toMatch(/^public, max-age=0/);
    expect(await old.text()).toBe(await reply.text());
  });

  it('has an address that nobody makes or alters, and that ends', async () => {
    const { id, pictureUrl } = await make();
    const other = await make();
    const refused = [
      `/api/characters/${id}/picture`,
      pictureUrl.replace(/&signature.*/, ''),
      pictureUrl.replace(/expires=\d+/, `expires=${Date.now() + 30 * day}`),
      pictureUrl.replace(/version=[\w-]+/, 'version=other'),
      pictureUrl.replace(id, other.id),
      pictureUrl.replace(id, 'none'),
      pictureUrl.replace(/.$/, '='),
      `${pictureUrl}A`,
    ];
    for (const url of refused) expect(await codeOf(await open(url)), url).toEqual([400, 'link_invalid']);
    later = day - 60_000;
    expect((await open(pictureUrl)).status).toBe(200);
    later = 2 * day;
    expect(await codeOf(await open(pictureUrl))).toEqual([400, 'link_invalid']);
  });

  it.each([
    ['a PNG', 'png', 'image/png'],
    ['a JPEG', 'jpeg', 'image/jpeg'],
    ['a WebP', 'webp', 'image/webp'],
  ] as const)('may be %s, whatever it is called', async (_what, kind, mediaType) => {
    const { id, pictureUrl } = await make();
    const changed = await replaced(await put(id, pictures[kind], { type: 'text/html' }));
    expect(changed.pictureUrl).not.toBe(pictureUrl);
    const reply = await open(changed.pictureUrl);
    expect(reply.headers.get('content-type')).toBe(mediaType);
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await bytesOf(reply)).length).toBeGreaterThan(50);
    expect(await codeOf(await open(pictureUrl)), 'the address of before').toEqual([404, 'not_found']);
  });

  it('is kept without where it was taken', async () => {
    const { id } = await make();
    const { pictureUrl } = await replaced(
      await put(id, withSegments(pictures.jpeg, jpegSegment(0xe1, Buffer.from(`Exif\0\0${secret}`)))),
    );
    const kept = await bytesOf(await open(pictureUrl));
    expect(kept.length).toBeGreaterThan(100);
    expect(kept.includes(secret)).toBe(false);
  });

  it('takes the place of the one before, which is gone, as all are with their character', async () => {
    const { id } = await make();
    const first = await replaced(await put(id, pictures.png));
    const second = await replaced(await put(id, pictures.webp));
    expect(await blobsOf(id)).toMatchObject([{ mediaType: 'image/webp' }]);
    expect(await codeOf(await open(first.pictureUrl))).toEqual([404, 'not_found']);
    await ada.call('DELETE', `/api/characters/${id}`);
    expect(await blobsOf(id)).toEqual([]);
    expect(await codeOf(await open(second.pictureUrl))).toEqual([404, 'not_found']);
  });

  it('is drawn again once it is taken away, and its file is gone', async () => {
    const { id, pictureUrl, hasOwnPicture } = await make();
    expect(hasOwnPicture).toBe(false);
    const given = await replaced(await put(id, pictures.png));
    expect(given.hasOwnPicture).toBe(true);
    for (const _ of ['once', 'again']) {
      const taken = (await ada.call('DELETE', `/api/characters/${id}/picture`)).as(character);
      expect(taken).toMatchObject({ pictureUrl, hasOwnPicture: false });
    }
    expect(await blobsOf(id)).toEqual([]);
    expect(await codeOf(await open(given.pictureUrl))).toEqual([404, 'not_found']);
    expect((await open(pictureUrl)).headers.get('content-type')).toBe('image/svg+xml');
  });

  it('is changed, taken away and gone with its character, also where its file cannot be deleted: the sweep is told of it', async () => {
    const { id } = await make();
    await put(id, pictures.png);
    const owner = { id: (await app.stories.library.characters.get(id))?.ownerId ?? '' };
    const blobs = new Proxy(app.stories.blobs, {
      get: (target, name) => {
        if (name === 'delete') return () => Promise.reject(new Error('The disk is away.'));
        const method: unknown = Reflect.get(target, name);
        return typeof method === 'function' ? method.bind(target) : method;
      },
    });
    const ports = { ...app.stories, blobs };
    const warnings = () => app.lines.filter(({ fields }) => fields['event.action'] === 'delete_picture').length;
    expect(await setPicture(ports, owner, id, async () => pictures.webp)).toMatchObject({ hasOwnPicture: true });
    expect(warnings()).toBe(1);
    expect(await removePicture(ports, owner, id)).toMatchObject({ hasOwnPicture: false });
    expect(warnings()).toBe(2);
    await put(id, pictures.png);
    await deleteCharacter(ports, owner, id);
    expect(warnings()).toBe(3);
    const left = (await blobsOf(id)).map((blob) => blob.id);
    expect(left).toHaveLength(3);
    expect(await referredByRecords(app.stories)(left)).toEqual(new Set());
  });

  it("is taken from one's own characters alone, and leaves one that comes at the same time whole", async () => {
    const { id } = await make();
    await put(id, pictures.png);
    const eve = await server.client({ role: 'user', name: 'Eve' });
    for (const foreign of [id, 'the-owl', 'none'])
      expect((await eve.call('DELETE', `/api/characters/${foreign}/picture`)).status).toBe(404);
    expect(await blobsOf(id)).toHaveLength(1);
    await Promise.all([put(id, pictures.webp), ada.call('DELETE', `/api/characters/${id}/picture`)]);
    const kept = (await app.stories.library.characters.get(id))?.picture?.blobId;
    expect((await blobsOf(id)).map((blob) => blob.id)).toEqual(kept ? [kept] : []);
  });

  it('is one, also where several come at once, or the character goes meanwhile', async () => {
    const { id } = await make();
    await Promise.all([pictures.png, pictures.jpeg, pictures.webp, pictures.png].map((file) => put(id, file)));
    const left = await blobsOf(id);
    expect(left).toHaveLength(1);
    expect((await app.stories.library.characters.get(id))?.picture?.blobId).toBe(left[0]?.id);
    const raced = await Promise.all([put(id, pictures.png), ada.call('DELETE', `/api/characters/${id}`)]);
    expect([200, 404]).toContain(raced[0].status);
    expect(await blobsOf(id)).toEqual([]);
  });

  it.each<[string, Uint8Array | string, number, string]>([
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', 415, 'unsupported_media_type'],
    ['a page', '<!doctype html>', 415, 'unsupported_media_type'],
    ['half a PNG', pictures.png.subarray(0, 50), 415, 'unsupported_media_type'],
    ['nothing', '', 400, 'invalid_request'],
    ['more than 5 MB', Buffer.alloc(5_000_001), 413, 'payload_too_large'],
  ])('is not %s', async (_what, body, status, code) => {
    const { id } = await make();
    expect(await codeOf(await put(id, body))).toEqual([status, code]);
    expect(await blobsOf(id)).toEqual([]);
  });

  it("is given to one's own characters, by people with an account", async () => {
    const { id } = await make();
    const eve = await server.client({ role: 'user', name: 'Eve' });
    for (const foreign of [id, 'the-owl', 'none'])
      expect(await codeOf(await put(foreign, pictures.png, { client: eve }))).toEqual([404, 'not_found']);
    expect(await codeOf(await put(id, pictures.png, { client: await server.client() }))).toEqual([403, 'forbidden']);
    expect(await blobsOf('')).not.toContainEqual(expect.objectContaining({ id: expect.stringContaining(id) }));
  });

  it('is given so often a minute at most', async () => {
    const { messagesPerMinute } = app.foundation.runtime.current();
    await app.foundation.runtime.change({ messagesPerMinute: 3 });
    const client = await server.client({ role: 'user', name: 'Ben' });
    const { id } = (await client.call('POST', '/api/characters', fox)).as(character);
    for (let count = 0; count < 3; count += 1) expect((await put(id, 'no picture', { client })).status).toBe(415);
    const reply = await put(id, pictures.png, { client });
    expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await codeOf(reply)).toEqual([429, 'rate_limited']);
    await app.foundation.runtime.change({ messagesPerMinute });
    expect(await blobsOf(id)).toEqual([]);
  });

  it('whose file is gone is not found', async () => {
    const { id } = await make();
    const { pictureUrl } = await replaced(await put(id, pictures.png));
    for (const blob of await blobsOf(id)) await app.stories.blobs.delete(blob.id);
    expect(await codeOf(await open(pictureUrl))).toEqual([404, 'not_found']);
  });
});
