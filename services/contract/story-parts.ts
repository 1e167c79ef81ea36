import { z } from 'zod';
import { id, moment, page } from './pages.ts';

/** Control characters, line breaks, and marks that turn the direction of what stands behind the line, too. */
const unlinely = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;

const lineOrNothing = (max: number) =>
  z
    .string()
    .overwrite((text) => text.toWellFormed().replace(unlinely, ' '))
    .trim()
    .max(max);

/** A line of text that people write: trimmed, well-formed, without what breaks it or turns it round. */
export const line = (max: number) => lineOrNothing(max).min(1);

/** Some lines of text. */
const lines = (max: number) =>
  z
    .string()
    .overwrite((text) => text.toWellFormed())
    .trim()
    .max(max);

/** `library`: it comes with the product, or from the operator; nobody's to change. */
const source = z.enum(['mine', 'library']);

export const characterText = z.object({
  name: line(60),
  /** Who they are, in a sentence or two. */
  who: line(300),
  traits: z.array(line(60)).min(1).max(6),
});
export const newCharacter = characterText.meta({ id: 'NewCharacter' });
export const characterChange = characterText.partial().meta({ id: 'CharacterChange' });
export const character = z
  .object({
    id,
    source,
    ...characterText.shape,
    pictureUrl: z.string(),
    /** It was given its picture; else one is drawn. */
    hasOwnPicture: z.boolean(),
    createdAt: moment,
  })
  .meta({ id: 'Character' });
export type Character = z.infer<typeof character>;
export const characterPage = page(character).meta({ id: 'CharacterPage' });

export const sceneText = z.object({
  /** Where it is. */
  place: line(100),
  mood: line(100),
  /** What may happen there. */
  events: z.array(line(200)).min(1).max(6),
});
export const newScene = sceneText.meta({ id: 'NewScene' });
export const sceneChange = sceneText.partial().meta({ id: 'SceneChange' });
export const scene = z.object({ id, source, ...sceneText.shape, createdAt: moment }).meta({ id: 'Scene' });
export type Scene = z.infer<typeof scene>;
export const scenePage = page(scene).meta({ id: 'ScenePage' });

/** A saved text; `{{name}}` in it is filled in when it is used. */
export const promptText = z.object({ title: line(100), text: lines(4_000).min(1) });
export const newPrompt = promptText.meta({ id: 'NewPrompt' });
export const promptChange = promptText.partial().meta({ id: 'PromptChange' });
export const prompt = z
  .object({
    id,
    source,
    ...promptText.shape,
    /** What is to be filled in, in the order in which it comes first. */
    variables: z.array(z.string()),
    createdAt: moment,
  })
  .meta({ id: 'Prompt' });
export type Prompt = z.infer<typeof prompt>;
export const promptPage = page(prompt).meta({ id: 'PromptPage' });
/** Values by variable. */
export const promptValues = z.record(z.string().max(60), lines(500)).meta({ id: 'PromptValues' });
export const promptFilling = z.object({ values: promptValues }).meta({ id: 'PromptFilling' });
export const filledPrompt = z.object({ text: z.string() }).meta({ id: 'FilledPrompt' });

/** Languages that stories are written and read aloud in, as BCP 47 has them. */
export const storyLanguages = ['en', 'de', 'es', 'ar', 'fr', 'it', 'nl', 'pl', 'pt', 'ru', 'tr', 'uk'] as const;
export const storyLanguage = z.enum(storyLanguages);
export type StoryLanguage = (typeof storyLanguages)[number];

/** How long a story takes, read aloud. */
export const storyMinutes = [3, 5, 10] as const;

export const storySettings = z
  .object({
    /** Whom the story is for; empty: nobody by name. */
    readerName: lineOrNothing(60),
    readerAge: z.int().min(2).max(14),
    language: storyLanguage,
    minutes: z.literal(storyMinutes),
    themes: z.array(line(60)).max(10),
    avoid: z.array(line(60)).max(10),
    /** In words, such as "funny, in rhymes"; empty: left to the writer. */
    style: lines(200),
  })
  .meta({ id: 'StorySettings' });
export type StorySettings = z.infer<typeof storySettings>;
export const storySettingsChange = storySettings.partial().meta({ id: 'StorySettingsChange' });
