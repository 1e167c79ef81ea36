import type { ChatPorts } from '#domain/chat/chat-ports.ts';
import { deleteConversationsOf, hasChat } from '#domain/chat/delete-chat-of.ts';
import { deleteStoriesOf, hasStories } from '#domain/stories/delete-story.ts';
import { eraseMaterial, hasMaterial } from '#domain/stories/erase-material.ts';
import type { StoryPorts } from '#domain/stories/story-ports.ts';
import { anonymiseUsage } from '#domain/usage/anonymise-usage.ts';
import type { AccountPorts } from './account-ports.ts';
import { endCredentials } from './delete-person.ts';

/** Removes some of what is kept of a person, or makes it nobody's; true once nothing of it is left. Repeated until then. */
export type Eraser = (personId: string) => Promise<boolean>;

export interface Erasers {
  /** What goes at once. */
  readonly first: readonly Eraser[];
  /** What goes, each after those before, when nothing is written any more that began before the deletion. */
  readonly last: readonly Eraser[];
}

const atATime = 500;

/** Everything that is kept of people; what is new and theirs gets its eraser here. */
export function erasersOf(accounts: AccountPorts, chat: ChatPorts, stories: StoryPorts): Erasers {
  const credentials = async (personId: string) => {
    await endCredentials(accounts, personId);
    return true;
  };
  const audit = async (personId: string) => (await accounts.audit.anonymise(personId, atATime)) === 0;
  const conversations = async (personId: string) => (await deleteConversationsOf(chat, personId, atATime)) === 0;
  const told = async (personId: string) => (await deleteStoriesOf(stories, personId, atATime)) === 0;
  const material = async (personId: string) => {
    await eraseMaterial(stories, personId, atATime);
    return !(await hasMaterial(stories, personId));
  };
  const budget = async (personId: string) => {
    await chat.budgets.forget(personId);
    return true;
  };
  return {
    // What begins stories goes before the stories, which links may open until then, and the long ones come last.
    first: [credentials, material, told, conversations, audit],
    last: [
      async (personId) => !(await hasChat(chat, personId)),
      material,
      async (personId) => !(await hasStories(stories, personId)),
      budget,
      (personId) => anonymiseUsage(chat.usage, personId),
    ],
  };
}
