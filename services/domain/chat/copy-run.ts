import { answerMessageOf } from '#domain/runs/present-run.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import type { ChatTools } from './chat-ports.ts';
import type { ChatRecords } from './chat-records.ts';
import { userMessageOf } from './present-chat.ts';

/**
 * Inserts what a run says that its conversation holds: the conversation itself, the person's message, the place of the answer, in
 * this order, so that where the last is there, the others are. One that exists is success, so this may be repeated at any time.
 */
export async function copyRun({ records }: ChatTools, run: RunRecord): Promise<void> {
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
export async function copyAnswer(chat: ChatTools, run: RunRecord): Promise<void> {
  const { _id, ...answer } = answerMessageOf(run);
  const write = () => chat.records.messages.update(_id, { set: answer });
  if (await write()) return;
  await copyUnlessDeleted(chat, run);
  // The first copy may have come in between, with the run as it was sent: then that one was found and left as it was.
  await write();
}

/** Copies a run whose first copies failed unheard: nobody would find its conversation before its end. */
export async function copyMissing(chat: ChatTools, run: RunRecord): Promise<void> {
  if (!(await chat.records.messages.get(run.messageId, ['role']))) await copyUnlessDeleted(chat, run);
}

async function copyUnlessDeleted(chat: ChatTools, run: RunRecord): Promise<void> {
  const conversation = await chat.records.conversations.get(run.conversationId, ['deleted']);
  // No conversation: its first copy failed too. A tombstone: the message was removed with it.
  if (!conversation?.deleted) await copyRun(chat, run);
}

/** Copies what of the question, the answer and the conversation is missing, then the answer as it ended. */
export async function copyAll(chat: ChatTools, run: RunRecord): Promise<void> {
  await copyAgain(chat, run);
  await copyAnswer(chat, run);
}

async function copyAgain(chat: ChatTools, run: RunRecord): Promise<void> {
  const { messages, conversations } = chat.records;
  const [copies, conversation] = await Promise.all([
    messages.getMany([run.userMessageId, run.messageId], ['role']),
    conversations.get(run.conversationId, ['deleted']),
  ]);
  if (conversation?.deleted || (conversation && copies.length === 2)) return;
  await copyRun(chat, run);
}
