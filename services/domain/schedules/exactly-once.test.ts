import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JobData } from '#contract/jobs.ts';
import type { StoryPorts } from '#domain/stories/story-ports.ts';
import { dueStoryQueue, storyQueue } from '#domain/stories/story-topics.ts';
import { storeUnavailable } from '#platform/errors.ts';
import type { Queue } from '#platform/queue/queue.ts';
import { settle } from '#tests/protocol/virtual-time.ts';
import { beginDueStory } from './begin-due-story.ts';
import { ScheduleClock } from './claim-due.ts';
import type { ScheduleRecord } from './schedule-records.ts';
import { openScheduleWorld, type ScheduleWorld } from './schedules.fixture.ts';

const histories = Number(process.env['SCHEDULE_HISTORIES'] ?? 50);
const dayMs = 86_400_000;
const never = new AbortController().signal;

/** What happens to a process at one of its calls to the store: it dies before or after it, or hears no reply, or the call is not made. */
interface Fate {
  readonly call: number;
  readonly what: 'nothing' | 'dies before' | 'dies after' | 'reply lost' | 'refused';
}
const fate: fc.Arbitrary<Fate> = fc.record({
  call: fc.nat(9),
  what: fc.constantFrom('nothing', 'dies before', 'dies after', 'reply lost', 'refused'),
});

let world: ScheduleWorld;
beforeAll(async () => {
  world = await openScheduleWorld('2026-11-21T12:00:00Z');
  // What is begun is taken at once, so that no time waits for its turn.
  world.ports.chat.queue.consume(storyQueue, { concurrency: 100 }, async () => {});
});
afterAll(() => world.test.close());

/** Nothing of the history before. */
async function clear(): Promise<void> {
  const { schedules, stories, chat } = world.ports;
  for (const each of [schedules, stories.stories, chat.records.runs]) await each.deleteWhere({}, 1_000);
}

/** All processes of one history: they share the store, whose calls come in an order that the test chooses, and the jobs. */
class History {
  readonly jobs: JobData<'due_story'>[] = [];
  readonly #turns: fc.Scheduler;

  constructor(turns: fc.Scheduler) {
    this.#turns = turns;
  }

  process({ call, what }: Fate): StoryPorts {
    const { ports } = world;
    let calls = 0;
    const dead = () => new Promise<never>(() => {});
    const lost = () => storeUnavailable(new Error(`A call was ${what}.`));
    const through = <T extends object>(port: T): T =>
      new Proxy(port, {
        get: (target, key) => {
          const member: unknown = Reflect.get(target, key);
          if (typeof member !== 'function') return member;
          return async (...args: unknown[]) => {
            await this.#turns.schedule(Promise.resolve());
            const now = calls++;
            if (now > call && what.startsWith('dies')) return dead();
            if (now === call && what === 'dies before') return dead();
            if (now === call && what === 'refused') throw lost();
            const result: unknown = await member.apply(target, args);
            if (now === call && what === 'dies after') return dead();
            if (now === call && what === 'reply lost') throw lost();
            return result;
          };
        },
      });
    const queue: Queue = {
      ...boundQueue(ports.chat.queue),
      add: async (spec, data) => {
        if (spec.name === dueStoryQueue.name) this.jobs.push(dueStoryQueue.data.parse(data));
      },
    };
    const records = { ...ports.chat.records, runs: through(ports.chat.records.runs) };
    return {
      ...ports,
      schedules: through(ports.schedules),
      stories: { ...ports.stories, stories: through(ports.stories.stories) },
      chat: { ...ports.chat, records, queue },
    };
  }

  /** Goes on until nobody has a call to make. */
  async untilAllWait(): Promise<void> {
    for (let quiet = 0; quiet < 5; quiet += 1) {
      await settle();
      if (this.#turns.count() > 0) quiet = 0;
      while (this.#turns.count() > 0) await this.#turns.waitOne();
    }
  }
}

const boundQueue = (queue: Queue): Queue => ({
  add: (...args) => queue.add(...args),
  consume: (...args) => queue.consume(...args),
  counts: (...args) => queue.counts(...args),
  deadLetters: (...args) => queue.deadLetters(...args),
  retryDeadLetter: (...args) => queue.retryDeadLetter(...args),
  ping: () => queue.ping(),
  close: () => queue.close(),
});

const isAway = (error: unknown) => {
  if (!(error instanceof Error && 'code' in error && error.code === 'store_unavailable')) throw error;
};

interface Plan {
  readonly clocks: readonly Fate[];
  readonly jobs: readonly Fate[];
  readonly later: readonly Fate[];
}

/** Two schedulers or more, jobs that run twice, some of them dead; and then a day later one of each that is well. */
async function play(history: History, plan: Plan, schedules: readonly ScheduleRecord[]): Promise<void> {
  for (const each of plan.clocks) new ScheduleClock(history.process(each)).claim().catch(isAway);
  await history.untilAllWait();
  await beginAll(history, plan.jobs);
  await world.time.advance(31_000);
  for (const each of plan.later) {
    const clock = new ScheduleClock(history.process(each));
    clock.claim().catch(isAway);
    clock.sweep().catch(isAway);
  }
  await history.untilAllWait();
  await beginAll(history, plan.later);
  await world.time.advance(31_000);
  const well = new ScheduleClock(history.process({ call: 0, what: 'nothing' }));
  const passes = [well.claim(), well.sweep()];
  await history.untilAllWait();
  await Promise.all(passes);
  await beginAll(history, [{ call: 0, what: 'nothing' }]);
  for (const { _id } of schedules) expect(await world.stored(_id)).not.toHaveProperty('due');
}

/** The job of each time once for every fate, all at the same time. */
async function beginAll(history: History, fates: readonly Fate[]): Promise<void> {
  const jobs = [...new Map(history.jobs.map((job) => [job.storyId, job])).values()];
  for (const each of fates) for (const job of jobs) beginDueStory(history.process(each), job, never).catch(isAway);
  await history.untilAllWait();
}

it(`begins one story for each schedule and time in ${histories} histories in which processes die at any step`, {
  timeout: 60_000,
}, async () => {
  const plan = fc.record({
    clocks: fc.array(fate, { minLength: 2, maxLength: 3 }),
    jobs: fc.array(fate, { maxLength: 2 }),
    later: fc.array(fate, { maxLength: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), plan, async (turns, plans) => {
      await clear();
      const ada = await world.parent({ timeZone: 'UTC' });
      const schedules = [await world.schedule(ada), await world.schedule(ada)];
      const at = schedules[0]?.nextAt ?? 0;
      await world.time.advance(at - world.now());
      await play(new History(turns), plans, schedules);
      const { items } = await world.ports.chat.records.runs.find({ where: {}, limit: 100 });
      expect(items.map(({ clientMessageId }) => clientMessageId).toSorted()).toEqual(
        schedules.map(({ _id }) => `schedule-${_id}-${at}`).toSorted(),
      );
      for (const { _id } of schedules) {
        const stored = await world.stored(_id);
        const run = items.find(({ clientMessageId }) => clientMessageId === `schedule-${_id}-${at}`);
        expect(stored).toMatchObject({
          last: { at, outcome: 'begun', storyId: run?.conversationId },
          nextAt: at + dayMs,
        });
      }
    }),
    { numRuns: histories },
  );
});
