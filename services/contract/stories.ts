import { z } from 'zod';
import { errorDetail } from './errors.ts';
import { id, moment, page, pageQuery } from './pages.ts';
import { promptValues, storyLanguage, storySettingsChange } from './story-parts.ts';

/** What a story is to be made from; all of it is optional: without any, the writer chooses. */
export const storyRequest = z
  .object({
    characterIds: z.array(id).max(5).default([]),
    sceneIds: z.array(id).max(3).default([]),
    /** What it is to be about, in a line or some. */
    idea: z
      .string()
      .overwrite((text) => text.toWellFormed())
      .trim()
      .max(2_000)
      .optional(),
    /** A saved prompt in its place, with the values of its variables. */
    promptId: id.optional(),
    promptValues: promptValues.optional(),
    /** One of my conversations, whose last messages it is to take up. */
    conversationId: id.optional(),
    /** Over my own story settings. */
    settings: storySettingsChange.optional(),
    /** One of `GET /api/models`. */
    model: z.string().max(200).optional(),
    /** The client's own ID of this request. A repeat with the same ID gets the same story, never a second one. */
    clientStoryId: id.optional(),
  })
  .refine(({ idea, promptId }) => idea === undefined || promptId === undefined, 'Give an idea or a prompt, not both.')
  .meta({ id: 'StoryRequest' });
export type StoryRequest = z.output<typeof storyRequest>;

/** What follows once a story is stored. `skipped`: it was not asked for, or nothing here can do it. */
export const followUpNames = ['narration', 'picture', 'mail', 'notice'] as const;
export type FollowUpName = (typeof followUpNames)[number];
export const followUpState = z.enum(['pending', 'ready', 'failed', 'skipped']);
export type FollowUpState = z.infer<typeof followUpState>;

/** When the voice reads which stretch of a story. */
export const cue = z.object({
  /** -1: the title; else which of the story's parts. */
  part: z.int().min(-1),
  /** UTF-16 units of that text: [from, to). */
  from: z.int().min(0),
  to: z.int().min(0),
  /** Seconds from the beginning of the audio: [start, end). */
  start: z.number().min(0),
  end: z.number().min(0),
});
export type Cue = z.infer<typeof cue>;

/** Addresses are signed and work without signing in, until the story expires. */
const picture = z.object({ state: followUpState, url: z.string().optional(), alt: z.string().optional() });
const narration = z.object({
  state: followUpState,
  url: z.string().optional(),
  seconds: z.number().optional(),
  cues: z.array(cue).optional(),
});

/** What stood between the model and the reader: the provider's moderation, a second call of a model, or nothing (the demo model). */
export const moderationKind = z.enum(['provider', 'model', 'none']);
export type ModerationKind = z.infer<typeof moderationKind>;

const told = {
  title: z.string().optional(),
  summary: z.string().optional(),
  /** Each is a stretch of the story, of one or more paragraphs (separated by an empty line). */
  parts: z.array(z.string()),
  moral: z.string().optional(),
  language: storyLanguage,
  readerName: z.string(),
  picture,
  narration,
  moderation: moderationKind,
  createdAt: moment,
  /** When its text, picture and voice go; absent: it is kept. */
  expiresAt: moment.optional(),
};

export const story = z
  .object({
    id,
    /** Follow it while it is written: `GET /api/runs/:id/events`. Its text is the story so far. */
    runId: id,
    status: z.enum(['writing', 'ready', 'failed', 'stopped']),
    ...told,
    mail: z.object({ state: followUpState }),
    /** Names of who is in it and where it is. */
    characters: z.array(z.string()),
    scenes: z.array(z.string()),
    favourite: z.boolean(),
    /** Whether its link opens it without signing in. */
    shared: z.boolean(),
    scheduleId: id.optional(),
    error: errorDetail.omit({ details: true }).optional(),
  })
  .meta({ id: 'Story' });
export type Story = z.infer<typeof story>;
export const storyPage = page(story).meta({ id: 'StoryPage' });
export const storyQuery = pageQuery.extend({ favourites: z.stringbool().optional() });
export const storyChange = z.object({ favourite: z.boolean() }).meta({ id: 'StoryChange' });

const whose = { person: z.object({ id, name: z.string() }) };
/** How a story came out, and what follows it, without what is told in it. */
const storyOverview = story
  .pick({
    id: true,
    runId: true,
    status: true,
    title: true,
    language: true,
    moderation: true,
    mail: true,
    scheduleId: true,
    error: true,
    createdAt: true,
    expiresAt: true,
  })
  .extend({
    ...whose,
    picture: picture.pick({ state: true }),
    narration: narration.pick({ state: true }),
  })
  .meta({ id: 'StoryOverview' });
export type StoryOverview = z.infer<typeof storyOverview>;
export const storyOverviewPage = page(storyOverview).meta({ id: 'StoryOverviewPage' });
export const storyOverviewQuery = pageQuery.extend({ personId: id.optional() });
/** The whole of it, with whose it is. */
export const storyOfPerson = story.extend(whose).meta({ id: 'StoryOfPerson' });
export type StoryOfPerson = z.infer<typeof storyOfPerson>;

/** An address that opens the story without signing in, for whoever has it. */
export const storyLink = z.object({ url: z.string() }).meta({ id: 'StoryLink' });
export const storyLinkToken = z.object({ token: z.string().min(1).max(200) }).meta({ id: 'StoryLinkToken' });
/** What its link opens: the story without whose it is. */
export const openedStory = z.object(told).meta({ id: 'OpenedStory' });
export type OpenedStory = z.infer<typeof openedStory>;
