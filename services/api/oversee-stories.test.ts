import { describe, expect, it } from 'vitest';
import { storyOfPerson, storyOverviewPage } from '#contract/stories.ts';
import { storyRecord } from '#domain/stories/story-record.fixture.ts';
import type { ToldStory } from '#domain/stories/story-records.ts';
import { useAdminApi } from './admin-api.fixture.ts';

const told: ToldStory = {
  title: 'The Owl Lamp',
  summary: 'An owl finds a lamp.',
  parts: ['An owl found a lamp.', 'It shone.'],
  moral: 'Light is for sharing.',
  pictureAlt: 'An owl.',
  picturePrompt: 'An owl with a lamp.',
  moderation: 'none',
};

describe('stories of all', () => {
  const api = useAdminApi();
  const insert = async (id: string, more: Partial<Parameters<typeof storyRecord>[0]> = {}) => {
    await api.app.stories.stories.stories.insert(storyRecord({ _id: id, ownerId: api.victim.id, told, ...more }));
    return id;
  };
  const list = async (query: string) =>
    (await api.as.manager.client.call('GET', `/api/admin/stories?${query}`)).as(storyOverviewPage);

  it('are listed by whose they are and what became of them, the latest first, without what is told', async () => {
    const { id: personId } = api.victim;
    const [early, late] = [
      await insert(`early-${personId}`),
      await insert(`late-${personId}`, { createdAt: Date.now() + 9 }),
    ];
    const reply = await api.as.manager.client.call('GET', `/api/admin/stories?personId=${personId}&limit=1`);
    expect(reply.text).not.toMatch(/shone|finds a lamp|sharing/);
    const { items, nextCursor } = reply.as(storyOverviewPage);
    expect(items).toMatchObject([
      {
        id: late,
        person: { id: personId, name: 'Vic Tim' },
        status: 'ready',
        title: told.title,
        mail: { state: 'skipped' },
      },
    ]);
    expect((await list(`personId=${personId}&cursor=${nextCursor}`)).items.map(({ id }) => id)).toEqual([early]);
    expect((await list('limit=100')).items.map(({ id }) => id)).toEqual(expect.arrayContaining([early, late]));
    expect((await list('personId=nobody')).items).toEqual([]);
  });

  it('are read whole, which the audit log tells', async () => {
    const { id: personId } = api.victim;
    const id = await insert(`read-${personId}`);
    const story = (await api.as.manager.client.call('GET', `/api/admin/stories/${id}`)).as(storyOfPerson);
    expect(story).toMatchObject({ id, parts: told.parts, person: { id: personId, name: 'Vic Tim' } });
    expect(await api.audited('action=story_read&limit=1')).toMatchObject([
      { actorId: api.as.manager.id, subjectId: personId, details: { storyId: id } },
    ]);
  });

  it('are not there once they were deleted or their time is over, and for nobody else', async () => {
    const { id: personId, client } = api.victim;
    const gone = [
      await insert(`deleted-${personId}`, { deleted: true }),
      await insert(`over-${personId}`, { expiresAt: Date.now() - 1 }),
      'none',
    ];
    for (const id of gone)
      expect((await api.as.manager.client.call('GET', `/api/admin/stories/${id}`)).error.code).toBe('not_found');
    expect((await list(`personId=${personId}`)).items).toEqual([]);
    const there = await insert(`there-${personId}`);
    expect((await client.call('GET', `/api/admin/stories/${there}`)).error.code).toBe('forbidden');
    expect((await client.call('GET', '/api/admin/stories')).error.code).toBe('forbidden');
    expect(await api.audited(`action=story_read&personId=${personId}`)).toEqual([]);
  });
});
