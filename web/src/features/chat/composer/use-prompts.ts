import { useQuery } from '@tanstack/react-query';
import type { Prompt } from '#contract/story-parts.ts';
import { useChat } from '../chat-context.ts';
import { queryKeys } from '../live/message-cache.ts';

/** All prompts that I can use, mine before those of the library. */
export function usePrompts() {
  const { api } = useChat();
  return useQuery({
    queryKey: [...queryKeys.prompts, 'all'],
    queryFn: async ({ signal }) => {
      const prompts: Prompt[] = [];
      let cursor: string | undefined;
      do {
        const page = await api('GET /api/prompts', { query: { cursor }, signal });
        prompts.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor);
      return prompts;
    },
  });
}

/** Those whose title or text has all the words, in any order; titles that begin with them come first. */
export function matchingPrompts(prompts: readonly Prompt[], filter: string): readonly Prompt[] {
  const wanted = filter.trim().toLocaleLowerCase();
  const words = wanted.split(/\s+/);
  const found = prompts.filter(({ title, text }) => {
    const all = `${title} ${text}`.toLocaleLowerCase();
    return words.every((word) => all.includes(word));
  });
  const begins = ({ title }: Prompt) => title.toLocaleLowerCase().startsWith(wanted);
  return [...found.filter(begins), ...found.filter((prompt) => !begins(prompt))];
}
