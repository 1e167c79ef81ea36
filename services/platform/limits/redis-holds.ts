import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { LocalHolds } from './local-holds.ts';

/** What a process holds counts for others this long after it last said so: a process that died leaves room by itself. */
const leaseMs = 60_000;
const renewEveryMs = 20_000;
/** One after another, tens of thousands of people would take longer than a lease where Redis is a few milliseconds away. */
const renewAtATime = 200;
/** In place of the most there may be: what is held already is only told. */
const noLimit = -1;

/**
 * Tells how many this process holds of a name, where all processes together then hold no more than allowed. A hash has a field for
 * each process: `count:end of its lease`, by the clock of Redis. ARGV: the process, its count, the most allowed, the lease. Answers
 * whether it was noted.
 */
const noteHolds = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local mine, most = tonumber(ARGV[2]), tonumber(ARGV[3])
local others = 0
local noted = redis.call('HGETALL', KEYS[1])
for index = 1, #noted, 2 do
  if noted[index] ~= ARGV[1] then
    local count, ends = string.match(noted[index + 1], '^(%d+):(%d+)$')
    if tonumber(ends) < now then redis.call('HDEL', KEYS[1], noted[index]) else others = others + count end
  end
end
if most >= 0 and others + mine > most then return 0 end
if mine == 0 then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%d:%d', mine, now + ARGV[4]))
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
end
return 1`;

interface RedisHoldsOptions {
  readonly renewMs?: number | undefined;
  readonly onAnswer: () => void;
  /** This process counts by itself. */
  readonly onFailure: (error: unknown) => void;
}

/** What is held in all processes together; where Redis does not answer, in this one. */
export class RedisHolds {
  readonly #redis: Redis;
  readonly #key: (name: string) => string;
  readonly #local = new LocalHolds();
  readonly #me = randomUUID();
  readonly #renewal: NodeJS.Timeout;
  #renewing = false;
  readonly #onAnswer: () => void;
  readonly #onFailure: (error: unknown) => void;

  constructor(redis: Redis, prefix: string, { renewMs = renewEveryMs, onAnswer, onFailure }: RedisHoldsOptions) {
    this.#redis = redis;
    this.#key = (name) => `${prefix}:${name}`;
    this.#onAnswer = onAnswer;
    this.#onFailure = onFailure;
    this.#renewal = setInterval(() => void this.#tellAll(), renewMs).unref();
  }

  /** Undefined where there are `most`. What it resolves to gives it back, once. */
  async take(name: string, most: number): Promise<(() => void) | undefined> {
    const leave = this.#local.take(name, most, () => void this.#tell(name));
    if (!leave) return undefined;
    try {
      const noted = await this.#note(name, most);
      this.#onAnswer();
      if (noted === 1) return leave;
      leave();
      return undefined;
    } catch (error) {
      this.#onFailure(error);
      return leave;
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#renewal);
    await Promise.all(this.#local.names.map((name) => this.#note(name, noLimit, 0).catch(() => {})));
  }

  #note(name: string, most: number, mine = this.#local.count(name)): Promise<unknown> {
    return this.#redis.eval(noteHolds, 1, this.#key(name), this.#me, mine, most, leaseMs);
  }

  /** Others learn of it from the end of the lease where Redis does not hear it now, and from the next renewal. */
  async #tell(name: string): Promise<void> {
    await this.#note(name, noLimit).catch(() => {});
  }

  async #tellAll(): Promise<void> {
    if (this.#renewing) return;
    this.#renewing = true;
    const { names } = this.#local;
    for (let at = 0; at < names.length; at += renewAtATime) {
      await Promise.all(names.slice(at, at + renewAtATime).map((name) => this.#tell(name)));
    }
    this.#renewing = false;
  }
}
