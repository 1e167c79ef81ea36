import type { ScheduleRecord } from '#domain/schedules/schedule-records.ts';
import type { Random } from '#tests/faults/random.ts';
import { patiently } from '#tests/faults/watch.ts';
import { waitFor } from '#tests/servers/child.ts';
import type { Family } from './family.ts';
import type { Copy } from './mails.ts';
import { readAll } from './records.ts';
import type { EveningStage } from './stage.ts';
import { StoryReader } from './story-reader.ts';
import type { Strike, Strikes } from './strikes.ts';

export interface EveningsOptions {
  readonly stage: EveningStage;
  readonly family: Family;
  readonly strikes: Strikes;
  readonly mails: { readonly copies: readonly Copy[] };
  readonly random: Random;
  /** Ends the readers. */
  readonly signal: AbortSignal;
}

/** Stories that are begun, written or followed at a time, as long as somebody is to be killed over them. */
const activeAtATime = 6;
/** What is due and has not begun by then waits for a sweep, and nobody can be killed over it. */
const beginsWithinMs = 3_000;
const lookEveryMs = 400;
const readMs = 20_000;
/** Of what is promised: a run is given up after the third death over it, and what follows after five tries, a mail after ten. */
const mostCrashes = 1;
/** Whoever holds a lease that ends so soon is believed dead: a worker that lives renews its six seconds every two. */
const leaseLeftMs = 700;
const mostTries = 3;

/** Sees to it that there is always something to be killed over, that each story has its reader, and what each kill fell between. */
export class Evenings {
  readonly readers: StoryReader[] = [];
  /** Kills between the mail server's answer and the store's write, by story. */
  readonly between = new Map<string, number>();
  readonly #options: EveningsOptions;
  readonly #read = new Set<string>();
  readonly #reading: Promise<void>[] = [];
  #live = 0;
  #active = 0;

  constructor(options: EveningsOptions) {
    this.#options = options;
  }

  /** Schedules whose story is not at rest. */
  get live(): number {
    return this.#live;
  }

  /** Has some more schedules come due, where there are few. */
  async invite(): Promise<void> {
    const { stage, family, random } = this.#options;
    const few = activeAtATime - this.#active;
    if (few <= 0) return;
    const added = family.add(random.integer(Math.ceil(few / 2), few));
    await patiently(() =>
      stage.write(async ({ schedules }) => {
        for (const schedule of added) await schedules.insert(schedule);
      }),
    );
    this.#active += added.length;
  }

  /** Whether one more kill leaves everything within what is promised, wherever it comes. */
  async canTakeAKill(): Promise<boolean> {
    return this.#options.stage.read(async ({ runs, stories }) => {
      const fields = ['crashes', 'leaseUntil'];
      const running = await runs.find({ where: { status: 'running' }, limit: 100, fields });
      // A lease that nobody renews is about to be taken over, which counts as a crash then.
      const believedDead = Date.now() + leaseLeftMs;
      const deaths = running.items.map(({ crashes, leaseUntil }) => crashes + (leaseUntil < believedDead ? 1 : 0));
      if (deaths.some((count) => count > mostCrashes)) return false;
      const { items } = await stories.stories.find({ where: { following: true }, limit: 100, fields: ['followUps'] });
      return items.every(({ followUps }) =>
        Object.values(followUps ?? {}).every(({ state, tries }) => state !== 'pending' || tries <= mostTries),
      );
    });
  }

  /** A process has died: mails that it had an answer to, and did not say so, are counted; then more comes due before it is back. */
  async afterDeath({ pid }: Strike): Promise<void> {
    const { stage, mails, random } = this.#options;
    const answered = mails.copies.filter((copy) => copy.pid === pid && copy.answered).map(({ storyId }) => storyId);
    const stories = await patiently(() =>
      stage.read(({ stories: { stories } }) => stories.getMany([...new Set(answered)], ['followUps'])),
    );
    for (const { _id, followUps } of stories)
      if (followUps?.mail.state === 'pending') this.between.set(_id, (this.between.get(_id) ?? 0) + 1);
    await new Promise((resolve) => setTimeout(resolve, random.integer(0, 800)));
  }

  /** Until all kills are done, or `withinMs` are over. */
  async untilStruck(withinMs: number): Promise<void> {
    const { strikes } = this.#options;
    const end = Date.now() + withinMs;
    while (!strikes.over && Date.now() < end) {
      await this.look();
      await this.invite();
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
  }

  /** Counts what is under way, and sends a reader to each story that has begun. */
  async look(): Promise<void> {
    const { stage, family, signal } = this.#options;
    const { schedules, runs, stories } = await this.state();
    for (const { _id, ownerId } of runs) {
      const parent = family.ownerOf(ownerId);
      if (this.#read.has(_id) || !parent) continue;
      this.#read.add(_id);
      const reader = new StoryReader(_id, parent, stage.realtime);
      this.readers.push(reader);
      this.#reading.push(reader.read(signal));
    }
    const over = new Set(
      stories.flatMap(({ status, following, scheduleId }) => (status !== 'writing' && !following ? scheduleId : [])),
    );
    const live = schedules.filter(({ _id, due }) => due !== undefined || !over.has(_id));
    const since = Date.now() - beginsWithinMs;
    const begun = new Set(runs.map(({ _id }) => _id));
    const isActive = ({ due }: ScheduleRecord) => due === undefined || begun.has(due.runId) || due.claimedAt > since;
    this.#live = live.length;
    this.#active = live.filter(isActive).length;
  }

  state() {
    return patiently(() =>
      this.#options.stage.read(async ({ schedules, runs, stories }) => ({
        schedules: await readAll(schedules),
        runs: await readAll(runs),
        stories: await readAll(stories.stories),
      })),
    );
  }

  /** Until every reader has its story's end. */
  async untilRead(): Promise<void> {
    const haveAll = () => this.readers.every(({ transcript }) => transcript.done);
    // Who has no end by then is found by the check.
    await waitFor(haveAll, { timeoutMs: readMs, everyMs: 100 }).catch(() => {});
  }
}
