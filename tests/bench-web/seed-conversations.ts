import { type ChatRecords, type MessageRecord, openChatRecords } from '#domain/chat/chat-records.ts';
import { openStore } from '#platform/store/open-store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { mixedMarkdown } from './mixed-markdown.ts';

export interface SeededConversation {
  readonly id: string;
  readonly title: string;
  readonly messages: number;
}

/** Answers of several lengths, each with some of all that Markdown has. */
const answers = Array.from({ length: 12 }, (_, index) => mixedMarkdown(1, index * 17).slice(0, 600 + index * 350));

/** Puts conversations into the store of a process that is not running; the last of them is the newest. */
export async function seedConversations(
  dataDir: string,
  ownerId: string,
  conversations: readonly SeededConversation[],
): Promise<void> {
  const store = await openStore({ kind: 'embedded', dataDir }, { logger: collectingLogger().logger });
  try {
    const records = openChatRecords(store);
    const now = Date.now();
    for (const [index, conversation] of conversations.entries()) {
      await seedOne(records, conversation, ownerId, now - (conversations.length - index) * 1_000);
    }
  } finally {
    await store.close();
  }
}

async function seedOne(
  records: ChatRecords,
  { id, title, messages }: SeededConversation,
  ownerId: string,
  createdAt: number,
): Promise<void> {
  const times = { createdAt, updatedAt: createdAt };
  await records.conversations.insert({ _id: id, ownerId, title, titleSource: 'person', deleted: false, ...times });
  for (let from = 0; from < messages; from += 500) {
    const count = Math.min(500, messages - from);
    await records.messages.insertMissing(
      Array.from({ length: count }, (_, index) => messageAt(from + index, { id, ownerId, createdAt })),
    );
  }
}

function messageAt(depth: number, of: { id: string; ownerId: string; createdAt: number }): MessageRecord {
  const isAnswer = depth % 2 === 1;
  const text = isAnswer ? (answers[depth % answers.length] ?? '') : `Question ${depth} of an evening by the lamp?`;
  return {
    _id: `${of.id}-${depth}`,
    conversationId: of.id,
    ownerId: of.ownerId,
    ...(depth > 0 && { parentId: `${of.id}-${depth - 1}` }),
    depth,
    role: isAnswer ? 'assistant' : 'user',
    status: 'complete',
    parts: [{ kind: 'text', text }],
    ...(isAnswer && { model: 'scripted' }),
    createdAt: of.createdAt,
  };
}
