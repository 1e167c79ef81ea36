import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { storyLanguage } from '#contract/story-parts.ts';

const entry = z.strictObject({
  id: z.string(),
  language: storyLanguage.default('en'),
  title: z.string(),
  parts: z.array(z.string()).min(2),
  summary: z.string().default('A short story for the evening.'),
  moral: z.string().default('Whoever asks is not alone.'),
  pictureAlt: z.string().default('A lamp in a window in the evening.'),
  picturePrompt: z.string().default('A lamp in a window on a calm evening, painted in warm colours'),
});
const unfitEntry = entry.extend({ reason: z.string(), unfit: z.string(), subtle: z.boolean().default(false) });

/** A story as its writer would give it, and what is to be said of it. */
export interface CorpusStory extends z.output<typeof entry> {
  readonly safe: boolean;
  /** Why it is not safe, and the sentence that makes it so: whoever reads the story must not have it. */
  readonly reason?: string;
  readonly unfit?: string;
  /** Not flagged by the provider: only one of its scores is raised. */
  readonly subtle?: boolean;
}

const read = (name: string): unknown => parse(readFileSync(`${import.meta.dirname}/corpus/${name}.yaml`, 'utf8'));

/** The stories that no child may get, and those that every child may; each list has thirty. */
export function loadCorpus(): { readonly unsafe: readonly CorpusStory[]; readonly safe: readonly CorpusStory[] } {
  return {
    unsafe: z
      .array(unfitEntry)
      .parse(read('unsafe'))
      .map((story) => ({ ...story, safe: false })),
    safe: z
      .array(entry)
      .parse(read('safe'))
      .map((story) => ({ ...story, safe: true })),
  };
}

/** The one JSON object that the writer of this story would give. */
export const writtenJson = ({ title, parts, summary, moral, pictureAlt, picturePrompt }: CorpusStory): string =>
  JSON.stringify({ title, parts, summary, moral, pictureAlt, picturePrompt });

/** Everything of it that a reader could see, in order. */
export const textsOf = ({
  title,
  parts,
  summary,
  moral,
  pictureAlt,
  picturePrompt,
}: CorpusStory): readonly string[] => [title, ...parts, summary, moral, pictureAlt, picturePrompt];
