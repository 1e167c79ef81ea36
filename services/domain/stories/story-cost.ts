import { tokensAtMost } from '#platform/models/models.ts';
import type { Moderation } from '#platform/moderation/moderation.ts';
import type { StoryOrder } from './story-records.ts';

/** Read aloud to a child, with pauses. */
const wordsPerMinute = 130;

export const wordsOf = ({ settings }: Pick<StoryOrder, 'settings'>): number => settings.minutes * wordsPerMinute;

/** Of a word, in the languages that take most (Arabic, Ukrainian); models that write in English take a third of it. */
const tokensPerWord = 4;
/** Title, summary, moral and picture; and what some models think before they write. */
const tokensBeside = 4_000;

/** The longest reply that is asked for. */
export const replyTokensOf = (order: Pick<StoryOrder, 'settings'>): number =>
  wordsOf(order) * tokensPerWord + tokensBeside;

/** The instructions, and what earlier stories were about. */
const promptTokens = 2_000;
/** A model that judges reads the story so far at each part: of about five parts, three times the whole, and the whole at its end. */
const readByJudge = 4;

/** What is held for the prompts, rather too much. */
export function promptTokensOf(order: StoryOrder, { mayAskModel }: Pick<Moderation, 'mayAskModel'>): number {
  const judged = mayAskModel ? readByJudge * wordsOf(order) * tokensPerWord : 0;
  return promptTokens + tokensAtMost(JSON.stringify(order)) + judged;
}
