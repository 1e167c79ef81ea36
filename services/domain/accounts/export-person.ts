import type { ChatPorts } from '#domain/chat/chat-ports.ts';
import type { ConversationRecord } from '#domain/chat/chat-records.ts';
import { presentConversation } from '#domain/chat/present-chat.ts';
import { presentMessage } from '#domain/runs/present-run.ts';
import { materialOf, storiesOf } from '#domain/stories/export-stories.ts';
import type { StoryPorts } from '#domain/stories/story-ports.ts';
import type { Find } from '#platform/store/store.ts';
import type { AccountPorts } from './account-ports.ts';
import { getPerson } from './find-person.ts';
import { presentApiKey } from './present-account.ts';

/** A message may be long: few are in memory at a time. */
const messagesAtATime = 20;
const atATime = 100;

export interface ExportSources {
  readonly accounts: AccountPorts;
  readonly chat: ChatPorts;
  readonly stories: StoryPorts;
}

/**
 * All that is kept of a person, as the text of one JSON document, piece by piece: what is not asked for yet is not read yet.
 * Nothing in it signs anybody in. Throws `not_found` before the first piece.
 */
export async function* exportPerson(sources: ExportSources, personId: string): AsyncGenerator<string> {
  const { accounts } = sources;
  const account = presentAccount(await getPerson(accounts, personId));
  yield `{"exportedAt":${JSON.stringify(moment(accounts.clock.now()))},\n"account":${JSON.stringify(account)}`;
  yield* list('sessions', (await accounts.sessions.list(personId)).map(presentSession));
  yield* list('apiKeys', (await accounts.apiKeys.list(personId)).map(presentApiKey));
  yield ',\n"conversations":[';
  let separator = '\n';
  for await (const conversation of conversationsOf(sources, personId)) {
    const head = JSON.stringify(presentConversation(conversation));
    yield `${separator}${head.slice(0, -1)}`;
    yield* stream('messages', messagesOf(sources, conversation));
    yield '}';
    separator = ',\n';
  }
  yield ']';
  yield* stream('stories', storiesOf(sources.stories, personId));
  for (const [name, items] of Object.entries(materialOf(sources.stories, personId))) yield* stream(name, items);
  yield* stream('usage', usageOf(sources, personId));
  yield* stream('history', historyOf(sources, personId));
  yield '}\n';
}

type Account = Awaited<ReturnType<typeof getPerson>>;

const presentAccount = ({
  _id,
  passwordHash,
  openIdSubject,
  createdAt,
  lastSeenAt,
  disabled: _,
  deleted: __,
  ...rest
}: Account) => ({
  id: _id,
  ...rest,
  hasPassword: passwordHash !== undefined,
  ...(openIdSubject !== undefined && { openIdSubject }),
  createdAt: moment(createdAt),
  lastSeenAt: moment(lastSeenAt),
});

type Session = Awaited<ReturnType<AccountPorts['sessions']['list']>>[number];
const presentSession = ({ _id, device, createdAt, lastUsedAt, expiresAt }: Session) => ({
  id: _id,
  device,
  createdAt: moment(createdAt),
  lastUsedAt: moment(lastUsedAt),
  expiresAt: moment(expiresAt),
});

const conversationsOf = ({ chat }: ExportSources, ownerId: string) =>
  each(
    (page) => chat.records.conversations.find({ ...page, where: { ownerId, deleted: false }, ...by('updatedAt') }),
    atATime,
  );

async function* messagesOf({ chat }: ExportSources, { _id }: ConversationRecord): AsyncGenerator<unknown> {
  const read = (page: PageOf) =>
    chat.records.messages.find({ ...page, where: { conversationId: _id }, ...by('depth') });
  for await (const message of each(read, messagesAtATime)) yield presentMessage(message);
}

async function* usageOf({ chat }: ExportSources, personId: string): AsyncGenerator<unknown> {
  for await (const { model, hour, counts } of each(
    (page) => chat.usage.hours.find({ ...page, where: { personId }, ...by('hour') }),
    atATime,
  ))
    yield { hour: moment(hour), model, ...counts };
}

/** What the audit log says of them: of what others did, neither who it was nor from where. */
async function* historyOf({ accounts }: ExportSources, personId: string): AsyncGenerator<unknown> {
  for await (const { at, action, outcome, details, actorId, address } of each(
    (page) => accounts.audit.list({ ...page, personId }),
    atATime,
  )) {
    const own = actorId === personId;
    yield { at, action, outcome, details, own, ...(own && address !== undefined && { address }) };
  }
}

type PageOf = Pick<Find, 'limit' | 'cursor'>;
type PageLike<T> = { readonly items: readonly T[]; readonly nextCursor?: string | undefined };
const by = (field: string) => ({ sort: { by: [field], direction: 'asc' } }) as const;

async function* each<T>(read: (page: PageOf) => Promise<PageLike<T>>, limit: number): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const page = await read({ limit, cursor });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

async function* stream(name: string, items: AsyncIterable<unknown>): AsyncGenerator<string> {
  yield `,\n"${name}":[`;
  let separator = '\n';
  for await (const item of items) {
    yield `${separator}${JSON.stringify(item)}`;
    separator = ',\n';
  }
  yield ']';
}

function* list(name: string, items: readonly unknown[]): Generator<string> {
  yield `,\n"${name}":${JSON.stringify(items)}`;
}

const moment = (ms: number): string => new Date(ms).toISOString();
