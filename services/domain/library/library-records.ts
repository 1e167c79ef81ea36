import { z } from 'zod';
import { characterText, promptText, sceneText, storySettingsChange } from '#contract/story-parts.ts';
import type { Collection, CollectionSpec, Store } from '#platform/store/store.ts';

/** Whose the library's own are. No person has this id. */
export const libraryOwner = 'library';

const owned = {
  _id: z.string(),
  /** A person, or `libraryOwner`. */
  ownerId: z.string(),
  /** Which of the owner's places it has, of a person's alone: unique, so that parallel requests keep no more than allowed. */
  slot: z.string().optional(),
  createdAt: z.number(),
};

const character = z.object({
  ...owned,
  ...characterText.shape,
  /** One that was uploaded, in the blobs; else one is drawn. */
  picture: z.object({ blobId: z.string(), mediaType: z.string() }).optional(),
});
export type CharacterRecord = z.infer<typeof character>;

const scene = z.object({ ...owned, ...sceneText.shape });
export type SceneRecord = z.infer<typeof scene>;

const prompt = z.object({ ...owned, ...promptText.shape });
export type PromptRecord = z.infer<typeof prompt>;

/** How a person's stories are written, as far as they said; under the person's id. */
const storySettingsOfPerson = z.object({ _id: z.string(), settings: storySettingsChange });
export type StorySettingsRecord = z.infer<typeof storySettingsOfPerson>;

/** One document, there once the library was taken in: what an operator then removes does not come back by itself. */
const libraryState = z.object({ _id: z.string(), firstAt: z.number() });
export type LibraryStateRecord = z.infer<typeof libraryState>;
export const libraryStateId = 'library';

const byOwner = [{ fields: ['ownerId', 'createdAt'] }, { fields: ['slot'], unique: true }];
export const libraryCollections = {
  characters: {
    name: 'characters',
    version: 1,
    schema: character,
    indexes: byOwner,
  } satisfies CollectionSpec<CharacterRecord>,
  scenes: { name: 'scenes', version: 1, schema: scene, indexes: byOwner } satisfies CollectionSpec<SceneRecord>,
  prompts: { name: 'prompts', version: 1, schema: prompt, indexes: byOwner } satisfies CollectionSpec<PromptRecord>,
  storySettings: {
    name: 'story_settings',
    version: 1,
    schema: storySettingsOfPerson,
    indexes: [],
  } satisfies CollectionSpec<StorySettingsRecord>,
  state: {
    name: 'library_state',
    version: 1,
    schema: libraryState,
    indexes: [],
  } satisfies CollectionSpec<LibraryStateRecord>,
} as const;

export interface LibraryRecords {
  readonly characters: Collection<CharacterRecord>;
  readonly scenes: Collection<SceneRecord>;
  readonly prompts: Collection<PromptRecord>;
  readonly storySettings: Collection<StorySettingsRecord>;
  readonly state: Collection<LibraryStateRecord>;
}

export const openLibraryRecords = (store: Store): LibraryRecords => ({
  characters: store.collection<CharacterRecord>(libraryCollections.characters),
  scenes: store.collection<SceneRecord>(libraryCollections.scenes),
  prompts: store.collection<PromptRecord>(libraryCollections.prompts),
  storySettings: store.collection<StorySettingsRecord>(libraryCollections.storySettings),
  state: store.collection<LibraryStateRecord>(libraryCollections.state),
});
