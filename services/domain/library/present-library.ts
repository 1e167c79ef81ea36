import type { Character, Prompt, Scene } from '#contract/story-parts.ts';
import { type CharacterRecord, libraryOwner, type PromptRecord, type SceneRecord } from './library-records.ts';
import { variablesOf } from './prompt-variables.ts';

const base = ({ _id, ownerId, createdAt }: CharacterRecord | SceneRecord | PromptRecord) => ({
  id: _id,
  source: ownerId === libraryOwner ? ('library' as const) : ('mine' as const),
  createdAt: new Date(createdAt).toISOString(),
});

export const presentCharacter = (record: CharacterRecord, pictureUrl: string): Character => ({
  ...base(record),
  name: record.name,
  who: record.who,
  traits: record.traits,
  pictureUrl,
  hasOwnPicture: record.picture !== undefined,
});

export const presentScene = (record: SceneRecord): Scene => ({
  ...base(record),
  place: record.place,
  mood: record.mood,
  events: record.events,
});

export const presentPrompt = (record: PromptRecord): Prompt => ({
  ...base(record),
  title: record.title,
  text: record.text,
  variables: [...variablesOf(record.text)],
});
