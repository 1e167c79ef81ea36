import type { Conversation } from '#contract/conversations.ts';
import { momentFormat } from '../../../ui/format.ts';

export interface AgeGroup {
  readonly key: string;
  readonly heading: string;
  readonly conversations: readonly Conversation[];
}

/** What the next days are called; `language` writes the others. */
export interface DayWords {
  readonly today: string;
  readonly yesterday: string;
  readonly language: string;
}

/** How many days back each day has a heading of its own. */
const daysByName = 6;

/** Conversations, the latest first, under the headings that a person would look under: days for a week, then months. */
export function byAge(conversations: readonly Conversation[], now: Date, words: DayWords): readonly AgeGroup[] {
  const startOf = (daysAgo: number): number =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo).getTime();
  const write = (date: Date, options: Intl.DateTimeFormatOptions): string =>
    momentFormat(words.language, options).format(date);
  const placeOf = (updated: Date): readonly [key: string, heading: string] => {
    const at = updated.getTime();
    if (at >= startOf(0)) return ['today', words.today];
    if (at >= startOf(1)) return ['yesterday', words.yesterday];
    if (at >= startOf(daysByName)) return [`day ${updated.getDay()}`, write(updated, { weekday: 'long' })];
    const isThisYear = updated.getFullYear() === now.getFullYear();
    const month = write(updated, { month: 'long', ...(!isThisYear && { year: 'numeric' }) });
    return [`month ${updated.getFullYear()}-${updated.getMonth()}`, month];
  };
  const groups = new Map<string, AgeGroup & { readonly conversations: Conversation[] }>();
  for (const conversation of conversations) {
    const [key, heading] = placeOf(new Date(conversation.updatedAt));
    const group = groups.get(key);
    if (group) group.conversations.push(conversation);
    else groups.set(key, { key, heading, conversations: [conversation] });
  }
  return [...groups.values()];
}
