import type { ChatRecords } from '#domain/chat/chat-records.ts';
import type { Clock } from '#platform/clock.ts';
import { hourMs, type UsageRecords } from './usage-records.ts';

const dayMs = 24 * hourMs;
/** So long an answer that is settled again is known to be counted. */
const answerSharesMs = 90 * dayMs;
/** A process repeats the share of its requests only until it knows that it is stored; there are many of them. */
const requestSharesMs = 2 * dayMs;
export const keptDays = 400;

interface Swept {
  readonly usage: UsageRecords;
  readonly records: Pick<ChatRecords, 'runs'>;
  readonly clock: Clock;
}

/** Removes what is kept no longer, up to `limit` of each kind; true where more may be left. */
export async function sweepUsage({ usage, records, clock }: Swept, limit: number): Promise<boolean> {
  const { hours, shares } = usage;
  const before = (ms: number) => ({ lte: clock.now() - ms });
  // An old backup that was restored may hold runs that are settled again: their shares say that they are counted.
  const unsettled = await records.runs.count({ settled: false, endedAt: before(answerSharesMs) });
  const answers = { folded: true, kind: 'answer', createdAt: before(answerSharesMs) };
  const removed = [
    unsettled > 0 ? 0 : await shares.deleteWhere(answers, limit),
    await shares.deleteWhere({ folded: true, kind: 'requests', createdAt: before(requestSharesMs) }, limit),
    await hours.deleteWhere({ hour: before(keptDays * dayMs) }, limit),
  ];
  return removed.includes(limit);
}
