import type { Message } from '#contract/conversations.ts';

/**
 * The one line of messages to show, oldest first, from pages that come newest first. It is read from its newest end up by
 * `parentId`, so that of siblings (a retry makes one) only the latest shows, with what follows from it.
 */
export function threadOf(newestFirst: readonly Message[]): readonly Message[] {
  const byId = new Map(newestFirst.map((message) => [message.id, message]));
  const parents = new Set(newestFirst.map((message) => message.parentId));
  const thread: Message[] = [];
  let next = newestFirst.find((message) => !parents.has(message.id));
  while (next && byId.delete(next.id)) {
    thread.push(next);
    next = next.parentId === undefined ? undefined : byId.get(next.parentId);
  }
  return thread.reverse();
}
