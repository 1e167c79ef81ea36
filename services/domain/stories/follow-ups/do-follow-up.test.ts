import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FollowUpName } from '#contract/stories.ts';
import { personNotice } from '#domain/runs/run-topics.ts';
import { storeUnavailable } from '#platform/errors.ts';
import { ImageError } from '#platform/images/images.ts';
import { MailError } from '#platform/mail/mail.ts';
import { NoSpeech } from '#platform/speech/no-speech.ts';
import { SpeechError } from '#platform/speech/speech.ts';
import { openStoryRecords } from '../story-records.ts';
import { followUpQueues } from '../story-topics.ts';
import { askForFollowUps } from './ask-for-follow-ups.ts';
import { dot, type FollowUpWorld, openFollowUpWorld, type TestProcess } from './follow-ups.fixture.ts';

describe('what follows a story', () => {
  let world: FollowUpWorld;
  let app: TestProcess;
  beforeEach(async () => {
    world = await openFollowUpWorld();
    app = world.process();
  });
  afterEach(() => world.close());

  const stories = () => openStoryRecords(world.store).stories;
  const storyNow = async (id = 'story-1') => {
    const story = await stories().get(id);
    if (!story?.followUps) throw new Error('The story is gone.');
    return { ...story, followUps: story.followUps };
  };
  const stateOf = async (name: FollowUpName) => (await storyNow()).followUps[name];
  const statesNow = async () =>
    Object.fromEntries(Object.entries((await storyNow()).followUps).map(([name, { state }]) => [name, state]));
  const blobIds = async () =>
    (await world.blobs.list({ writtenBefore: Number.MAX_SAFE_INTEGER, limit: 100 })).map(({ id }) => id);
  const follow = async (story: Parameters<FollowUpWorld['addStory']>[0] = {}) => {
    await askForFollowUps(app.ports, await world.addStory(story));
  };
  const isDone = async () => !(await storyNow()).following;
  const dead = async (name: FollowUpName) => (await app.queue.deadLetters(followUpQueues[name], 10))[0];

  it('is a voice, a picture, a mail with it and a notice; open pages hear of each', async () => {
    const heard: string[] = [];
    app.ports.chat.broadcast.subscribe(
      personNotice,
      ({ ownerId, notice }) => void heard.push(`${ownerId} ${notice.kind}`),
    );
    app.work();
    await follow();
    await world.until(isDone);
    expect(await statesNow()).toEqual({ narration: 'ready', picture: 'ready', mail: 'ready', notice: 'ready' });
    const { picture, narration, followUps } = await storyNow();
    expect(picture).toEqual({ blobId: expect.stringMatching(/^story-1-picture-/), mediaType: 'image/png' });
    expect(narration).toMatchObject({ blobId: expect.stringMatching(/^story-1-narration-/), mediaType: 'audio/mpeg' });
    expect(narration?.cues.map(({ part }) => part)).toEqual([-1, 0, 0, 1, 1]);
    expect(narration?.seconds).toBeGreaterThan(1);
    expect((await blobIds()).toSorted()).toEqual([narration?.blobId, picture?.blobId].toSorted());
    const stream = await world.blobs.read(picture?.blobId ?? '');
    expect(stream && (await buffer(stream))).toEqual(dot);
    expect(world.mail.sent.map(({ id, to }) => [id, to])).toEqual([['story-story-1', 'ada@example.org']]);
    expect(world.mail.sent[0]?.pictures).toEqual([{ name: 'picture', mediaType: 'image/png', bytes: dot }]);
    expect(Object.values(followUps).map(({ tries }) => tries)).toEqual([1, 1, 1, 1]);
    // The notice itself, and the end of each.
    expect(heard).toEqual(Array(5).fill(`${world.person._id} story_changed`));
  });

  it('is asked of a provider in the style of picture books', async () => {
    app.work(['picture']);
    await follow();
    await world.until(async () => (await stateOf('picture')).state === 'ready');
    expect(world.images.asked).toMatchObject([{ seed: 'story-1' }]);
    expect(world.images.asked[0]?.prompt).toMatch(
      /^A small fox with a lantern in a wood\n\nIllustration for a children's/,
    );
  });

  it('happens once, however often it is asked for', async () => {
    const story = await world.addStory();
    const [other] = [world.process()];
    app.work();
    other.work();
    for (const process of [app, other, app, other]) await askForFollowUps(process.ports, story);
    await world.until(isDone);
    await askForFollowUps(app.ports, story);
    await world.until(async () => (await blobIds()).length === 2, 'the blobs of whoever came second to go');
    expect(world.mail.sent).toHaveLength(1);
  });

  it('is tried again with pauses, then left as failed with a reason and a dead letter', async () => {
    const times: number[] = [];
    world.images.before = () => {
      times.push(world.time.ms);
      throw new ImageError('the painter is away', { retryable: true });
    };
    app.work(['picture']);
    await follow();
    await world.until(async () => (await stateOf('picture')).state === 'failed');
    expect(await stateOf('picture')).toMatchObject({ tries: 5, reason: 'unavailable' });
    const gaps = times.slice(1).map((at, n) => Math.round((at - (times[n] ?? 0)) / 1_000));
    expect(gaps).toEqual([3, 6, 12, 24]);
    await world.until(() => dead('picture'));
    expect(await dead('picture')).toMatchObject({ id: 'picture-story-1', error: 'the painter is away' });
    expect((await storyNow()).picture).toBeUndefined();
  });

  it.each([
    [
      'narration',
      () => {
        world.speech.before = () => {
          throw new SpeechError('no such voice', { retryable: false });
        };
      },
    ],
    [
      'picture',
      () => {
        world.images.before = () => {
          throw new ImageError('not this', { retryable: false });
        };
      },
    ],
    [
      'mail',
      () => {
        world.mail.before = () => {
          throw new MailError('no such mailbox', { retryable: false });
        };
      },
    ],
  ] as const)('is tried once where the %s is refused for good', async (name, refuse) => {
    refuse();
    app.work();
    await follow();
    await world.until(() => dead(name));
    expect(await stateOf(name)).toMatchObject({ state: 'failed', tries: 1, reason: 'refused' });
    await world.until(isDone);
  });

  it('is tried anew, with all its tries, where an operator puts its dead letter back', async () => {
    world.images.before = () => {
      throw new ImageError('away', { retryable: true });
    };
    app.work(['picture']);
    await follow();
    await world.until(() => dead('picture'));
    world.images.before = () => {};
    expect(await app.queue.retryDeadLetter(followUpQueues.picture, 'picture-story-1')).toBe(true);
    await world.until(async () => (await stateOf('picture')).state === 'ready');
    expect(await stateOf('picture')).toEqual({ state: 'ready', tries: 1, at: expect.any(Number) });
    expect((await storyNow()).following).toBe(true);
  });

  it('stays a dead letter where its job is added once more after it failed', async () => {
    world.images.before = () => {
      throw new ImageError('away', { retryable: false });
    };
    app.work(['picture']);
    const story = await world.addStory();
    await askForFollowUps(app.ports, story);
    await world.until(() => dead('picture'));
    world.images.before = () => {};
    await world.time.advance(1_000);
    await askForFollowUps(app.ports, story);
    await world.until(async () => (await dead('picture'))?.error.startsWith('It has failed before'));
    expect(await stateOf('picture')).toMatchObject({ state: 'failed', tries: 1 });
    expect(world.images.asked).toEqual([]);
  });

  it('has no voice where nothing speaks here any more', async () => {
    app = world.process(undefined, { speech: new NoSpeech() });
    app.work();
    await follow();
    await world.until(isDone);
    expect(await statesNow()).toMatchObject({ narration: 'skipped', mail: 'ready' });
  });

  it.each([
    ['deleted', { deleted: true }],
    ['expired', { expiresAt: 1_700_000_000_000 }],
  ])('is not kept for a story that was %s meanwhile', async (_how, set) => {
    const gone = async () => {
      await stories().update('story-1', { set });
    };
    world.images.before = gone;
    app.work(['picture']);
    await follow();
    await world.until(() => world.images.asked.length > 0);
    await world.until(async () => (await app.queue.counts(followUpQueues.picture)).active === 0);
    expect(await blobIds()).toEqual([]);
    expect((await storyNow()).picture).toBeUndefined();
    app.work();
    await askForFollowUps(app.ports, await storyNow());
    await world.time.advance(60_000);
    expect([world.mail.sent, world.speech.said]).toEqual([[], []]);
  });

  it('is nothing for a story that is gone altogether', async () => {
    world.images.before = async () => {
      await stories().delete('story-1');
    };
    app.work(['picture']);
    await follow();
    await world.until(() => world.images.asked.length > 0);
    await world.until(async () => (await app.queue.counts(followUpQueues.picture)).active === 0);
    expect(await blobIds()).toEqual([]);
    expect(await dead('picture')).toBeUndefined();
  });

  it('keeps what was made where the store is away when it is to be written, and where its reply is lost', async () => {
    let lost = 1;
    let away = 3;
    app = world.process((port, name) => {
      if (name !== 'stories') return port;
      return new Proxy(port, {
        get: (target, key) => {
          const member: unknown = Reflect.get(target, key);
          if (typeof member !== 'function') return member;
          if (key !== 'update') return member.bind(target);
          return async (...args: unknown[]) => {
            const isEnd = JSON.stringify(args[1]).includes('"ready"');
            if (isEnd && away > 0) {
              away -= 1;
              throw storeUnavailable(new Error('away'));
            }
            const result: unknown = await member.apply(target, args);
            if (isEnd && lost > 0) {
              lost -= 1;
              throw storeUnavailable(new Error('the reply is lost'));
            }
            return result;
          };
        },
      });
    });
    app.work(['picture']);
    await follow();
    await world.until(async () => lost === 0);
    await world.until(async () => (await app.queue.counts(followUpQueues.picture)).active === 0);
    const { picture, followUps } = await storyNow();
    expect(followUps.picture).toMatchObject({ state: 'ready', tries: 1 });
    expect(await blobIds()).toEqual([picture?.blobId]);
    expect(world.images.asked).toHaveLength(1);
  });

  it('loses to whoever was first, and takes its own blob away', async () => {
    const other = world.process();
    const begun = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    world.images.before = async () => {
      if (world.images.asked.length > 0) return;
      begun.resolve();
      await goOn.promise;
    };
    app.work(['picture']);
    await follow();
    await begun.promise;
    // Its process stood still, and the queue gave its job to another.
    world.images.before = () => {};
    other.work(['picture']);
    await askForFollowUps(other.ports, await storyNow());
    await world.until(async () => (await stateOf('picture')).state === 'ready');
    const { picture } = await storyNow();
    goOn.resolve();
    await world.until(async () => (await app.queue.counts(followUpQueues.picture)).active === 0);
    expect((await storyNow()).picture).toEqual(picture);
    expect(await blobIds()).toEqual([picture?.blobId]);
    expect(await dead('picture')).toBeUndefined();
  });

  it('does not count a try that was handed back because its process stops', async () => {
    const begun = Promise.withResolvers<void>();
    world.speech.before = ({ signal }) =>
      new Promise((_resolve, reject) => {
        begun.resolve();
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    const consumer = app.work(['narration'])[0];
    await follow();
    await begun.promise;
    await consumer?.drain(0);
    expect(await stateOf('narration')).toMatchObject({ state: 'pending', tries: 0 });
    expect(await blobIds()).toEqual([]);
  });

  it('fails where its process ended in the middle of each try', async () => {
    const at = world.person.createdAt;
    const five = { state: 'pending', tries: 5, at } as const;
    const ready = { state: 'ready', tries: 1, at } as const;
    app.work();
    await follow({ followUps: { narration: five, picture: ready, mail: ready, notice: ready } });
    await world.until(() => dead('narration'));
    expect(await stateOf('narration')).toMatchObject({ state: 'failed', reason: 'interrupted', tries: 5 });
    expect((await storyNow()).following).toBe(false);
    expect(world.speech.said).toEqual([]);
  });
});
