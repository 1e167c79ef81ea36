import type { InfiniteData } from '@tanstack/react-query';
import type { RunEvent } from '#contract/chat.ts';
import type { Conversation, ConversationPage, Message, MessagePage } from '#contract/conversations.ts';

export type Messages = InfiniteData<MessagePage, string | undefined>;
export type Conversations = InfiniteData<ConversationPage, string | undefined>;

export const queryKeys = {
  me: ['me'],
  models: ['models'],
  /** What I have left today. */
  usage: ['usage'],
  prompts: ['prompts'],
  conversations: ['conversations'],
  conversationList: (q: string) => ['conversations', q],
  conversation: (id: string) => ['conversation', id],
  allMessages: ['messages'],
  messages: (conversationId: string) => ['messages', conversationId],
  /** All of stories; each and each list of them stand below it. */
  stories: ['stories'],
  schedules: ['schedules'],
} as const;

/** All messages of the loaded pages, newest first. */
export const messagesOf = (data: Pick<Messages, 'pages'> | undefined): readonly Message[] =>
  data?.pages.flatMap((page) => page.items) ?? [];

/** The two messages that a run begins with, as the server stores them: what was said, and an answer under way. */
export function beginningOf(run: RunEvent, text: string, parentId: string | undefined, now: Date): readonly Message[] {
  const { conversationId } = run;
  const createdAt = now.toISOString();
  return [
    { ...answerOf(run, now), parentId: run.userMessageId },
    {
      id: run.userMessageId,
      conversationId,
      ...(parentId ? { parentId } : {}),
      role: 'user',
      status: 'complete',
      text,
      createdAt,
    },
  ];
}

/** The message of an answer that is under way. */
export const answerOf = (run: RunEvent, now: Date): Message => ({
  id: run.messageId,
  conversationId: run.conversationId,
  parentId: run.userMessageId,
  role: 'assistant',
  status: 'running',
  text: '',
  runId: run.runId,
  model: run.model,
  createdAt: now.toISOString(),
});

/** Puts messages, newest first, at the new end; one that is there already is replaced in its place. */
export function withNewest(data: Messages | undefined, added: readonly Message[]): Messages {
  const known = new Set(messagesOf(data).map((message) => message.id));
  const fresh = added.filter((message) => !known.has(message.id));
  const replaced = added.filter((message) => known.has(message.id)).reduce(withMessage, data);
  const [first, ...rest] = replaced?.pages ?? [];
  return {
    pages: [{ ...first, items: [...fresh, ...(first?.items ?? [])] }, ...rest],
    pageParams: replaced?.pageParams ?? [undefined],
  };
}

export const withMessage = (data: Messages | undefined, message: Message): Messages | undefined =>
  data && {
    ...data,
    pages: data.pages.map((page) => ({
      ...page,
      items: page.items.map((item) => (item.id === message.id ? message : item)),
    })),
  };

/** Changes (or with `undefined` removes) one conversation of a list. */
export const withConversation = (
  data: Conversations | undefined,
  id: string,
  change: (conversation: Conversation) => Conversation | undefined,
): Conversations | undefined =>
  data && {
    ...data,
    pages: data.pages.map((page) => ({
      ...page,
      items: page.items.flatMap((item) => (item.id === id ? (change(item) ?? []) : item)),
    })),
  };
