import type { RunRecord } from '#domain/runs/run-records.ts';
import type { Models } from '#platform/models/models.ts';
import { costOf } from './price.ts';
import {
  type Counts,
  hourOf,
  type ResponseBucket,
  responseBounds,
  type UsageRecords,
  type UsageShare,
} from './usage-records.ts';

/** The bucket of the histogram that an answer of this many milliseconds is counted in. */
function responseBucket(ms: number): ResponseBucket {
  const bound = responseBounds.find((most) => ms <= most);
  return bound === undefined ? 'over' : `le${bound}`;
}

/** What is read of a run. */
export const countedFields = [
  'ownerId',
  'kind',
  'status',
  'depth',
  'retryOf',
  'model',
  'answeredBy',
  'usage',
  'createdAt',
  'endedAt',
] as const satisfies ReadonlyArray<keyof RunRecord>;
type CountedRun = Pick<RunRecord, '_id' | (typeof countedFields)[number]>;

interface Counting {
  readonly usage: UsageRecords;
  readonly models: Pick<Models, 'get'>;
}

/** Counts an ended run. May be repeated: it counts once. */
export async function countAnswer({ usage, models }: Counting, run: CountedRun): Promise<void> {
  await usage.shares.insertMissing([answerShare(run, models)]);
}

/** What an ended run adds to usage, at the hour of its end. It has the run's id, so that it counts once whoever settles it again. */
export function answerShare(run: CountedRun, models: Pick<Models, 'get'>): UsageShare {
  const at = run.endedAt ?? run.createdAt;
  const model = run.answeredBy ?? run.model;
  const line = { personId: run.ownerId, model, hour: hourOf(at), at, counts: countsOf(run, models.get(model)) };
  return { _id: run._id, kind: 'answer', personId: run.ownerId, lines: [line], folded: false, createdAt: at };
}

function countsOf(run: CountedRun, model: ReturnType<Models['get']>): Counts {
  const { usage } = run;
  return {
    ...(run.kind === 'story' ? storyCounts(run) : answerCounts(run)),
    ...(usage && { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens }),
    ...(usage && model && { costNanos: Math.round(costOf(model, usage) * 1e9) }),
  };
}

/** A story is neither a message nor an answer: how long it takes says nothing about those. */
const storyCounts = ({ status }: CountedRun): Counts => (status === 'complete' ? { stories: 1 } : {});

function answerCounts({ status, retryOf, depth, createdAt, endedAt = createdAt }: CountedRun): Counts {
  const first = retryOf === undefined;
  const ms = Math.max(0, Math.round(endedAt - createdAt));
  return {
    ...(first && { messages: 1 }),
    ...(first && depth === 0 && { conversations: 1 }),
    ...((status === 'failed' || status === 'interrupted') && { failedAnswers: 1 }),
    ...(status === 'complete' && { answers: 1, responseMs: ms, [responseBucket(ms)]: 1 }),
  };
}

/** Adds what `more` counts to `counts`. */
export function addCounts(counts: Counts, more: Counts): void {
  for (const [name, count] of entriesOf(more)) counts[name] = (counts[name] ?? 0) + count;
}

export const entriesOf = (counts: Counts): ReadonlyArray<[keyof Counts, number]> =>
  Object.entries(counts) as Array<[keyof Counts, number]>;
