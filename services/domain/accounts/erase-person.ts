import type { ChatPorts } from '#domain/chat/chat-ports.ts';
import { deleteConversationsOf, hasChat, hasRuns } from '#domain/chat/delete-chat-of.ts';
import { anonymiseUsage } from '#domain/usage/anonymise-usage.ts';
import type { AccountPorts } from './account-ports.ts';
import { endCredentials } from './delete-person.ts';

/** Removes some of what is kept of a person, or makes it nobody's; true once nothing of it is left. Repeated until then. */
export type Eraser = (personId: string) => Promise<boolean>;

const atATime = 500;

/** Everything that is kept of people, in the order in which it goes: each begins when nothing is left of those before. */
export const erasersOf = (accounts: AccountPorts, chat: ChatPorts): readonly Eraser[] => [
  async (personId) => {
    await endCredentials(accounts, personId);
    return true;
  },
  async (personId) => (await accounts.audit.anonymise(personId, atATime)) === 0,
  async (personId) => (await deleteConversationsOf(chat, personId, atATime)) === 0,
  async (personId) => !(await hasRuns(chat, personId)),
  (personId) => anonymiseUsage(chat.usage, personId),
  async (personId) => !(await hasChat(chat, personId)),
];
