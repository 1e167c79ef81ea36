import type { FollowUpName } from '#contract/stories.ts';
import { wait } from '#platform/models/back-off.ts';
import type { StoryPorts } from '../story-ports.ts';
import type { StoryRecord } from '../story-records.ts';
import { stillPending } from './end-follow-up.ts';
import { mostTries } from './follow-up-states.ts';

/**
 * A mail alone has a lease: two copies of it cannot be taken back, while a voice or a picture that comes second is removed again. The queue may
 * give its job to a second process while the first one still sends.
 */
const isLeased = (name: FollowUpName): boolean => name === 'mail';
const leaseMs = 20_000;
const renewMs = 5_000;
const retryMs = 500;
/** A lapsed lease is taken only where it stays unchanged this long: whoever holds it may have found the store away as well, and is back. */
const observeMs = 3_000;

/**
 * Counts the next try and takes it: of two jobs that read the same, one goes on. Undefined: another has it. The last try is not counted
 * past `mostTries`.
 */
export async function takeTry(
  ports: StoryPorts,
  { _id, followUps }: StoryRecord,
  name: FollowUpName,
  signal: AbortSignal,
): Promise<StoryRecord | undefined> {
  const { clock } = ports.chat;
  const { tries = 0, leaseUntil } = followUps?.[name] ?? {};
  if (leaseUntil !== undefined) await wait(observeMs, clock, signal);
  const path = `followUps.${name}`;
  const asSeen = { [`${path}.tries`]: tries, [`${path}.leaseUntil`]: leaseUntil ?? ({ absent: true } as const) };
  const set = {
    [`${path}.tries`]: Math.min(tries + 1, mostTries[name]),
    ...(isLeased(name) && { [`${path}.leaseUntil`]: clock.now() + leaseMs }),
  };
  return ports.stories.stories.update(_id, { set }, { ...stillPending(ports, name), ...asSeen });
}

/** A try while its process is at it: renews the lease, where it has one, so that nobody else tries meanwhile. */
export class HeldTry {
  readonly story: StoryRecord;
  readonly #ports: StoryPorts;
  readonly #name: FollowUpName;
  readonly #lost = new AbortController();
  #over = false;
  #isStoreAway = false;
  #renewing: Promise<void> = Promise.resolve();
  #cancelTimer = () => {};

  /** `story` as `takeTry` left it. */
  constructor(ports: StoryPorts, story: StoryRecord, name: FollowUpName) {
    this.#ports = ports;
    this.story = story;
    this.#name = name;
    if (isLeased(name)) this.#renewIn(renewMs);
  }

  /** Aborted where another has it now, or where there is nothing to be done any more. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async stop(): Promise<void> {
    this.#over = true;
    this.#cancelTimer();
    await this.#renewing;
  }

  /** Ends the lease, so that the next try need not wait for it. A try that is not counted leaves whoever is next as many as this one had. */
  async giveUp({ counted }: { readonly counted: boolean }): Promise<void> {
    await this.stop();
    if (counted && !isLeased(this.#name)) return;
    const path = `followUps.${this.#name}`;
    const change = { unset: [`${path}.leaseUntil`], ...(!counted && { increment: { [`${path}.tries`]: -1 } }) };
    try {
      await this.#ports.stories.stories.update(this.story._id, change, this.#isOurs());
    } catch (error) {
      this.#warn('A try that ended stays counted, and its lease runs out by itself.', error);
    }
  }

  #isOurs() {
    const tries = this.story.followUps?.[this.#name].tries ?? 0;
    return { ...stillPending(this.#ports, this.#name), [`followUps.${this.#name}.tries`]: tries };
  }

  #renewIn(ms: number): void {
    this.#cancelTimer = this.#ports.chat.clock.after(ms, () => {
      this.#renewing = this.#renew().then((next) => {
        if (!this.#over) this.#renewIn(next);
      });
    });
  }

  /** Returns when it is to be renewed again. */
  async #renew(): Promise<number> {
    const { stories, chat } = this.#ports;
    const set = { [`followUps.${this.#name}.leaseUntil`]: chat.clock.now() + leaseMs };
    try {
      const ours = await stories.stories.update(this.story._id, { set }, this.#isOurs(), ['followUps']);
      this.#isStoreAway = false;
      if (!ours) this.#lose();
      return renewMs;
    } catch (error) {
      if (!this.#isStoreAway) this.#warn('A lease could not be renewed; it is tried again.', error);
      this.#isStoreAway = true;
      return retryMs;
    }
  }

  #lose(): void {
    this.#over = true;
    this.#lost.abort(new Error('Another does this now, or nobody has to any more.'));
  }

  #warn(message: string, error: unknown): void {
    this.#ports.chat.logger.warn(message, {
      'event.action': 'follow_up',
      'lamplight.story.id': this.story._id,
      'lamplight.follow_up.name': this.#name,
      error,
    });
  }
}
