import type { Conversation } from '#contract/conversations.ts';

export interface AgeGroup {
  readonly heading: string;
  readonly conversations: readonly Conversation[];
}

const dayMs = 86_400_000;

/** Conversations, the latest first, under the headings that a person would look under. */
export function byAge(conversations: readonly Conversation[], now: Date): readonly AgeGroup[] {
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const headingOf = ({ updatedAt }: Conversation): string => {
    const updated = Date.parse(updatedAt);
    if (updated >= today) return 'Today';
    if (updated >= today - dayMs) return 'Yesterday';
    return updated >= today - 6 * dayMs ? 'This week' : 'Earlier';
  };
  const groups = Map.groupBy(conversations, headingOf);
  return [...groups].map(([heading, group]) => ({ heading, conversations: group }));
}
