import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Freezable } from '#tests/protocol/virtual-time.ts';
import { openStoryRecords } from '../story-records.ts';
import { askForFollowUps } from './ask-for-follow-ups.ts';
import { type FollowUpWorld, openFollowUpWorld, type Through } from './follow-ups.fixture.ts';

/** A process that is killed at one of its calls to what outlives it: before the call has any effect, or before its reply comes. */
class Killed {
  readonly #process: Freezable;
  readonly #killAt: number | string;
  /** Each call is two steps: into it, and out of it. */
  readonly steps: string[] = [];

  constructor(world: FollowUpWorld, killAt: number | string) {
    this.#process = new Freezable(world.time);
    this.#killAt = killAt;
  }

  get dead(): boolean {
    return this.#process.dead;
  }

  through: Through = (port, name) =>
    name === 'queue'
      ? port
      : new Proxy(port, {
          get: (target, key) => {
            const member: unknown = Reflect.get(target, key);
            if (typeof member !== 'function') return member;
            return async (...args: unknown[]) => {
              const call = isEndOfMail(args) ? endOfMail : `${name}.${String(key)}`;
              await this.#step(`before ${call}`);
              const result: unknown = await member.apply(target, args);
              await this.#step(`after ${call}`, result);
              return result;
            };
          },
        });

  async #step(what: string, result?: unknown): Promise<void> {
    await this.#process.running();
    this.steps.push(what);
    if (this.steps.length !== this.#killAt && what !== this.#killAt) return;
    this.#process.kill();
    // What a process has open goes with it.
    if (result instanceof Readable) result.destroy();
    await this.#process.running();
  }
}

const endOfMail = 'end of the mail';
const isEndOfMail = (args: readonly unknown[]): boolean =>
  JSON.stringify(args).includes('"followUps.mail.state":"ready"');

describe('what follows a story whose process is killed', () => {
  let world: FollowUpWorld;
  beforeEach(async () => {
    world = await openFollowUpWorld();
  });
  afterEach(() => world.close());

  const copiesOf = (storyId: string) => world.mail.sent.filter(({ id }) => id === `story-${storyId}`).length;

  const play = async (storyId: string, killAt: number | string) => {
    const { stories } = openStoryRecords(world.store);
    const story = await world.addStory({ _id: storyId, endedAt: world.person.createdAt + world.time.ms });
    const first = new Killed(world, killAt);
    const killed = world.process(first.through);
    killed.work();
    void askForFollowUps(killed.ports, story);
    const isDone = async () => (await stories.get(storyId))?.following === false;
    await world.until(async () => first.dead || (await isDone()), `step ${killAt}`);
    const sent = copiesOf(storyId);
    const next = world.process();
    next.work();
    await world.until(
      async () => {
        await next.sweep.sweep();
        return isDone();
      },
      `the end after step ${killAt}, ${first.steps.at(-1)}`,
    );
    return { killed: first, sent };
  };

  const check = async (storyId: string, { steps, dead }: Killed) => {
    const story = await openStoryRecords(world.store).stories.get(storyId);
    const last = dead ? `killed ${steps.at(-1)}` : 'not killed';
    const states = Object.values(story?.followUps ?? {}).map(({ state }) => state);
    expect(states, last).toEqual(['ready', 'ready', 'ready', 'ready']);
    const kept = (await world.blobs.list({ writtenBefore: Number.MAX_SAFE_INTEGER, limit: 1_000 })).map(({ id }) => id);
    const ofStory = kept.filter((id) => id.startsWith(`${storyId}-`));
    for (const blobId of [story?.narration?.blobId, story?.picture?.blobId]) expect(ofStory, last).toContain(blobId);
    // A kill between a blob and its story leaves an orphan, which the sweep of blobs takes.
    expect(ofStory.length, last).toBeLessThanOrEqual(dead ? 4 : 2);
    return last;
  };

  it("at any step, happens once all the same; a mail comes twice only by a kill between its server's answer and the store's", async () => {
    const whole = await play('whole', Number.POSITIVE_INFINITY);
    await check('whole', whole.killed);
    expect(copiesOf('whole')).toBe(1);
    let kills = 0;
    for (let killAt = 1; killAt <= whole.killed.steps.length + 4; killAt += 1) {
      const storyId = `s${killAt}`;
      const { killed, sent } = await play(storyId, killAt);
      if (killed.dead) kills += 1;
      const last = await check(storyId, killed);
      const ended = killed.steps.includes(`after ${endOfMail}`);
      if (sent === 0 || ended) expect(copiesOf(storyId), last).toBe(1);
      else expect(copiesOf(storyId), last).toBeLessThanOrEqual(2);
    }
    expect(kills).toBeGreaterThanOrEqual(50);
  }, 120_000);

  it.each([
    ['before mail.send', 1],
    ['after mail.send', 2],
    [`before ${endOfMail}`, 2],
    [`after ${endOfMail}`, 1],
  ])('%s, has its mail %i times, each with the same id', async (killAt, copies) => {
    const { killed } = await play('story', killAt);
    expect(await check('story', killed)).toBe(`killed ${killAt}`);
    expect(copiesOf('story')).toBe(copies);
  });
});
