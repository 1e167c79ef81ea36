import type { Conversation, ConversationPage, MessagePage } from '#contract/conversations.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { presentMessage } from '#domain/runs/present-run.ts';
import { stopRun } from '#domain/runs/stop-run.ts';
import { tellPerson } from '#domain/runs/tell-person.ts';
import { notFound } from '#platform/errors.ts';
import type { Find } from '#platform/store/store.ts';
import type { ChatPorts } from './chat-ports.ts';
import type { ConversationRecord } from './chat-records.ts';
import { copyRun } from './copy-run.ts';
import { presentConversation } from './present-chat.ts';

/** A conversation of this person's. Throws `not_found`, also for someone else's and for a deleted one. */
async function getOwn(chat: ChatPorts, principal: Principal, id: string): Promise<ConversationRecord> {
  const conversation = (await chat.records.conversations.get(id)) ?? (await copyOfFirstRun(chat, id));
  if (conversation?.ownerId !== principal.id || conversation.deleted) throw notFound('conversation');
  return conversation;
}

/** The first copy of a conversation may still be missing, or have failed, while its person has its ID from the run. */
async function copyOfFirstRun(chat: ChatPorts, conversationId: string): Promise<ConversationRecord | undefined> {
  const first = { where: { conversationId }, sort: { by: ['depth'], direction: 'asc' }, limit: 1 } as const;
  const [run] = (await chat.records.runs.find(first)).items;
  if (!run || run.kind === 'story') return undefined;
  await copyRun(chat, run);
  return chat.records.conversations.get(conversationId);
}

export const getConversation = async (chat: ChatPorts, principal: Principal, id: string): Promise<Conversation> =>
  presentConversation(await getOwn(chat, principal, id));

/** An empty conversation; without a title it takes one from its first message. */
export async function createConversation(chat: ChatPorts, principal: Principal, title?: string): Promise<Conversation> {
  const now = chat.clock.now();
  const conversation: ConversationRecord = {
    _id: chat.newId(),
    ownerId: principal.id,
    title: title ?? '',
    titleSource: title === undefined ? 'provisional' : 'person',
    deleted: false,
    createdAt: now,
    updatedAt: now,
  };
  await chat.records.conversations.insert(conversation);
  return presentConversation(conversation);
}

export interface ListQuery {
  readonly q?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** The latest first; with `q`, those in whose title each of its words begins a word. */
export async function listConversations(
  chat: ChatPorts,
  principal: Principal,
  { q, cursor, limit }: ListQuery,
): Promise<ConversationPage> {
  const query: Find = {
    where: { ownerId: principal.id, deleted: false },
    sort: { by: ['updatedAt'], direction: 'desc' },
    limit,
    cursor,
  };
  const { conversations } = chat.records;
  const { items, ...rest } = await (q?.trim() ? conversations.search(q, query) : conversations.find(query));
  return { items: items.map(presentConversation), ...rest };
}

export async function renameConversation(
  chat: ChatPorts,
  principal: Principal,
  id: string,
  title: string,
): Promise<Conversation> {
  await getOwn(chat, principal, id);
  const change = { set: { title, titleSource: 'person' } };
  const renamed = await chat.records.conversations.update(id, change, { deleted: false });
  if (!renamed) throw notFound('conversation');
  await tellPerson(chat, principal.id, { kind: 'conversation_changed', conversationId: id, title });
  return presentConversation(renamed);
}

/** Leaves a tombstone, stops the answer under way and closes its readers; the sweep removes the messages and runs. */
export async function deleteConversation(chat: ChatPorts, principal: Principal, id: string): Promise<void> {
  await getOwn(chat, principal, id);
  await chat.records.conversations.update(id, { set: { deleted: true, title: '', updatedAt: chat.clock.now() } });
  await tellPerson(chat, principal.id, { kind: 'conversation_deleted', conversationId: id });
  const live = await chat.records.runs.find({ where: { slot: id }, limit: 1, fields: ['status'] });
  for (const run of live.items) await stopRun(chat, run._id);
}

/** The newest first, siblings included. */
export async function listMessages(
  chat: ChatPorts,
  principal: Principal,
  conversationId: string,
  { cursor, limit }: Omit<ListQuery, 'q'>,
): Promise<MessagePage> {
  await getOwn(chat, principal, conversationId);
  const { items, ...rest } = await chat.records.messages.find({
    where: { conversationId },
    sort: { by: ['depth'], direction: 'desc' },
    limit,
    cursor,
  });
  return { items: items.map(presentMessage), ...rest };
}
