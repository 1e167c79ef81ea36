import type { Redis } from 'ioredis';
import type { Position } from '#contract/position.ts';
import type { Clock } from '#platform/clock.ts';
import { connectRedis, disconnectRedis, firstAttempt, writeGatherer } from '#platform/redis/connect-redis.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { beginning } from './entries-behind.ts';
import { expiryMs, finishedExpiryMs } from './expiry.ts';
import { decodeEntry, encodeEntry, runLogKey, streamId } from './redis-entries.ts';
import { RedisTails } from './redis-tails.ts';
import {
  type AppendResult,
  type DoneEntry,
  type LogEntry,
  type OutputEntry,
  type RunLog,
  RunLogUnavailable,
  type Tail,
} from './run-log.ts';

/** Appends and sets the expiry, in one step. ARGV: expiry, ID, field, value, and `make` where the stream may be new. */
const appendAndKeep = `
local id
if ARGV[5] == 'make' then
  id = redis.call('XADD', KEYS[1], ARGV[2], ARGV[3], ARGV[4])
else
  id = redis.call('XADD', KEYS[1], 'NOMKSTREAM', ARGV[2], ARGV[3], ARGV[4])
end
if id then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return id`;

/** An append sets the expiry where the last one to do so may be this long ago, so the expiry is longer by as much. */
const renewMs = 60_000;
const keepMs = expiryMs + renewMs;

/** What Redis says to an ID at or before the last one (also to one that is not above 0-0). */
const refusal = /The ID specified in XADD/;

/** The run log on Redis Streams: one stream a run, whose entry IDs are the positions. Needs Redis 6.2 or later. */
export class RedisRunLog implements RunLog {
  readonly #clock: Clock;
  readonly #commands: Redis;
  readonly #blocking: Redis;
  readonly #gatherWrites: () => void;
  readonly #tails: RedisTails;
  /** The runs whose expiry was set since `#renewedFrom`. */
  readonly #renewed = new Set<string>();
  #renewedFrom = Number.NEGATIVE_INFINITY;

  constructor(url: string, { clock, logger }: { clock: Clock; logger: Logger }) {
    this.#clock = clock;
    this.#commands = connectRedis(url, { role: 'commands', logger });
    this.#gatherWrites = writeGatherer(this.#commands);
    this.#blocking = connectRedis(url, { role: 'blocking', logger });
    this.#tails = new RedisTails({ commands: this.#commands, blocking: this.#blocking, clock, logger });
  }

  /** Connects; where Redis is away it resolves too, and the methods throw until Redis is there. */
  static async connect(url: string, options: { clock: Clock; logger: Logger }): Promise<RedisRunLog> {
    const log = new RedisRunLog(url, options);
    await Promise.all([firstAttempt(log.#commands), firstAttempt(log.#blocking)]);
    return log;
  }

  open(runId: string, attempt: number): Promise<AppendResult> {
    return this.#addAndKeep(runId, { kind: 'open', at: { attempt, length: 0 } }, keepMs);
  }

  append(runId: string, entry: OutputEntry | DoneEntry): Promise<AppendResult> {
    if (entry.kind === 'done') return this.#addAndKeep(runId, entry, finishedExpiryMs);
    return this.#isRenewalDue(runId) ? this.#addAndKeep(runId, entry, keepMs) : this.#add(runId, entry);
  }

  async last(runId: string): Promise<LogEntry | undefined> {
    const [newest] = await this.#ask(() => this.#commands.xrevrange(runLogKey(runId), '+', '-', 'COUNT', 1));
    return newest && decodeEntry(...newest);
  }

  async read(runId: string, after: Position | undefined, limit: number) {
    const key = runLogKey(runId);
    const from = `(${streamId(after ?? beginning)}`;
    const items = await this.#ask(() => this.#commands.xrange(key, from, '+', 'COUNT', limit));
    const entries = items.map((item) => decodeEntry(...item)).filter((entry) => entry !== undefined);
    const exists = items.length > 0 || (await this.#ask(() => this.#commands.exists(key))) === 1;
    return { exists, entries };
  }

  tail(runId: string, after: Position | undefined, onEntries: (entries: readonly LogEntry[]) => void): Tail {
    return this.#tails.add(runId, after ?? beginning, onEntries);
  }

  async ping(): Promise<void> {
    await this.#ask(() => this.#commands.ping());
  }

  async close(): Promise<void> {
    const ended = this.#tails.close();
    await Promise.all([disconnectRedis(this.#commands), disconnectRedis(this.#blocking)]);
    await ended;
  }

  async #ask<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command();
    } catch (error) {
      throw new RunLogUnavailable(error);
    }
  }

  async #add(runId: string, entry: OutputEntry): Promise<AppendResult> {
    const [field, value] = encodeEntry(entry);
    this.#gatherWrites();
    return this.#outcome(this.#commands.xadd(runLogKey(runId), 'NOMKSTREAM', streamId(entry.at), field, value));
  }

  async #addAndKeep(runId: string, entry: LogEntry, keep: number): Promise<AppendResult> {
    const make = entry.kind === 'open' ? 'make' : '';
    const [field, value] = encodeEntry(entry);
    const key = runLogKey(runId);
    const reply = this.#commands.eval(appendAndKeep, 1, key, keep, streamId(entry.at), field, value, make);
    let result: AppendResult | undefined;
    try {
      result = await this.#outcome(reply);
      return result;
    } finally {
      if (result === 'appended' && entry.kind !== 'done') this.#renewed.add(runId);
      else this.#renewed.delete(runId);
    }
  }

  async #outcome(reply: Promise<unknown>): Promise<AppendResult> {
    try {
      return (await reply) === null ? 'gone' : 'appended';
    } catch (error) {
      if (error instanceof Error && refusal.test(error.message)) return 'refused';
      throw new RunLogUnavailable(error);
    }
  }

  /**
   * Once for each run in each stretch of `renewMs`: a renewal for each append would double what Redis and this process have
   * to do. An append is less than `renewMs` behind its stretch's renewal, so it is kept for `expiryMs` at least.
   */
  #isRenewalDue(runId: string): boolean {
    const now = this.#clock.monotonic();
    if (now - this.#renewedFrom >= renewMs) {
      this.#renewed.clear();
      this.#renewedFrom = now;
    }
    return !this.#renewed.has(runId);
  }
}
