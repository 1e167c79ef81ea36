import { storyRequest } from '#contract/stories.ts';
import type { PersonRecord } from '#domain/accounts/account-records.ts';
import { attemptRun } from '#domain/runs/attempt-run.ts';
import { RunsUnderWay } from '#domain/runs/runs-under-way.ts';
import { RunSweep } from '#domain/runs/sweep-runs.ts';
import { beginDueStory } from '#domain/schedules/begin-due-story.ts';
import { ScheduleClock } from '#domain/schedules/claim-due.ts';
import type { ScheduleRecord } from '#domain/schedules/schedule-records.ts';
import { createStory } from '#domain/stories/create-story.ts';
import { sweepPlaces } from '#domain/stories/places.ts';
import type { StoryPorts } from '#domain/stories/story-ports.ts';
import { dueStoryQueue, storyQueue } from '#domain/stories/story-topics.ts';
import type { Store } from '#platform/store/store.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { FastStoryteller } from './fast-storyteller.ts';

export interface Rush {
  readonly schedules: number;
  /** Stories that may be written at a time. */
  readonly ceiling: number;
  /** Stories that each of the two workers has under way at a time; 10 by default. */
  readonly slots?: number;
  /** How long the telling of one takes. */
  readonly tellMs?: number;
  /** Stories that people ask for, in the queue before the first one that is due. */
  readonly onDemand?: number;
  /** What each call about a run takes longer, as where the database is busy. */
  readonly lagMs?: number;
  readonly store?: Store;
}

export interface RushFigures {
  /** Until each was noted and its job was in the queue. */
  readonly claimSeconds: number;
  /** Until each story was ready. */
  readonly writeSeconds: number;
  readonly mostAtATime: number;
  /** Also those that were asked for. */
  readonly stories: number;
  /** Schedules whose story is not there, or there twice. */
  readonly wrong: readonly string[];
}

const schedulers = 2;
const workers = 2;
const patienceMs = 15 * 60_000;

/** Many schedules of as many people, all due in the same minute: how long until all are noted, and until all are written. */
export async function playRush(rush: Rush): Promise<RushFigures> {
  const { schedules, ceiling, slots = 10, tellMs, onDemand = 0, lagMs = 0, store } = rush;
  const models = new FastStoryteller(tellMs);
  const test = await createTestChat({ models, ...(store && { store }) });
  try {
    const ports = test.stories;
    await test.foundation.runtime.change({ runningStories: ceiling });
    await insertAll(ports, schedules);
    const begin = performance.now();
    const clocks = Array.from({ length: schedulers }, () => new ScheduleClock(ports).claim());
    const claimed = (await Promise.all(clocks)).reduce((sum, count) => sum + count, 0);
    const claimSeconds = (performance.now() - begin) / 1_000;
    const { waiting } = await ports.chat.queue.counts(dueStoryQueue);
    if (claimed !== schedules || waiting !== schedules)
      throw new Error(`${claimed} of ${schedules} were claimed, and ${waiting} wait in the queue.`);
    await askAll(test, onDemand);
    if (lagMs > 0) slowDown(ports.chat, lagMs);
    consumeAll(ports, slots);
    await untilReady(ports, schedules + onDemand);
    const writeSeconds = (performance.now() - begin) / 1_000;
    const { stories, wrong } = await check(ports, schedules);
    return { claimSeconds, writeSeconds, mostAtATime: models.most, stories, wrong };
  } finally {
    await test.close();
  }
}

const idOf = (kind: string, n: number): string => `${kind}-${String(n).padStart(6, '0')}`;

async function insertAll({ schedules, accounts, chat }: StoryPorts, count: number): Promise<void> {
  const now = chat.clock.now();
  for (let from = 0; from < count; from += 500) {
    const numbers = Array.from({ length: Math.min(500, count - from) }, (_, n) => from + n);
    await accounts.records.people.insertMissing(numbers.map((n) => personOf(n, now)));
    await schedules.insertMissing(numbers.map((n) => scheduleOf(n, now)));
  }
}

const personOf = (n: number, now: number): PersonRecord => ({
  _id: idOf('person', n),
  name: 'Ada',
  role: 'user',
  timeZone: 'Europe/Berlin',
  disabled: false,
  deleted: false,
  createdAt: now,
  lastSeenAt: now,
});

const scheduleOf = (n: number, now: number): ScheduleRecord => ({
  _id: idOf('schedule', n),
  ownerId: idOf('person', n),
  slot: 0,
  name: 'Mila',
  timing: { kind: 'days', days: [1, 2, 3, 4, 5, 6, 7], time: '19:15' },
  timeZone: 'Europe/Berlin',
  settings: { readerName: 'Mila', readerAge: 6, language: 'en', minutes: 3, themes: [], avoid: [], style: '' },
  characterIds: [],
  sceneIds: [],
  idea: '',
  mail: false,
  paused: false,
  nextAt: now - (n % 60_000),
  version: 1,
  createdAt: now,
});

function slowDown({ records: { runs } }: StoryPorts['chat'], lagMs: number): void {
  const late =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await new Promise((resolve) => setTimeout(resolve, lagMs));
      return call(...args);
    };
  Object.assign(runs, { get: late(runs.get.bind(runs)), update: late(runs.update.bind(runs)) });
}

async function askAll({ stories, signIn }: TestChat, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const person = await signIn();
    await createStory(stories, person, storyRequest.parse({ idea: 'A kite' }));
  }
}

/** Several workers, as far as their jobs of stories go. */
function consumeAll(ports: StoryPorts, slots: number): void {
  const { chat } = ports;
  const underWay = new RunsUnderWay(chat);
  for (let worker = 0; worker < workers; worker += 1) {
    const concurrency = { concurrency: slots };
    chat.queue.consume(dueStoryQueue, concurrency, (job, signal) => beginDueStory(ports, job.data, signal));
    chat.queue.consume(storyQueue, concurrency, (job, signal) => attemptRun(chat, underWay, job.data, signal));
  }
}

/** With the sweeps that run beside, since some jobs come back later. */
async function untilReady(ports: StoryPorts, stories: number): Promise<void> {
  const end = performance.now() + patienceMs;
  const clock = new ScheduleClock(ports);
  const runs = new RunSweep(ports.chat);
  while ((await ports.chat.records.runs.count({ status: 'complete' })) < stories) {
    if (performance.now() > end) throw new Error('The stories were not written in time.');
    await new Promise((resolve) => setTimeout(resolve, 500));
    await Promise.all([clock.sweep(), runs.requeue(), sweepPlaces(ports)]);
  }
}

async function check(
  { chat, schedules, stories }: StoryPorts,
  count: number,
): Promise<Pick<RushFigures, 'stories' | 'wrong'>> {
  const bySchedule = new Map<string, number>();
  for await (const run of chat.records.runs.scan()) {
    const story = await stories.stories.get(run.conversationId);
    if (run.status !== 'complete' || story?.status !== 'ready') continue;
    bySchedule.set(story.scheduleId ?? '', (bySchedule.get(story.scheduleId ?? '') ?? 0) + 1);
  }
  const wrong: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const schedule = await schedules.get(idOf('schedule', n));
    const isRight = bySchedule.get(idOf('schedule', n)) === 1 && schedule?.last?.outcome === 'begun' && !schedule.due;
    if (!isRight) wrong.push(idOf('schedule', n));
  }
  return { stories: [...bySchedule.values()].reduce((sum, each) => sum + each, 0), wrong };
}
