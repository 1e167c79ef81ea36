import { randomUUID } from 'node:crypto';
import { type Redis, ReplyError } from 'ioredis';
import { comparePositions, type Position } from '#contract/position.ts';
import type { Clock } from '#platform/clock.ts';
import { blockMs, untilStatus } from '#platform/redis/connect-redis.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { entriesBehind } from './entries-behind.ts';
import { decodeEntry, runLogKey, streamId } from './redis-entries.ts';
import type { LogEntry, Tail } from './run-log.ts';

type OnEntries = (entries: readonly LogEntry[]) => void;

interface RedisTail {
  readonly onEntries: OnEntries;
  /** Position of the last entry that it got. */
  seen: Position;
  /** Whether the read under way began behind `seen` or before it: only such a read may be handed to it. */
  joined: boolean;
}

/** A stream that is read here, once for all its tails. */
interface Followed {
  readonly runId: string;
  readonly key: string;
  /** Where the next read begins; no joined tail is behind it. */
  cursor: Position;
  cursorId: string;
  readonly tails: Set<RedisTail>;
}

type StreamReply = ReadonlyArray<readonly [key: string, items: ReadonlyArray<readonly [id: string, fields: string[]]>]>;

/** Above so many streams it pays to let entries gather between two reads. */
const busyStreams = 10;
const busyPauseMs = 5;
const failurePauseMs = 100;
/** Entries of one stream in one reply: bounds what a crowd of readers that come back at once can ask for. */
const longestBatch = 200;
const wakeExpiryMs = 60_000;

/**
 * Follows any number of streams with one blocking read after another, on one connection. The read also waits for a stream of
 * this process's own, on which a new tail leaves an entry: so the next read begins at once and includes it.
 */
export class RedisTails {
  readonly #commands: Redis;
  readonly #blocking: Redis;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #followed = new Map<string, Followed>();
  #joining: { tail: RedisTail; followed: Followed }[] = [];
  readonly #wakeKey = `lamplight:wake:${randomUUID()}`;
  /** Counted here and not by Redis's clock, so that a Redis that was lost goes on where this process is. */
  #wakes = 0;
  #wakeCursor = '0-0';
  #waiting = false;
  #woken = false;
  #closed = false;
  #loop: Promise<void> | undefined;

  constructor(options: { commands: Redis; blocking: Redis; clock: Clock; logger: Logger }) {
    this.#commands = options.commands;
    this.#blocking = options.blocking;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  add(runId: string, after: Position, onEntries: OnEntries): Tail {
    const key = runLogKey(runId);
    let followed = this.#followed.get(key);
    if (!followed) {
      followed = { runId, key, cursor: after, cursorId: streamId(after), tails: new Set() };
      this.#followed.set(key, followed);
    }
    const { tails } = followed;
    const tail: RedisTail = { onEntries, seen: after, joined: false };
    tails.add(tail);
    this.#joining.push({ tail, followed });
    this.#loop ??= this.#run();
    if (this.#waiting) this.#wake();
    return {
      close: () => {
        tails.delete(tail);
        // The read under way may still name this stream; what it brings finds nobody, and the next read is without it.
        if (tails.size === 0 && this.#followed.get(key)?.tails === tails) this.#followed.delete(key);
      },
    };
  }

  /** Resolves once nothing is read any more; the blocking connection must be ended too. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { tails } of this.#followed.values()) tails.clear();
    this.#followed.clear();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (this.#followed.size > 0 && !this.#closed) {
      try {
        await untilStatus(this.#blocking, 'ready', 'end');
        this.#deliver(await this.#read());
        if (this.#followed.size > busyStreams) await this.#pause(busyPauseMs);
      } catch (error) {
        if (this.#closed) break;
        // A lost connection is in the log already; what Redis itself answers is not.
        if (error instanceof ReplyError) this.#logger.error('Redis refused to read run logs; trying again.', { error });
        await this.#pause(failurePauseMs);
      }
    }
    this.#loop = undefined;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(ms, resolve);
    });
  }

  async #read(): Promise<StreamReply> {
    this.#join();
    const keys = [this.#wakeKey];
    const ids = [this.#wakeCursor];
    for (const { key, cursorId } of this.#followed.values()) {
      keys.push(key);
      ids.push(cursorId);
    }
    this.#waiting = true;
    try {
      return (await this.#blocking.xread('COUNT', longestBatch, 'BLOCK', blockMs, 'STREAMS', ...keys, ...ids)) ?? [];
    } finally {
      this.#waiting = false;
      this.#woken = false;
    }
  }

  /** Lets the next read begin where the new tails are. */
  #join(): void {
    for (const { tail, followed } of this.#joining) {
      tail.joined = true;
      if (comparePositions(tail.seen, followed.cursor) >= 0) continue;
      followed.cursor = tail.seen;
      followed.cursorId = streamId(tail.seen);
    }
    this.#joining = [];
  }

  #deliver(reply: StreamReply): void {
    for (const [key, items] of reply) {
      const lastId = items.at(-1)?.[0];
      if (lastId === undefined) continue;
      if (key === this.#wakeKey) {
        this.#wakeCursor = lastId;
        continue;
      }
      const followed = this.#followed.get(key);
      if (followed) this.#deliverTo(followed, items, lastId);
    }
  }

  #deliverTo(followed: Followed, items: StreamReply[number][1], lastId: string): void {
    const entries: LogEntry[] = [];
    for (const [id, fields] of items) {
      const entry = decodeEntry(id, fields);
      if (entry) entries.push(entry);
    }
    followed.cursor = entries.at(-1)?.at ?? followed.cursor;
    followed.cursorId = lastId;
    for (const tail of followed.tails) {
      const news = tail.joined ? entriesBehind(entries, tail.seen) : [];
      const last = news.at(-1);
      if (!last) continue;
      tail.seen = last.at;
      try {
        tail.onEntries(news);
      } catch (error) {
        this.#logger.error('A reader of a run log failed.', { 'lamplight.run.id': followed.runId, error });
      }
    }
  }

  #wake(): void {
    if (this.#woken) return;
    this.#woken = true;
    this.#wakes += 1;
    this.#commands
      .pipeline()
      .xadd(this.#wakeKey, 'MAXLEN', 1, `${this.#wakes}-0`, 'new', '')
      .pexpire(this.#wakeKey, wakeExpiryMs)
      .exec()
      // Then the read under way ends by itself, within `blockMs`.
      .catch(() => {});
  }
}
