import type { JobData } from '#contract/jobs.ts';
import { concludeRun } from '#domain/runs/conclude-run.ts';
import { inTraceOf } from '#domain/runs/run-trace.ts';
import { stopRun } from '#domain/runs/stop-run.ts';
import { countAnswer, countedFields } from '#domain/usage/usage-shares.ts';
import { isAppError } from '#platform/errors.ts';
import type { Range } from '#platform/store/store.ts';
import type { ChatPorts } from './chat-ports.ts';
import type { RunRecord } from './chat-records.ts';
import { answerQueue } from './chat-topics.ts';
import { copyRun, settleRun } from './copy-run.ts';

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
const purgeAfterMs = 5_000;
/** A tombstone outlives what could still be written under it. */
const tombstoneMs = 60 * 60 * 1_000;
const batch = 500;
/** After as many jobs refused in a row each further one would wait in vain: the pass goes on with its next part. */
const queueIsAway = 3;

/** Repairs what a stop in between left undone: adds the jobs of waiting and orphaned runs, copies what is missing, removes what was deleted. */
export class ChatSweep {
  readonly #chat: ChatPorts;
  /** When each lease that may lapse was first seen with its present value. */
  #seen = new Map<string, { leaseUntil: number; since: number }>();

  #waiting: ReadonlyArray<Pick<RunRecord, '_id' | 'traceId'>> = [];
  /** Waiting runs whose copies this process has seen to. */
  #copied = new Set<string>();

  /** Tombstones under which this process has found nothing. */
  #purged = new Set<string>();

  constructor(chat: ChatPorts) {
    this.#chat = chat;
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

  /** Copies what waits, settles what ended and removes what was deleted: after an outage this may take long. */
  async repair(): Promise<void> {
    await this.#uncopied();
    await this.#unsettled();
    await this.#deleted();
  }

  /** Takes every running answer over at once: only for a process that holds the whole store, at its start. */
  async takeAllOver(): Promise<number> {
    const { items } = await this.#chat.records.runs.find({
      where: { status: 'running' },
      limit: 1_000,
      fields: runFields,
    });
    for (const run of items) await inTraceOf(run, () => this.#addTakeover(run, this.#chat.clock.now()));
    return items.length;
  }

  async #queued(): Promise<void> {
    const { records, clock } = this.#chat;
    const now = clock.now();
    const { items } = await records.runs.find({
      where: { status: 'queued', leaseUntil: { lte: now - freshMs } },
      sort: { by: ['leaseUntil'], direction: 'asc' },
      limit: batch,
      fields: runFields,
    });
    this.#waiting = items;
    await this.#eachRun(items, async (run) => {
      if (run.stopRequested) {
        await concludeRun(this.#chat, run, { status: 'queued' }, { status: 'stopped' });
        return;
      }
      await this.#addJob(run, { runId: run._id }, now);
      this.#repaired('queued');
    });
  }

  /** The copies of answers that wait, seen to once. */
  async #uncopied(): Promise<void> {
    this.#copied = this.#copied.intersection(new Set(this.#waiting.map(({ _id }) => _id)));
    const uncopied = this.#waiting.filter(({ _id }) => !this.#copied.has(_id));
    await this.#eachRun(uncopied, ({ _id }) => this.#copy(_id));
  }

  async #copy(runId: string): Promise<void> {
    const run = await this.#chat.records.runs.get(runId);
    if (run) await copyRun(this.#chat, run);
    this.#copied.add(runId);
  }

  async #lapsed(): Promise<void> {
    const { records, clock } = this.#chat;
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
    return this.#addJob(run, { runId: run._id, leaseUntil: run.leaseUntil }, now);
  }

  /** One job an attempt; after a while one of another id, since the first may be stuck with a worker that died. */
  #addJob(run: Due, data: JobData<'answer'>, now: number): Promise<void> {
    const round = Math.max(0, Math.floor((now - run.leaseUntil) / stuckJobMs));
    const id = `answer-${run._id}-${run.attempt + 1}${round > 0 ? `-${round}` : ''}`;
    return this.#chat.queue.add(answerQueue, data, { id }).catch((cause: unknown) => {
      throw isAppError(cause) ? cause : new JobRefused('The queue did not take the job of an answer.', { cause });
    });
  }

  async #unsettled(): Promise<void> {
    const { records, clock } = this.#chat;
    const { items } = await records.runs.find({
      where: { settled: false, endedAt: { lte: clock.now() - unsettledAfterMs } },
      limit: batch,
    });
    await this.#eachRun(items, async (run) => {
      await settleRun(this.#chat, run);
      this.#repaired('unsettled');
    });
  }

  async #deleted(): Promise<void> {
    const { conversations } = this.#chat.records;
    const now = this.#chat.clock.now();
    const find = async (updatedAt: Range, direction: 'asc' | 'desc') =>
      (await conversations.find({ ...deletedConversations(updatedAt, direction), limit: batch })).items;
    // The newest first: those before them were purged when they were the newest, or are removed with their tombstone.
    const fresh = await find({ gt: now - tombstoneMs, lte: now - purgeAfterMs }, 'desc');
    this.#purged = this.#purged.intersection(new Set(fresh.map(({ _id }) => _id)));
    const unpurged = fresh.filter(({ _id }) => !this.#purged.has(_id));
    await this.#each(unpurged, async ({ _id }) => {
      if (await this.#purge(_id)) this.#purged.add(_id);
    });
    await this.#each(await find({ lte: now - tombstoneMs }, 'asc'), async ({ _id }) => {
      if (await this.#purge(_id)) await conversations.delete(_id);
    });
  }

  /** Removes what a deleted conversation holds, some at a time; true where nothing was left. */
  async #purge(conversationId: string): Promise<boolean> {
    const { records } = this.#chat;
    const live = await records.runs.find({ where: { slot: conversationId }, limit: 1, fields: ['status'] });
    for (const run of live.items) await stopRun(this.#chat, run._id);
    if (live.items.length > 0) return false;
    await this.#settleSpent(conversationId);
    const messages = await records.messages.deleteWhere({ conversationId }, 1_000);
    const runs = await records.runs.deleteWhere({ conversationId }, 1_000);
    if (messages + runs === 0) return true;
    this.#repaired('deleted');
    return false;
  }

  /** What was spent on runs that ended a moment ago and are about to go. */
  async #settleSpent(conversationId: string): Promise<void> {
    const fields = ['ownerId', 'settled', 'reserved', 'usage', ...countedFields];
    let cursor: string | undefined;
    do {
      const page = await this.#chat.records.runs.find({ where: { conversationId }, limit: 1_000, fields, cursor });
      for (const run of page.items) {
        if (run.settled) continue;
        await this.#chat.budgets.settle(run);
        await countAnswer(this.#chat, run);
      }
      cursor = page.nextCursor;
    } while (cursor !== undefined);
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
        this.#chat.logger.error('The sweep could not repair a record; it tries again.', {
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
    this.#chat.metrics.sweepRepairs.inc({ kind });
  }
}

class JobRefused extends Error {}

type Due = Pick<RunRecord, '_id' | 'attempt' | 'leaseUntil'>;
const runFields = ['attempt', 'leaseUntil', 'status', 'stopRequested', 'traceId', 'spent', 'reserved'];

const deletedConversations = (updatedAt: Range, direction: 'asc' | 'desc') => ({
  where: { deleted: true, updatedAt },
  sort: { by: ['updatedAt'], direction },
  fields: ['updatedAt'],
});
