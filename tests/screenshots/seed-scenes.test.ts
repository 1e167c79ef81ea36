import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conversationPage, messagePage } from '#contract/conversations.ts';
import { storyPage } from '#contract/stories.ts';
import { peopleUsage } from '#contract/usage.ts';
import { signIn } from './scene-people.ts';
import { type ScenePlace, startScenePlace } from './scene-place.ts';
import { type Scenes, seedScenes } from './seed-scenes.ts';

describe('the scenes of the screenshots', () => {
  let place: ScenePlace;
  let scenes: Scenes;
  beforeAll(async () => {
    place = await startScenePlace();
    scenes = await seedScenes(place);
  }, 120_000);
  afterAll(() => place?.stop());

  it('have somebody with conversations of several days, one answer failed and one interrupted', async () => {
    const { client } = await signIn(place, scenes.user.email, scenes.user.password);
    const { items } = (await client.call('GET', '/api/conversations?limit=50')).as(conversationPage);
    expect(items.length).toBe(scenes.conversations.length + 2);
    expect(new Set(items.map(({ updatedAt }) => updatedAt.slice(0, 10))).size).toBeGreaterThan(3);
    const last = async (id: string) =>
      (await client.call('GET', `/api/conversations/${id}/messages`)).as(messagePage).items[0];
    expect(await last(scenes.failedConversation)).toMatchObject({
      status: 'failed',
      text: expect.stringMatching('Lantern'),
    });
    expect(await last(scenes.interruptedConversation)).toMatchObject({
      status: 'interrupted',
      error: { code: 'answer_interrupted' },
    });
    expect((await last(scenes.conversations[0]?.id ?? ''))?.text).toContain('high chairs');
  });

  it('have stories with pictures, favourites, schedules, and a library of one’s own', async () => {
    const { client } = await signIn(place, scenes.user.email, scenes.user.password);
    const { items } = (await client.call('GET', '/api/stories')).as(storyPage);
    expect(items.map(({ title }) => title).toSorted()).toEqual([
      'Otto and the borrowed moon',
      'The lamp that counted stars',
      'The snail who was on time',
    ]);
    for (const { picture, narration } of items) {
      expect(picture.state).toBe('ready');
      expect(['ready', 'skipped']).toContain(narration.state);
    }
    expect(items.filter(({ favourite }) => favourite)).toHaveLength(2);
    for (const path of ['schedules', 'prompts', 'characters', 'scenes']) {
      const { text } = await client.call('GET', `/api/${path}?limit=100`);
      const mine = JSON.parse(text).items.filter(({ source = 'mine' }) => source === 'mine');
      expect([path, mine.length]).toEqual([path, Number(scenes[path as 'schedules'].length)]);
    }
  });

  it('have an administration with people, a month of usage, invitations and a log', async () => {
    const { client } = await signIn(place, scenes.admin.email, scenes.admin.password);
    const list = async (path: string) => JSON.parse((await client.call('GET', path)).text).items;
    expect((await list('/api/admin/people?limit=50')).map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['Ruth Adler', 'Mira Winter', 'Jonas Berg', 'Lucía Ortega']),
    );
    expect(await list('/api/admin/people?role=guest')).toMatchObject([{ name: 'Noor' }]);
    expect(await list('/api/admin/invitations')).toHaveLength(2);
    expect((await list('/api/admin/audit?limit=100')).length).toBeGreaterThan(40);
    const ago = (days: number) => new Date(Date.now() - days * 24 * 3_600_000).toISOString();
    const people = (await client.call('GET', `/api/analytics/people?from=${ago(31)}&to=${ago(0)}`)).as(peopleUsage);
    const busy = people.items.filter(({ messages }) => messages > 30).map(({ name }) => name);
    expect(busy).toEqual(expect.arrayContaining(['Mira Winter', 'Jonas Berg']));
  });
});
