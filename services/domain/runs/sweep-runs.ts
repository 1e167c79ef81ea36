import { isAppError } from '#platform/errors.ts';
import { concludeRun } from './conclude-run.ts';
import { kindOf } from './run-kind.ts';
import type { RunPorts } from './run-ports.ts';
import type { RunRecord } from './run-records.ts';
import { inTraceOf } from './run-trace.ts';
import { settleRun } from './settle-run.ts';

export const sweepEveryMs = 2_000;
/** A lapsed lease is taken only after it was seen unchanged this long, on the observer's own monotonic clock. */
const observeMs = 3_000;
/** Watched from before it lapses, so that an observer has seen it by then. */
const watchAheadMs = 4_000;
/** A queued run younger than this has its first job under way. */
const freshMs = 1_000;
/** After this long without a claim, a run gets a job of another id. */
const stuckJobMs = 10_000;
const unsettledAfterMs = 3_000;
const batch = 500;
/** After as many jobs refused in a row each further one would wait in vain: the pass goes on with its next part. */
const queueIsAway = 3;

/** Repairs what a stop in between left undone: adds the jobs of waiting and orphaned runs, copies what is missing. */
export class RunSweep {
  readonly #ports: RunPorts;
  /** When each lease that may lapse was first seen with its present value. */
  #seen = new Map<string, { leaseUntil: number; since: number }>();

  #waiting: ReadonlyArray<Pick<RunRecord, '_id' | 'traceId'>> = [];
  /** Waiting runs whose copies this process has seen to. */
  #copied = new Set<string>();

  constructor(ports: RunPorts) {
    this.#ports = ports;
  }

  /** One pass of all. A record that fails is logged and left for the next; throws where the store cannot be reached. */
  async sweep(): Promise<void> {
    await this.requeue();
    await this.repair();
  }

  /** Adds the jobs of answers that wait or have lost their worker: readers wait for these, so they wait for no other repair. */
  async requeue(): Promise<void> {
    try {
      await this.#lapsed();
      await this.#queued();
    } catch (error) {
      // Workers could not renew while the store was away: their leases are observed anew.
      this.#seen.clear();
      throw error;
    }
  }

  /** Copies what waits and settles what ended: after an outage this may take long. */
  async repair(): Promise<void> {
    await this.#uncopied();
    await this.#unsettled();
  }

  /** Takes every running answer over at once: only for a process that holds the whole store, at its start. */
  async takeAllOver(): Promise<number> {
    const { items } = await this.#ports.records.runs.find({
      where: { status: 'running' },
      limit: 1_000,
      fields: runFields,
    });
    for (const run of items) await inTraceOf(run, () => this.#addTakeover(run, this.#ports.clock.now()));
    return items.length;
  }

  async #queued(): Promise<void> {
    const now = this.#ports.clock.now();
    const items = await this.#waitingSince(now - freshMs);
    this.#waiting = items;
    await this.#eachRun(items, async (run) => {
      if (run.stopRequested) {
        await concludeRun(this.#ports, run, { status: 'queued' }, { status: 'stopped' });
        return;
      }
      await this.#addJob(run, undefined, now);
      // Once: a story may wait for long, and nothing is wrong with it.
      if (!this.#copied.has(run._id)) this.#repaired('queued');
    });
  }

  /** The oldest of each kind, answers first: stories wait for their places by the thousand, and must hide no answer. */
  async #waitingSince(latest: number): Promise<readonly RunRecord[]> {
    const answers: RunRecord[] = [];
    const stories: RunRecord[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#ports.records.runs.find({
        where: { status: 'queued', leaseUntil: { lte: latest } },
        sort: { by: ['leaseUntil'], direction: 'asc' },
        limit: batch,
        fields: runFields,
        cursor,
      });
      for (const run of page.items) {
        const same = isStory(run) ? stories : answers;
        if (same.length < batch) same.push(run);
      }
      cursor = page.nextCursor;
    } while (cursor !== undefined && answers.length < batch);
    return [...answers, ...stories];
  }

  /** The copies of answers that wait, seen to once. */
  async #uncopied(): Promise<void> {
    this.#copied = this.#copied.intersection(new Set(this.#waiting.map(({ _id }) => _id)));
    const uncopied = this.#waiting.filter(({ _id }) => !this.#copied.has(_id));
    await this.#eachRun(uncopied, ({ _id }) => this.#copy(_id));
  }

  async #copy(runId: string): Promise<void> {
    const run = await this.#ports.records.runs.get(runId);
    if (run) await kindOf(this.#ports, run).copy(run);
    this.#copied.add(runId);
  }

  async #lapsed(): Promise<void> {
    const { records, clock } = this.#ports;
    const now = clock.now();
    const asked = clock.monotonic();
    const { items } = await records.runs.find({
      where: { status: 'running', leaseUntil: { lte: now + watchAheadMs } },
      sort: { by: ['leaseUntil'], direction: 'asc' },
      limit: batch,
      fields: runFields,
    });
    // While the store takes its time over a look, others cannot renew: that time proves nothing.
    const answered = clock.monotonic();
    const seen = new Map<string, { leaseUntil: number; since: number }>();
    for (const { _id, leaseUntil } of items) {
      const before = this.#seen.get(_id);
      const since = before?.leaseUntil === leaseUntil ? before.since + answered - asked : answered;
      seen.set(_id, { leaseUntil, since });
    }
    this.#seen = seen;
    const lapsed = items.filter(
      ({ _id, leaseUntil }) => leaseUntil <= now && answered - (seen.get(_id)?.since ?? answered) >= observeMs,
    );
    await this.#eachRun(lapsed, async (run) => {
      await this.#addTakeover(run, now);
      this.#repaired('lapsed');
    });
  }

  #addTakeover(run: Due, now: number): Promise<void> {
    return this.#addJob(run, run.leaseUntil, now);
  }

  /** One job an attempt; after a while one of another id, since the first may be stuck with a worker that died. */
  async #addJob(run: Due, leaseUntil: number | undefined, now: number): Promise<void> {
    const rounds = Math.max(0, Math.floor((now - run.leaseUntil) / stuckJobMs));
    // A story may wait for its place for hours: where it only waits, each further round comes after twice the time of the one before.
    const round = isStory(run) && leaseUntil === undefined ? Math.ceil(Math.log2(rounds + 1)) : rounds;
    try {
      await kindOf(this.#ports, run).addJob(run, { round, ...(leaseUntil !== undefined && { leaseUntil }) });
    } catch (cause) {
      throw isAppError(cause) ? cause : new JobRefused('The queue did not take the job of a run.', { cause });
    }
  }

  async #unsettled(): Promise<void> {
    const { records, clock } = this.#ports;
    const { items } = await records.runs.find({
      where: { settled: false, endedAt: { lte: clock.now() - unsettledAfterMs } },
      limit: batch,
    });
    await this.#eachRun(items, async (run) => {
      await settleRun(this.#ports, run);
      this.#repaired('unsettled');
    });
  }

  #eachRun<T extends Pick<RunRecord, '_id' | 'traceId'>>(
    runs: readonly T[],
    repair: (run: T) => Promise<void>,
  ): Promise<void> {
    return this.#each(runs, (run) => inTraceOf(run, () => repair(run)));
  }

  async #each<T extends { readonly _id: string }>(
    records: readonly T[],
    repair: (record: T) => Promise<void>,
  ): Promise<void> {
    let jobsRefused = 0;
    for (const record of records) {
      try {
        await repair(record);
        jobsRefused = 0;
      } catch (error) {
        if (isAppError(error, 'store_unavailable')) throw error;
        this.#ports.logger.error('The sweep could not repair a record; it tries again.', {
          'event.action': 'sweep',
          'lamplight.run.id': record._id,
          error,
        });
        jobsRefused = error instanceof JobRefused ? jobsRefused + 1 : 0;
        if (jobsRefused === queueIsAway) return;
      }
    }
  }

  #repaired(kind: string): void {
    this.#ports.metrics.sweepRepairs.inc({ kind });
  }
}

class JobRefused extends Error {}

const isStory = ({ kind }: Pick<RunRecord, 'kind'>): boolean => kind === 'story';

type Due = Pick<RunRecord, '_id' | 'kind' | 'attempt' | 'leaseUntil'>;
const runFields = ['kind', 'attempt', 'leaseUntil', 'status', 'stopRequested', 'traceId', 'spent', 'reserved'];
