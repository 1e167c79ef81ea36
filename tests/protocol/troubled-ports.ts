import type { Position } from '#contract/position.ts';
import type { LogEntry, RunLog, Tail } from '#platform/run-log/run-log.ts';
import type { Freezable } from './virtual-time.ts';

/** What can be wrong with a server that a process depends on. */
export class Trouble {
  down = false;
  /** So many calls take effect, and their replies never arrive. */
  repliesToLose = 0;

  check(unavailable: () => Error): void {
    if (this.down) throw unavailable();
  }

  loseReply(unavailable: () => Error): void {
    if (this.repliesToLose === 0) return;
    this.repliesToLose -= 1;
    throw unavailable();
  }
}

/** A port as one process sees it: its calls wait while the process is frozen, and fail as the server's trouble has it. */
export function troubled<T extends object>(port: T, process: Freezable, trouble: Trouble, unavailable: () => Error): T {
  return new Proxy(port, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      if (key === 'tail') return member.bind(target);
      return async (...args: unknown[]) => {
        await process.running();
        trouble.check(unavailable);
        const result: unknown = await member.apply(target, args);
        await process.running();
        trouble.loseReply(unavailable);
        return result;
      };
    },
  });
}

interface OpenTail {
  readonly runId: string;
  seen: Position | undefined;
  readonly deliver: (entries: readonly LogEntry[]) => void;
  inner: Tail;
}

/** A run log that can lose what it has, all or the last of it: what is followed is followed on, from the same place. */
export class FlushableRunLog implements RunLog {
  readonly #inner: RunLog;
  readonly #tails = new Set<OpenTail>();
  #generation = 0;

  constructor(inner: RunLog) {
    this.#inner = inner;
  }

  flush(): void {
    this.#generation += 1;
    for (const tail of this.#tails) {
      tail.inner.close();
      tail.inner = this.#follow(tail);
    }
  }

  /** Loses the end of a log and keeps its beginning, as a Redis does that dies before it has written its last second. */
  async loseEnd(runId: string, entries: number): Promise<void> {
    const kept = (await this.#inner.read(this.#key(runId), undefined, 1_000_000)).entries.slice(0, -entries);
    this.flush();
    for (const entry of kept) {
      if (entry.kind === 'open') await this.#inner.open(this.#key(runId), entry.at.attempt);
      else await this.#inner.append(this.#key(runId), entry);
    }
  }

  open = (runId: string, attempt: number) => this.#inner.open(this.#key(runId), attempt);
  append: RunLog['append'] = (runId, entry) => this.#inner.append(this.#key(runId), entry);
  last = (runId: string) => this.#inner.last(this.#key(runId));
  read: RunLog['read'] = (runId, after, limit) => this.#inner.read(this.#key(runId), after, limit);
  ping = () => this.#inner.ping();
  close = () => this.#inner.close();

  tail: RunLog['tail'] = (runId, after, deliver) => {
    const tail: OpenTail = { runId, seen: after, deliver, inner: { close: () => {} } };
    tail.inner = this.#follow(tail);
    this.#tails.add(tail);
    return {
      close: () => {
        this.#tails.delete(tail);
        tail.inner.close();
      },
    };
  };

  #follow(tail: OpenTail): Tail {
    return this.#inner.tail(this.#key(tail.runId), tail.seen, (entries) => {
      tail.seen = entries.at(-1)?.at ?? tail.seen;
      tail.deliver(entries);
    });
  }

  #key(runId: string): string {
    return `${runId}.${this.#generation}`;
  }
}
