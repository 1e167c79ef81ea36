import type { Audit } from '#domain/audit/audit.ts';
import type { ChatPorts } from '#domain/chat/chat-ports.ts';
import { deleteConversationsOf, hasChat } from '#domain/chat/delete-chat-of.ts';
import type { AccountPorts } from './account-ports.ts';
import { endCredentials } from './delete-person.ts';

/** Removes some of what is kept of a person, or makes it nobody's; true once nothing of it is left. Repeated until then. */
export type Eraser = (personId: string) => Promise<boolean>;

const atATime = 500;

/** Everything that is kept of people. What is new and theirs gets its eraser here. */
export const erasersOf = (
  accounts: AccountPorts,
  chat: ChatPorts,
  audit: Audit,
  more: readonly Eraser[],
): readonly Eraser[] => [
  async (personId) => {
    await endCredentials(accounts, personId);
    return true;
  },
  async (personId) => (await deleteConversationsOf(chat, personId, atATime)) === 0 && !(await hasChat(chat, personId)),
  async (personId) => (await audit.anonymise(personId, atATime)) === 0,
  ...more,
];
