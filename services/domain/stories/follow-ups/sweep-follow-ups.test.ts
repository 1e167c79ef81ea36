import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storeUnavailable } from '#platform/errors.ts';
import { openStoryRecords } from '../story-records.ts';
import { followUpQueues } from '../story-topics.ts';
import { type FollowUpWorld, openFollowUpWorld, type TestProcess } from './follow-ups.fixture.ts';

describe('the sweep of what follows stories', () => {
  let world: FollowUpWorld;
  let app: TestProcess;
  beforeEach(async () => {
    world = await openFollowUpWorld();
    app = world.process();
  });
  afterEach(() => world.close());

  const waiting = async (name: keyof typeof followUpQueues) => (await app.queue.counts(followUpQueues[name])).waiting;
  const storyNow = (id = 'story-1') => openStoryRecords(world.store).stories.get(id);
  const at = () => world.person.createdAt + world.time.ms;
  const ready = () => ({ state: 'ready', tries: 1, at: at() }) as const;
  const pending = () => ({ state: 'pending', tries: 0, at: at() }) as const;

  it('asks again for what lost its job, once it is some seconds old', async () => {
    await world.addStory();
    await app.sweep.sweep();
    expect(await waiting('picture')).toBe(0);
    await world.time.advance(5_000);
    await app.sweep.sweep();
    await app.sweep.sweep();
    expect(await Promise.all([waiting('picture'), waiting('narration'), waiting('notice')])).toEqual([1, 1, 1]);
    app.work();
    await world.until(async () => (await storyNow())?.following === false);
    expect(world.mail.sent).toHaveLength(1);
  });

  it('lets a mail wait three minutes for its picture, and go without it then', async () => {
    await world.addStory();
    app.work(['mail']);
    await world.time.advance(175_000);
    await app.sweep.sweep();
    await world.time.advance(4_000);
    expect(world.mail.sent).toEqual([]);
    await world.time.advance(1_000);
    await app.sweep.sweep();
    await world.until(() => world.mail.sent.length === 1);
    expect(world.mail.sent[0]?.pictures).toBeUndefined();
    expect(world.mail.sent[0]?.html).not.toContain('cid:');
  });

  it('sends a mail at once where its picture has failed', async () => {
    const { followUps } = await world.addStory();
    if (!followUps) throw new Error('Nothing follows.');
    const failed = { ...followUps.picture, state: 'failed', reason: 'refused' } as const;
    await openStoryRecords(world.store).stories.update('story-1', { set: { 'followUps.picture': failed } });
    await world.time.advance(5_000);
    app.work(['mail']);
    await app.sweep.sweep();
    await world.until(() => world.mail.sent.length === 1);
  });

  it('looks no longer at a story of which nothing is pending', async () => {
    await world.addStory({ followUps: { narration: ready(), picture: ready(), mail: ready(), notice: ready() } });
    await world.time.advance(5_000);
    await app.sweep.sweep();
    expect(await storyNow()).toMatchObject({ following: false });
  });

  it.each([{ deleted: true }, { expiresAt: 1_700_000_000_001 }])(
    'asks for nothing of a story that is gone: %j',
    async (gone) => {
      await world.addStory(gone);
      await world.time.advance(5_000);
      await app.sweep.sweep();
      expect(await waiting('picture')).toBe(0);
    },
  );

  it('comes by every story, however many wait', async () => {
    for (let n = 0; n < 450; n += 1) {
      const one = { narration: ready(), picture: pending(), mail: ready(), notice: ready() };
      await world.addStory({ _id: `many-${n}`, endedAt: at() - 6_000 - (n % 7), followUps: one });
    }
    for (const expected of [200, 400, 450, 450]) {
      await app.sweep.sweep();
      expect(await waiting('picture')).toBe(expected);
    }
  });

  it('goes on with the next story where one fails, and stops where the queue is away', async () => {
    let adds = 0;
    const failing = world.process((port, name) =>
      name !== 'queue'
        ? port
        : Object.assign(Object.create(port), {
            add: async () => {
              adds += 1;
              if (adds === 1 || adds > 3) throw new Error('the queue is away');
            },
          }),
    );
    for (let n = 0; n < 10; n += 1) {
      const one = { narration: ready(), picture: pending(), mail: ready(), notice: ready() };
      await world.addStory({ _id: `many-${n}`, endedAt: at() - 6_000, followUps: one });
    }
    await failing.sweep.sweep();
    expect(adds).toBe(6);
    expect(world.lines.filter(({ message }) => message.startsWith('What follows a story could not'))).toHaveLength(4);
  });

  it('throws where the store is away', async () => {
    const broken = world.process();
    broken.ports.stories.stories.find = () => Promise.reject(storeUnavailable(new Error('away')));
    await expect(broken.sweep.sweep()).rejects.toMatchObject({ code: 'store_unavailable' });
  });
});
