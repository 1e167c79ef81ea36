import { stopRun } from '#domain/runs/stop-run.ts';
import type { ChatPorts } from './chat-ports.ts';

/**
 * Leaves tombstones on up to `limit` conversations of a person, the latest first, and stops their answers; the sweep of chat removes
 * what they hold. Returns how many there were.
 */
export async function deleteConversationsOf(chat: ChatPorts, ownerId: string, limit: number): Promise<number> {
  const { conversations, runs } = chat.records;
  const { items } = await conversations.find({
    where: { ownerId, deleted: false },
    sort: { by: ['updatedAt'], direction: 'desc' },
    limit,
    fields: ['ownerId'],
  });
  for (const { _id } of items) {
    await conversations.update(_id, { set: { deleted: true, title: '', updatedAt: chat.clock.now() } });
    const live = await runs.find({ where: { slot: _id }, limit: 1, fields: ['status'] });
    for (const run of live.items) await stopRun(chat, run._id);
  }
  return items.length;
}

/**
 * Whether anything of a person's chat is still stored. A tombstone is the last of a conversation, and the sweep gives a run that lacks
 * its conversation one.
 */
export const hasChat = async ({ records }: Pick<ChatPorts, 'records'>, ownerId: string): Promise<boolean> =>
  (await records.conversations.count({ ownerId, deleted: { in: [true, false] } })) > 0;
