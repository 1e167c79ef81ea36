import { comparePositions, type Position } from '#contract/position.ts';
import type { Clock } from '#platform/clock.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { beginning, entriesBehind } from './entries-behind.ts';
import { expiryMs, finishedExpiryMs } from './expiry.ts';
import { mergeEntries } from './merge-entries.ts';
import {
  type AppendResult,
  type DoneEntry,
  type LogEntry,
  type OutputEntry,
  type RunLog,
  RunLogUnavailable,
  type Tail,
} from './run-log.ts';

interface Log {
  entries: LogEntry[];
  last: Position;
  /** On the monotonic clock. */
  expiresAt: number;
}

interface LocalTail {
  readonly runId: string;
  readonly onEntries: (entries: readonly LogEntry[]) => void;
  /** Position of the last entry that it got. */
  seen: Position;
  /** Whether it has got what was in the log when it began. */
  caughtUp: boolean;
}

/** What there is about one run: its log, those who follow it, or both. */
interface Channel {
  log: Log | undefined;
  readonly tails: Set<LocalTail>;
  /** Entries that the tails have not got yet. */
  pending: LogEntry[];
  /** Whether it waits for the next delivery. */
  queued: boolean;
}

/** How often logs that have expired are let go; one that has expired is never shown. */
const sweepMs = 60_000;

/** The run log of a single process. Tails get what is appended as soon as the code that appends gives way (a microtask). */
export class LocalRunLog implements RunLog {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #channels = new Map<string, Channel>();
  #queue: Channel[] = [];
  #cancelSweep: (() => void) | undefined;
  #closed = false;

  constructor({ clock, logger }: { clock: Clock; logger: Logger }) {
    this.#clock = clock;
    this.#logger = logger;
  }

  async open(runId: string, attempt: number): Promise<AppendResult> {
    const channel = this.#channel(runId);
    channel.log ??= { entries: [], last: beginning, expiresAt: 0 };
    return this.#add(channel, channel.log, { kind: 'open', at: { attempt, length: 0 } });
  }

  async append(runId: string, entry: OutputEntry | DoneEntry): Promise<AppendResult> {
    const channel = this.#find(runId);
    return channel?.log ? this.#add(channel, channel.log, entry) : 'gone';
  }

  async last(runId: string): Promise<LogEntry | undefined> {
    return this.#find(runId)?.log?.entries.at(-1);
  }

  async read(runId: string, after: Position | undefined, limit: number) {
    const entries = this.#find(runId)?.log?.entries;
    if (!entries) return { exists: false, entries: [] };
    return { exists: true, entries: entriesBehind(entries, after ?? beginning).slice(0, limit) };
  }

  tail(runId: string, after: Position | undefined, onEntries: (entries: readonly LogEntry[]) => void): Tail {
    if (this.#closed) return { close: () => {} };
    const channel = this.#channel(runId);
    const tail: LocalTail = { runId, onEntries, seen: after ?? beginning, caughtUp: false };
    channel.tails.add(tail);
    this.#enqueue(channel);
    return {
      close: () => {
        channel.tails.delete(tail);
        this.#dropIfUnused(runId, channel);
      },
    };
  }

  async ping(): Promise<void> {
    this.#assertOpen();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelSweep?.();
    for (const channel of this.#channels.values()) channel.tails.clear();
    this.#channels.clear();
  }

  #assertOpen(): void {
    if (this.#closed) throw new RunLogUnavailable(new Error('The run log is closed.'));
  }

  /** The channel of a run, without a log that has expired. */
  #find(runId: string): Channel | undefined {
    this.#assertOpen();
    const channel = this.#channels.get(runId);
    if (channel?.log && channel.log.expiresAt <= this.#clock.monotonic()) channel.log = undefined;
    return channel;
  }

  #channel(runId: string): Channel {
    let channel = this.#find(runId);
    if (!channel) {
      channel = { log: undefined, tails: new Set(), pending: [], queued: false };
      this.#channels.set(runId, channel);
      this.#cancelSweep ??= this.#clock.after(sweepMs, this.#sweep);
    }
    return channel;
  }

  #add(channel: Channel, log: Log, entry: LogEntry): AppendResult {
    if (comparePositions(entry.at, log.last) <= 0) return 'refused';
    log.entries.push(entry);
    log.last = entry.at;
    log.expiresAt = this.#clock.monotonic() + (entry.kind === 'done' ? finishedExpiryMs : expiryMs);
    if (channel.tails.size > 0) {
      channel.pending.push(entry);
      this.#enqueue(channel);
    }
    if (entry.kind === 'done') log.entries = mergeEntries(log.entries);
    return 'appended';
  }

  #enqueue(channel: Channel): void {
    if (channel.queued) return;
    channel.queued = true;
    if (this.#queue.push(channel) === 1) queueMicrotask(this.#deliverAll);
  }

  readonly #deliverAll = (): void => {
    const channels = this.#queue;
    this.#queue = [];
    for (const channel of channels) this.#deliver(channel);
  };

  #deliver(channel: Channel): void {
    const { pending } = channel;
    channel.pending = [];
    channel.queued = false;
    for (const tail of channel.tails) {
      // A copy where the log's own array would be handed out: it goes on growing.
      const news = tail.caughtUp ? entriesBehind(pending, tail.seen) : this.#history(channel, tail.seen);
      tail.caughtUp = true;
      const last = news.at(-1);
      if (!last) continue;
      tail.seen = last.at;
      try {
        tail.onEntries(news);
      } catch (error) {
        this.#logger.error('A reader of a run log failed.', { 'lamplight.run.id': tail.runId, error });
      }
    }
  }

  #history(channel: Channel, seen: Position): readonly LogEntry[] {
    return channel.log ? entriesBehind(channel.log.entries, seen).slice() : [];
  }

  #dropIfUnused(runId: string, channel: Channel): void {
    const unused = !channel.log && channel.tails.size === 0;
    // A tail that is closed twice must not take away a channel that came later.
    if (unused && this.#channels.get(runId) === channel) this.#channels.delete(runId);
  }

  readonly #sweep = (): void => {
    this.#cancelSweep = undefined;
    for (const runId of this.#channels.keys()) {
      const channel = this.#find(runId);
      if (channel) this.#dropIfUnused(runId, channel);
    }
    if (this.#channels.size > 0) this.#cancelSweep = this.#clock.after(sweepMs, this.#sweep);
  };
}
