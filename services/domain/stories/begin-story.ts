import type { Hear } from '#domain/limits/rate-limit.ts';
import { orLeaveToSweep } from '#domain/runs/leave-to-sweep.ts';
import { replyShare, reserveRun } from '#domain/runs/reserve-run.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { blankRun, storeRun } from '#domain/runs/store-run.ts';
import { tellPerson } from '#domain/runs/tell-person.ts';
import type { BudgetHolder } from '#domain/usage/budget-limits.ts';
import { AppError, isAppError } from '#platform/errors.ts';
import { promptTokensOf, replyTokensOf } from './story-cost.ts';
import type { StoryPorts } from './story-ports.ts';
import type { StoryOrder } from './story-records.ts';

export interface StoryToBegin {
  /** Whose story it is; what it takes is of their budget. */
  readonly person: BudgetHolder;
  /** Fixed beforehand, so that beginning it again begins nothing. */
  readonly ids: { readonly storyId: string; readonly runId: string };
  /** Unique by person: who begins a story under it again gets the one there is. At most 64 characters. */
  readonly clientMessageId: string;
  /** What was asked for, hashed: a repeat must bring the same. Left out where the ids say it all. */
  readonly payloadHash?: string;
  readonly order: StoryOrder;
  /** The id of one that there is. */
  readonly model: string;
}

export interface Begun {
  readonly run: RunRecord;
  /** It was begun before. */
  readonly repeated: boolean;
}

/**
 * Begins a story: once this resolves, it is written whatever happens. A repeat gets the same one before any limit is looked at, and costs
 * nothing; nor does a story that is refused. Throws `rate_limited` (so many stories a day), `budget_spent`, `too_many_answers`,
 * `message_id_reused`, `store_unavailable`.
 */
export async function beginStory(ports: StoryPorts, begin: StoryToBegin, hear?: Hear): Promise<Begun> {
  const earlier = await findBegun(ports, begin);
  if (earlier) return { run: earlier, repeated: true };
  const { person } = begin;
  const taking = ports.storyLimit.take(person.id, hear);
  try {
    await taking;
    const run = await newRun(ports, begin);
    const stored = await insertOrFind(ports, run, begin);
    if (stored.repeated) await ports.storyLimit.giveBack(person.id);
    else observeBegin(ports, run, begin.order);
    return stored;
  } catch (error) {
    await ports.storyLimit.giveBack(person.id);
    throw error;
  }
}

/** The run that was begun under this id before. Throws `message_id_reused` where it was for another story. */
export async function findBegun(
  { chat }: Pick<StoryPorts, 'chat'>,
  {
    person,
    clientMessageId,
    payloadHash = '',
  }: Pick<StoryToBegin, 'clientMessageId' | 'payloadHash'> & {
    readonly person: Pick<BudgetHolder, 'id'>;
  },
): Promise<RunRecord | undefined> {
  const where = { ownerId: person.id, clientMessageId };
  const [run] = (await chat.records.runs.find({ where, limit: 1 })).items;
  if (run && (run.kind !== 'story' || run.payloadHash !== payloadHash))
    throw new AppError('message_id_reused', 'Another story was asked for with this ID. Use a new one.');
  return run;
}

async function newRun(ports: StoryPorts, begin: StoryToBegin): Promise<RunRecord> {
  const { person, ids, order, model, clientMessageId, payloadHash = '' } = begin;
  const run = {
    ...blankRun(ports.chat, person.id),
    _id: ids.runId,
    kind: 'story' as const,
    stopRequested: undefined,
    conversationId: ids.storyId,
    slot: ids.storyId,
    depth: 0,
    clientMessageId,
    payloadHash,
    text: order.idea,
    order,
    model,
  };
  const info = ports.chat.models.get(model);
  const free = Math.floor((info?.contextTokens ?? Number.POSITIVE_INFINITY) * replyShare);
  const longest = Math.max(1, Math.min(replyTokensOf(order), info?.maxOutputTokens ?? free));
  const reserved = await reserveRun(ports.chat, person, run, promptTokensOf(order, ports.moderation), longest);
  return { ...run, reserved };
}

async function insertOrFind(ports: StoryPorts, run: RunRecord, begin: StoryToBegin): Promise<Begun> {
  const { chat } = ports;
  try {
    await storeRun(chat, run);
    return { run, repeated: false };
  } catch (error) {
    const earlier = isAppError(error, 'conflict') ? await findBegun(ports, begin) : undefined;
    // What is held is held under the run's id: of a run that was stored under it meanwhile, it is that run's.
    const isHeld = earlier?._id === run._id || isAppError(error, 'store_unavailable');
    if (!isHeld) await orLeaveToSweep(chat, run, chat.budgets.cancel(run));
    if (earlier) return { run: earlier, repeated: true };
    throw error;
  }
}

function observeBegin({ chat }: StoryPorts, run: RunRecord, { schedule }: Pick<StoryOrder, 'schedule'>): void {
  chat.logger.info('Began a story.', {
    'event.action': 'story_begin',
    'lamplight.run.id': run._id,
    'lamplight.story.id': run.conversationId,
    ...(schedule && { 'lamplight.schedule.id': schedule.id }),
    'user.id': run.ownerId,
    'gen_ai.request.model': run.model,
  });
  void tellPerson(chat, run.ownerId, { kind: 'story_changed', storyId: run.conversationId });
}
