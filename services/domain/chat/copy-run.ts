import type { Notice } from '#contract/socket.ts';
import { countAnswer } from '#domain/usage/usage-shares.ts';
import { isAppError } from '#platform/errors.ts';
import type { ChatPorts } from './chat-ports.ts';
import { type ChatRecords, isLive, type RunRecord } from './chat-records.ts';
import { personNotice, titleQueue } from './chat-topics.ts';
import { answerMessageOf, userMessageOf } from './present-chat.ts';

/**
 * Inserts what a run says that its conversation holds: the conversation itself, the person's message, the place of the answer, in
 * this order, so that where the last is there, the others are. One that exists is success, so this may be repeated at any time.
 */
export async function copyRun({ records }: ChatPorts, run: RunRecord): Promise<void> {
  await copyConversation(records, run);
  await records.messages.insertMissing([userMessageOf(run), answerMessageOf(run)]);
}

async function copyConversation({ conversations }: ChatRecords, run: RunRecord): Promise<void> {
  const { conversationId, ownerId, newTitle, model, createdAt } = run;
  const touched = { model, updatedAt: createdAt };
  if (newTitle === undefined) {
    await conversations.update(conversationId, { set: touched }, { deleted: false });
    return;
  }
  const record = { _id: conversationId, ownerId, title: newTitle, titleSource: 'provisional', deleted: false } as const;
  const isNew = await conversations.insertMissing([{ ...record, ...touched, createdAt }]);
  // It was created empty: this is its first message.
  if (isNew === 0)
    await conversations.update(conversationId, { set: { title: newTitle, ...touched } }, { title: '', deleted: false });
}

/** Writes the answer of an ended run into its message; the run is the record, so this may be repeated at any time. */
export async function copyAnswer(chat: ChatPorts, run: RunRecord): Promise<void> {
  const { _id, ...answer } = answerMessageOf(run);
  const write = () => chat.records.messages.update(_id, { set: answer });
  if (await write()) return;
  await copyUnlessDeleted(chat, run);
  // The first copy may have come in between, with the run as it was sent: then that one was found and left as it was.
  await write();
}

/** Copies a run whose first copies failed unheard: nobody would find its conversation before its end. */
export async function copyMissing(chat: ChatPorts, run: RunRecord): Promise<void> {
  if (!(await chat.records.messages.get(run.messageId, ['role']))) await copyUnlessDeleted(chat, run);
}

async function copyUnlessDeleted(chat: ChatPorts, run: RunRecord): Promise<void> {
  const conversation = await chat.records.conversations.get(run.conversationId, ['deleted']);
  // No conversation: its first copy failed too. A tombstone: the message was removed with it.
  if (!conversation?.deleted) await copyRun(chat, run);
}

/** Brings an ended run to rest, from wherever it was left. */
export async function settleRun(chat: ChatPorts, run: RunRecord): Promise<void> {
  if (isLive(run)) throw new Error(`Run ${run._id} is ${run.status}: only an ended run settles.`);
  await copyAgain(chat, run);
  await copyAnswer(chat, run);
  await chat.budgets.settle(run);
  await markSettled(chat, run);
}

/** Copies what of the question, the answer and the conversation is missing: after a failure, or in what a backup read meanwhile. */
async function copyAgain(chat: ChatPorts, run: RunRecord): Promise<void> {
  const { messages, conversations } = chat.records;
  const [copies, conversation] = await Promise.all([
    messages.getMany([run.userMessageId, run.messageId], ['role']),
    conversations.get(run.conversationId, ['deleted']),
  ]);
  if (conversation?.deleted || (conversation && copies.length === 2)) return;
  await copyRun(chat, run);
}

/** What follows the copy of an answer: it is counted, its title is asked for, and the run needs no more repairs. */
export async function markSettled(chat: ChatPorts, run: RunRecord): Promise<void> {
  await countAnswer(chat, run);
  if (run.depth === 0 && run.status === 'complete') {
    const job = { conversationId: run.conversationId, runId: run._id };
    await chat.queue.add(titleQueue, job, { id: `title-${run._id}`, attempts: 3, backoff: 2_000 });
  }
  await chat.records.runs.update(run._id, { set: { settled: true } });
}

/** Tells a person's open pages, at best effort: what they miss they find in the store. */
export async function tellPerson(chat: ChatPorts, ownerId: string, notice: Notice): Promise<void> {
  try {
    await chat.broadcast.publish(personNotice, { ownerId, notice });
  } catch (error) {
    chat.logger.warn('Open pages were not told of a change.', { 'event.action': 'notice', error });
  }
}

/** Whether `work` was done; where it failed, the sweep repeats it. */
export async function orLeaveToSweep(chat: ChatPorts, run: RunRecord, work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    const level = isAppError(error, 'store_unavailable') ? 'warn' : 'error';
    chat.logger[level]('A step after the run was written failed; the sweep repeats it.', {
      'event.action': 'run_copy',
      'lamplight.run.id': run._id,
      error,
    });
    return false;
  }
}
