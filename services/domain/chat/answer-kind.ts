import type { TokenUsage } from '#contract/conversations.ts';
import type { Ending } from '#domain/runs/held-run.ts';
import type { Making, RunKind, RunKinds } from '#domain/runs/run-kind.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { whenStoreAnswers } from '#domain/runs/when-store-answers.ts';
import { estimateTokens, type ModelEvent } from '#platform/models/models.ts';
import { buildContext } from './build-context.ts';
import type { ChatPorts, ChatTools } from './chat-ports.ts';
import { answerQueue, titleQueue } from './chat-topics.ts';
import { copyAll, copyAnswer, copyMissing, copyRun } from './copy-run.ts';

/** Runs that answer a message of a conversation. */
const answerKind = (chat: ChatTools): RunKind => ({
  noun: 'answer',
  whenCutShort: 'You can retry it.',
  // The job's id keeps one attempt from being queued twice; a claim in the store decides in any case.
  addJob: ({ _id, attempt }, { leaseUntil, round = 0 } = {}) =>
    chat.queue.add(
      answerQueue,
      { runId: _id, ...(leaseUntil !== undefined && { leaseUntil }) },
      { id: `answer-${_id}-${attempt + 1}${round > 0 ? `-${round}` : ''}` },
    ),
  make: (run, making) => makeAnswer(chat, run, making),
  copy: (run) => copyRun(chat, run),
  copyMissing: (run) => copyMissing(chat, run),
  copyEnd: (run) => copyAnswer(chat, run),
  copyAll: (run) => copyAll(chat, run),
  afterEnd: (run) => askForTitle(chat, run),
});

async function makeAnswer(chat: ChatTools, run: RunRecord, making: Making): Promise<Ending> {
  const messages = await whenStoreAnswers(chat.clock, making.signal, () => buildContext(chat, run));
  making.signal.throwIfAborted();
  making.asked(messages.reduce((sum, { content }) => sum + estimateTokens(content), 0));
  let length = 0;
  let ending: Ending = { outcome: 'complete' };
  for await (const event of chat.models.stream({
    model: run.model,
    messages,
    signal: making.signal,
    user: run.ownerId,
    ...(run.reserved && { maxOutputTokens: run.reserved.maxOutputTokens }),
  })) {
    if (event.type === 'finish') ending = endingOf(run, event, length);
    else {
      length += event.text.length;
      making.put(event.kind, event.text);
    }
  }
  return ending;
}

function endingOf(
  { traceId }: RunRecord,
  { model, reason, usage }: Extract<ModelEvent, { type: 'finish' }>,
  length: number,
): Ending {
  const told: { usage: TokenUsage; answeredBy: string } = { usage, answeredBy: model };
  if (length > 0) return { outcome: 'complete', ...told };
  const message =
    reason === 'content_filter'
      ? 'The model provider withheld this answer. Put the message differently and retry.'
      : 'The model sent an empty answer. Retry, or choose another model.';
  return { outcome: 'failed', error: { code: 'model_bad_reply', message, traceId }, ...told };
}

async function askForTitle({ queue }: ChatTools, run: RunRecord): Promise<void> {
  if (run.depth > 0 || run.status !== 'complete') return;
  const job = { conversationId: run.conversationId, runId: run._id };
  await queue.add(titleQueue, job, { id: `title-${run._id}`, attempts: 3, backoff: 2_000 });
}

/** Chat with its own kind of runs, and those of others. */
export const withKinds = (chat: ChatTools, others: RunKinds = {}): ChatPorts => ({
  ...chat,
  kinds: { answer: answerKind(chat), ...others },
});
