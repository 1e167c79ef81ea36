import type { ChatPorts } from '#domain/chat/chat-ports.ts';
import type { MessageRecord } from '#domain/chat/chat-records.ts';
import { textOf } from '#domain/runs/output.ts';
import { notFound } from '#platform/errors.ts';
import type { StoryOrder } from './story-records.ts';

/** UTF-16 units of them all: what a story takes up of a conversation. */
const mostLength = 6_000;
const mostMessages = 60;

/** The last messages of a person's conversation, the oldest first, as far as they fit; of the last, at least its beginning. Throws `not_found`. */
export async function lastMessages(
  { records }: Pick<ChatPorts, 'records'>,
  ownerId: string,
  conversationId: string,
): Promise<StoryOrder['conversation']> {
  const conversation = await records.conversations.get(conversationId, ['ownerId', 'deleted']);
  if (conversation?.ownerId !== ownerId || conversation.deleted) throw notFound('conversation');
  const sort = { by: ['depth'], direction: 'desc' } as const;
  const { items } = await records.messages.find({ where: { conversationId }, sort, limit: mostMessages });
  const taken: StoryOrder['conversation'] = [];
  let left = mostLength;
  for (const { role, parts } of branchOf(items)) {
    const text = textOf(parts).trim();
    if (text === '') continue;
    if (text.length > left && taken.length > 0) break;
    taken.unshift({ role, text: text.slice(0, left).toWellFormed() });
    left -= text.length;
    if (left <= 0) break;
  }
  return taken;
}

/** The latest message, and those that lead to it: of answers to one message, that which was gone on from. */
function branchOf(messages: readonly MessageRecord[]): MessageRecord[] {
  const byId = new Map(messages.map((message) => [message._id, message]));
  const depth = messages[0]?.depth;
  const ends = messages.filter((message) => message.depth === depth);
  const branch: MessageRecord[] = [];
  let at = ends.toSorted((a, b) => b.createdAt - a.createdAt)[0];
  while (at) {
    branch.push(at);
    at = at.parentId === undefined ? undefined : byId.get(at.parentId);
  }
  return branch;
}
