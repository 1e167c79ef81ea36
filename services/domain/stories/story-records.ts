import { z } from 'zod';
import { errorCodeNames } from '#contract/error-codes.ts';
import { cue, followUpState, moderationKind } from '#contract/stories.ts';
import { characterText, sceneText, storyLanguage, storySettings } from '#contract/story-parts.ts';
import type { Collection, CollectionSpec, Store } from '#platform/store/store.ts';

/** What a story is made from, as it was when it was asked for: what is changed later does not change it. Stands in its run. */
export const storyOrder = z.object({
  settings: storySettings,
  characters: z.array(characterText),
  scenes: z.array(sceneText),
  /** What it is to be about; empty: left to the writer. */
  idea: z.string(),
  /** The last messages of a conversation that it takes up. */
  conversation: z.array(z.object({ role: z.enum(['user', 'assistant']), text: z.string() })),
  /** Where a schedule asked for it: at which of its times (ms since the epoch), and whether it goes by mail. */
  schedule: z.object({ id: z.string(), at: z.number(), mail: z.boolean() }).optional(),
});
export type StoryOrder = z.infer<typeof storyOrder>;

/** A story as its writer gave it, valid and judged. Stands in its run at its end. */
const toldStory = z.object({
  title: z.string(),
  summary: z.string(),
  parts: z.array(z.string()),
  moral: z.string(),
  /** What the picture shows, for whoever does not see it; and what it is to be painted from. */
  pictureAlt: z.string(),
  picturePrompt: z.string(),
  moderation: moderationKind,
});
export type ToldStory = z.infer<typeof toldStory>;

/** What a story's run keeps of what was made so far. */
export const storyMade = z.object({
  /** Tellings that were not fit for children. */
  rewrites: z.number().default(0),
  /** A reply that was not in the form that was asked for, and what is wrong with it: the next attempt asks for the corrected whole. */
  repair: z.object({ reply: z.string(), problem: z.string() }).optional(),
  told: toldStory.optional(),
});
export type StoryMade = z.infer<typeof storyMade>;

/**
 * One thing that follows a story. `tries` goes up before each: a try whose process died counts, so that none goes on for ever.
 * `at`: when it began to wait, or ended.
 */
const followUp = z.object({
  state: followUpState,
  tries: z.number(),
  at: z.number(),
  /** Of a mail: until then nobody else tries (ms since the epoch). Whoever is at it renews it; absent where nobody is. */
  leaseUntil: z.number().optional(),
  /** Why it failed: one of our codes, or a word of ours. Never what a provider said. */
  reason: z.string().optional(),
});
export type FollowUp = z.infer<typeof followUp>;

const story = z.object({
  _id: z.string(),
  ownerId: z.string(),
  runId: z.string(),
  /** `refused`: its schedule's time came, and the owner's budget or limit did not allow it. */
  status: z.enum(['writing', 'ready', 'failed', 'stopped', 'refused']),
  scheduleId: z.string().optional(),
  /** At which of the schedule's times. */
  scheduledFor: z.number().optional(),
  language: storyLanguage,
  readerName: z.string(),
  characters: z.array(z.string()),
  scenes: z.array(z.string()),
  told: toldStory.optional(),
  followUps: z.object({ narration: followUp, picture: followUp, mail: followUp, notice: followUp }).optional(),
  /** Whether any of those is pending: what the sweep looks for. */
  following: z.boolean(),
  /** In the blobs; gone with the story. */
  picture: z.object({ blobId: z.string(), mediaType: z.string() }).optional(),
  narration: z
    .object({ blobId: z.string(), mediaType: z.string(), seconds: z.number(), cues: z.array(cue) })
    .optional(),
  /** Goes up when its link is withdrawn, so that the old one opens nothing; `shared`: whether the present one opens it. */
  linkVersion: z.number(),
  shared: z.boolean(),
  error: z.object({ code: z.enum(errorCodeNames), message: z.string(), traceId: z.string() }).optional(),
  /** Which of the owner's places for favourites it has: unique by owner, so that parallel requests keep no more than allowed. */
  favouriteSlot: z.string().optional(),
  /** Set with that place: what the list of favourites looks for. */
  favourite: z.literal(true).optional(),
  /** When it is removed; of a favourite, never comes. */
  expiresAt: z.number(),
  /** A tombstone: nobody sees it, and the sweep removes its blobs and its run (`purged`), then it. */
  deleted: z.boolean(),
  purged: z.boolean().optional(),
  traceId: z.string(),
  createdAt: z.number(),
  endedAt: z.number().optional(),
});
export type StoryRecord = z.infer<typeof story>;

/** Far enough: a favourite is kept. */
export const never = 8_640_000_000_000_000;

/** The stories that are written at this time over all processes: one document, `count` of `taken` by run. */
const storyPlaces = z.object({
  _id: z.string(),
  count: z.number(),
  /** When each was taken, ms since the epoch. */
  taken: z.record(z.string(), z.number()),
});
export type StoryPlacesRecord = z.infer<typeof storyPlaces>;

/**
 * What the last stories of a schedule, or of a person without one, were about: kept longer than the stories, so that the next is another.
 * Under the id of the schedule or person.
 */
const storyMemory = z.object({
  _id: z.string(),
  ownerId: z.string(),
  /** The latest last. */
  stories: z.array(z.object({ storyId: z.string(), title: z.string(), summary: z.string() })),
  /** Goes up with each change, which is made on the version that it was worked out from. */
  version: z.number(),
});
export type StoryMemoryRecord = z.infer<typeof storyMemory>;

/** A backup reads them before runs: see `archive-runs.ts`. */
export const storyCollections = {
  stories: {
    name: 'stories',
    version: 1,
    schema: story,
    indexes: [
      { fields: ['ownerId', 'deleted', 'createdAt'] },
      { fields: ['ownerId', 'favourite', 'createdAt'] },
      { fields: ['favouriteSlot'], unique: true },
      { fields: ['following', 'endedAt'] },
      { fields: ['status', 'createdAt'] },
      { fields: ['expiresAt'] },
      { fields: ['deleted', 'expiresAt'] },
      { fields: ['deleted', 'createdAt'] },
      { fields: ['scheduleId', 'createdAt'] },
    ],
  } satisfies CollectionSpec<StoryRecord>,
  places: {
    name: 'story_places',
    version: 1,
    schema: storyPlaces,
    indexes: [],
  } satisfies CollectionSpec<StoryPlacesRecord>,
  memories: {
    name: 'story_memories',
    version: 1,
    schema: storyMemory,
    indexes: [{ fields: ['ownerId'] }],
  } satisfies CollectionSpec<StoryMemoryRecord>,
} as const;

export interface StoryRecords {
  readonly stories: Collection<StoryRecord>;
  readonly places: Collection<StoryPlacesRecord>;
  readonly memories: Collection<StoryMemoryRecord>;
}

export const openStoryRecords = (store: Store): StoryRecords => ({
  stories: store.collection<StoryRecord>(storyCollections.stories),
  places: store.collection<StoryPlacesRecord>(storyCollections.places),
  memories: store.collection<StoryMemoryRecord>(storyCollections.memories),
});
