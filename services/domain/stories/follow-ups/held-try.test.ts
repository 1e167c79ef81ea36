import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storeUnavailable } from '#platform/errors.ts';
import { MailError } from '#platform/mail/mail.ts';
import { openStoryRecords } from '../story-records.ts';
import { askForFollowUps } from './ask-for-follow-ups.ts';
import { type FollowUpWorld, openFollowUpWorld, type TestProcess, type Through } from './follow-ups.fixture.ts';

/** What a process does to stories goes through `pass` first. */
const storiesThrough =
  (pass: () => void | Promise<void>): Through =>
  (port, name) =>
    name !== 'stories'
      ? port
      : new Proxy(port, {
          get: (target, key) => {
            const member: unknown = Reflect.get(target, key);
            if (typeof member !== 'function') return member;
            return async (...args: unknown[]) => {
              await pass();
              return member.apply(target, args);
            };
          },
        });

describe('a mail that one process is at', () => {
  let world: FollowUpWorld;
  /** How often a mail was given to the server. */
  let begun: number;
  let signals: Array<AbortSignal | undefined>;
  let answer: PromiseWithResolvers<void>;
  beforeEach(async () => {
    world = await openFollowUpWorld();
    begun = 0;
    signals = [];
    answer = Promise.withResolvers();
    world.mail.before = async (_message, signal) => {
      begun += 1;
      signals.push(signal);
      if (begun === 1) await answer.promise;
    };
  });
  afterEach(() => world.close());

  const mailNow = async () => (await openStoryRecords(world.store).stories.get('story-1'))?.followUps?.mail;
  const isReady = async () => (await mailNow())?.state === 'ready';
  const add = () => {
    const at = world.person.createdAt + world.time.ms;
    const ready = { state: 'ready', tries: 1, at } as const;
    const pending = { state: 'pending', tries: 0, at } as const;
    return world.addStory({ followUps: { narration: ready, picture: ready, notice: ready, mail: pending } });
  };
  const beginIn = async (process: TestProcess) => {
    process.work(['mail']);
    await askForFollowUps(process.ports, await add());
    await world.until(() => begun === 1, 'the mail to be under way');
  };
  /** Time goes by as it does for a scheduler: its sweep comes every ten seconds. */
  const pass = async (ms: number, sweeping: TestProcess, done: () => boolean = () => false) => {
    const end = world.time.ms + ms;
    while (world.time.ms < end && !done()) {
      await sweeping.sweep.sweep().catch(() => {});
      for (let part = 0; part < 20 && !done(); part += 1) await world.time.advance(500);
    }
  };

  it('is begun by nobody else, however long its server takes and whoever has its job', async () => {
    await beginIn(world.process());
    const other = world.process();
    other.work(['mail']);
    await pass(300_000, other);
    expect(begun).toBe(1);
    answer.resolve();
    await world.until(isReady);
    await pass(60_000, other);
    expect(world.mail.sent).toHaveLength(1);
    expect(await mailNow()).toEqual({ state: 'ready', tries: 1, at: expect.any(Number) });
  });

  it.each(['before', 'after'])(
    'comes once where the store was away for longer than its lease, and its server answered %s it was back',
    async (when) => {
      let away = false;
      const reached = storiesThrough(() => {
        if (away) throw storeUnavailable(new Error('away'));
      });
      await beginIn(world.process(reached));
      const other = world.process(reached);
      other.work(['mail']);
      await pass(10_000, other);
      away = true;
      if (when === 'before') answer.resolve();
      await pass(60_000, other);
      away = false;
      await other.sweep.sweep();
      await pass(60_000, other);
      answer.resolve();
      await world.until(isReady);
      expect(begun).toBe(1);
    },
  );

  it('is taken over within 45 seconds where that process is gone, and given up there should it come back', async () => {
    const stopped = Promise.withResolvers<void>();
    let stands = false;
    await beginIn(world.process(storiesThrough(() => (stands ? stopped.promise : undefined))));
    const other = world.process();
    other.work(['mail']);
    await pass(30_000, other);
    stands = true;
    const stoodAt = world.time.ms;
    await pass(60_000, other, () => begun === 2);
    expect(world.time.ms - stoodAt).toBeLessThanOrEqual(45_000);
    expect(begun).toBe(2);
    await world.until(isReady);
    stopped.resolve();
    await world.until(() => signals[0]?.aborted, 'the first to hear of it');
    answer.resolve();
    await world.time.advance(60_000);
    expect(world.mail.sent).toHaveLength(1);
    expect(await mailNow()).toMatchObject({ state: 'ready', tries: 2 });
  });

  it('is tried again without a wait for the lease where that try failed', async () => {
    const app = world.process();
    await beginIn(app);
    const failedAt = world.time.ms;
    answer.reject(new MailError('the server is away', { retryable: true }));
    await world.until(async () => (await mailNow())?.leaseUntil === undefined, 'the lease to end');
    await world.until(() => begun === 2);
    expect(world.time.ms - failedAt).toBeLessThan(20_000);
    await world.until(isReady);
  });

  it('is free where its process had to stop, and that try does not count', async () => {
    const app = world.process();
    world.mail.before = (_message, signal) =>
      new Promise((_resolve, reject) => {
        begun += 1;
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
    const [consumer] = app.work(['mail']);
    await askForFollowUps(app.ports, await add());
    await world.until(() => begun === 1);
    await consumer?.drain(0);
    expect(await mailNow()).toEqual({ state: 'pending', tries: 0, at: expect.any(Number) });
  });
});
