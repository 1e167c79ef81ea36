import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openedStory, story, storyLink } from '#contract/stories.ts';
import { character } from '#contract/story-parts.ts';
import { pictures } from '#domain/library/picture-file/pictures.fixture.ts';
import { otherTexts } from './spellings.fixture.ts';
import { mark, openTwoPeople, type TwoPeople } from './two-people.fixture.ts';

let people: TwoPeople;
beforeAll(async () => {
  people = await openTwoPeople();
});
afterAll(() => people.lamplight.stop());

const json = ['Content-Type', 'application/json'] as const;
const open = (token: unknown) =>
  people.lamplight.raw({
    method: 'POST',
    path: '/api/story-links/open',
    headers: [json],
    body: JSON.stringify({ token }),
  });
const pathIn = (address = ''): string => address.replace(/^https?:\/\/[^/]+/, '');
/** Each part of an address changed a little. */
const altered = (path: string): readonly string[] => {
  const [address = '', query = ''] = path.split('?');
  return [...new URLSearchParams(query)].flatMap(([name, value]) =>
    [`${value}0`, `0${value}`, value.slice(0, -1), value.toUpperCase(), value.toLowerCase(), ` ${value}`, '']
      .filter((other) => other !== value)
      .map((other) => {
        const changed = new URLSearchParams(query);
        changed.set(name, other);
        return `${address}?${changed}`;
      }),
  );
};
const adasStory = async () => (await people.ada.client.call('GET', `/api/stories/${people.things.storyId}`)).as(story);

describe('the link of a story', () => {
  it('opens the story, and tells nothing of whose it is', async () => {
    const { status, text, headers } = await open(people.things.storyToken);
    expect(status, text).toBe(200);
    openedStory.strict().parse(JSON.parse(text));
    const { personId, email, storyRunId, scheduleId, clientStoryId, characterId } = people.things;
    for (const secret of [personId, email, storyRunId, scheduleId, clientStoryId, characterId, people.ada.accessToken])
      expect(text).not.toContain(secret);
    expect(headers['x-robots-tag']).toContain('noindex');
    expect(headers['cache-control']).toBe('no-store');
  });

  it('is opened by itself alone, in no other spelling', async () => {
    for (const token of otherTexts(people.things.storyToken).filter((other) => other !== people.things.storyToken)) {
      const reply = await open(token);
      expect(reply.status, `${token.slice(0, 100)}: ${reply.text}`).toBe(400);
      expect(reply.text).not.toContain(mark);
    }
  });

  it('of a story that was never shared is not made from that of another', async () => {
    const { mallory, things } = people;
    const made = (await mallory.client.call('POST', '/api/stories', { idea: 'mine' })).as(story);
    const [, version = '', signature = ''] = things.storyToken.split('.');
    for (const id of [made.id, made.runId])
      expect((await open(`${id}.${version}.${signature}`)).code).toBe('link_invalid');
  });

  it('that was withdrawn opens nothing, nor do the addresses that it told; the next one is another', async () => {
    const { ada, things, lamplight } = people;
    const { url = '' } = (await adasStory()).picture;
    const [before] = [pathIn(url)];
    expect((await lamplight.raw({ path: before })).status).toBe(200);
    expect((await ada.client.call('DELETE', `/api/stories/${things.storyId}/link`)).status).toBe(204);
    expect((await open(things.storyToken)).code).toBe('link_invalid');
    expect((await lamplight.raw({ path: before })).code).toBe('link_invalid');
    const next = (await ada.client.call('POST', `/api/stories/${things.storyId}/link`)).as(storyLink);
    const token = new URL(next.url).hash.replace('#token=', '');
    expect(token).not.toBe(things.storyToken);
    expect((await open(token)).status).toBe(200);
    expect((await open(things.storyToken)).code).toBe('link_invalid');
  });
});

describe('the address of a picture', () => {
  it('of a story leads to it as it was given out, and in no other form', async () => {
    const path = pathIn((await adasStory()).picture.url);
    const good = await people.lamplight.raw({ path });
    expect(good.status).toBe(200);
    expect(good.headers['content-security-policy']).toContain('sandbox');
    expect(good.headers['x-content-type-options']).toBe('nosniff');
    for (const other of altered(path)) {
      const reply = await people.lamplight.raw({ path: other });
      expect([400, 404], `${other} ${reply.status}`).toContain(reply.status);
    }
  });

  it("of a character leads to it alone; what is uploaded is no page, and of another's character nothing", async () => {
    const { ada, mallory, things, lamplight } = people;
    const put = (id: string, token: string, body: Uint8Array) =>
      fetch(`${lamplight.url}/api/characters/${id}/picture`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'text/html' },
        body: new Uint8Array(body),
      });
    const script = Buffer.from('<script>alert(1)</script>');
    for (const page of [script, Buffer.concat([pictures.png.subarray(0, 8), script])])
      expect((await put(things.characterId, ada.accessToken, page)).status).toBe(415);
    // A picture that carries a page behind its end.
    const reply = await put(things.characterId, ada.accessToken, Buffer.concat([pictures.png, script]));
    const { pictureUrl } = character.parse(await reply.json());
    const shown = await lamplight.raw({ path: pictureUrl });
    expect([shown.status, shown.headers['content-type']]).toEqual([200, 'image/png']);
    expect(shown.text).not.toContain('<script>');
    for (const other of altered(pictureUrl)) {
      const refused = await lamplight.raw({ path: other });
      expect([400, 404], `${other} ${refused.status}`).toContain(refused.status);
    }
    expect((await put(things.characterId, mallory.accessToken, pictures.png)).status).toBe(404);
  });
});

describe('what is said in a log', () => {
  it('is nothing of stories, nor what opens them', async () => {
    const log = await people.lamplight.log();
    const { storyToken, unsubscribeToken } = people.things;
    const signature = /signature=([^&]+)/.exec((await adasStory()).picture.url ?? '')?.[1] ?? 'none';
    for (const secret of [mark, storyToken, storyToken.split('.')[2] ?? '', unsubscribeToken, signature])
      expect(log).not.toContain(secret);
  });
});
