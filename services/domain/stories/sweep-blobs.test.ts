import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CharacterRecord } from '#domain/library/library-records.ts';
import { type Clock, systemClock } from '#platform/clock.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { storyRecord } from './story-record.fixture.ts';
import { referredByRecords, sweepBlobs } from './sweep-blobs.ts';

const hour = 3_600_000;
const mediaType = 'image/png';

describe('the sweep of blobs', () => {
  let aheadMs = 0;
  const clock: Clock = { ...systemClock, now: () => Date.now() + aheadMs };
  let app: TestChat;
  beforeEach(async () => {
    aheadMs = 0;
    app = await createTestChat({ clock });
  });
  afterEach(() => app.close());

  const put = async (id: string) => {
    await app.foundation.blobs.put(id, [Buffer.from(id)], { mediaType, maxBytes: 1_000 });
    return { blobId: id, mediaType };
  };
  const there = async () =>
    (await app.foundation.blobs.list({ writtenBefore: Number.MAX_SAFE_INTEGER, limit: 5_000 }))
      .map(({ id }) => id)
      .sort();
  const sweep = (signal?: AbortSignal) => {
    const { blobs, stories } = app.foundation;
    const referred = referredByRecords(stories);
    return sweepBlobs({ blobs, referred, clock, logger: app.chat.logger, ...(signal && { signal }) });
  };
  const character = (_id: string, picture?: CharacterRecord['picture']): CharacterRecord => ({
    _id,
    ownerId: 'owner',
    createdAt: 0,
    name: 'Fox',
    who: 'a fox',
    traits: ['sly', 'kind', 'red'],
    ...(picture && { picture }),
  });

  it('removes what a stop between blob and record left, once that is an hour old', async () => {
    const { stories } = app.foundation.stories.stories;
    await stories.insert(storyRecord({ _id: 's1' }));
    await put('s1-picture-1');
    aheadMs = hour - 1_000;
    expect([await sweep(), await there()]).toEqual([0, ['s1-picture-1']]);
    aheadMs = hour + 1_000;
    expect([await sweep(), await there()]).toEqual([1, []]);
    expect(app.lines).toContainEqual(
      expect.objectContaining({ fields: { 'event.action': 'sweep_blobs', 'lamplight.count': 1 } }),
    );
  });

  it('keeps what stories and characters refer to, and that alone', async () => {
    const { stories, library } = app.foundation.stories;
    const picture = await put('s1-picture-1');
    const narration = { ...(await put('s1-narration-1')), seconds: 1, cues: [] };
    for (const id of ['s1-picture-0', 's1-narration-0', 'gone-picture-1', 'c1-picture-0', 'c2-picture-1'])
      await put(id);
    await stories.stories.insert(storyRecord({ _id: 's1', picture, narration }));
    await library.characters.insert(character('c1', await put('c1-picture-1')));
    await library.characters.insert(character('c2'));
    aheadMs = 2 * hour;
    expect(await sweep()).toBe(5);
    expect(await there()).toEqual(['c1-picture-1', 's1-narration-1', 's1-picture-1']);
    expect(await sweep()).toBe(0);
  });

  it('leaves what is of a kind that it does not know', async () => {
    await put('something-else');
    aheadMs = 2 * hour;
    expect([await sweep(), await there()]).toEqual([0, ['something-else']]);
  });

  it('goes through all of them, in batches, and ends between two where it is told to', async () => {
    const ids = Array.from({ length: 600 }, (_, n) => `s-picture-${String(n).padStart(3, '0')}`);
    for (const id of ids) await put(id);
    const { stories } = app.foundation.stories.stories;
    const kept = ids.at(-1) ?? '';
    await stories.insert(storyRecord({ _id: 's', picture: { blobId: kept, mediaType } }));
    aheadMs = 2 * hour;
    expect(await sweep(AbortSignal.abort())).toBe(0);
    expect(await sweep()).toBe(599);
    expect(await there()).toEqual([kept]);
  });

  it('is done by the scheduler', async () => {
    await put('gone-picture-1');
    aheadMs = 2 * hour;
    await app.startScheduler();
    await expect.poll(there).toEqual([]);
  });
});
