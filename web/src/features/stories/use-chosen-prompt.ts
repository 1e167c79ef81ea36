import type { Prompt } from '#contract/story-parts.ts';
import { usePrompts } from '../chat/composer/use-prompts.ts';

export interface ChosenPrompt {
  readonly all: readonly Prompt[] | undefined;
  readonly chosen: Prompt | undefined;
  /** It is known that there is none of this ID. */
  readonly isGone: boolean;
  /** It is not known yet. */
  readonly isAwaited: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** The saved prompts, and the one of this ID among them. */
export function useChosenPrompt(id: string | undefined): ChosenPrompt {
  const { data, error, refetch } = usePrompts();
  const chosen = data?.find((prompt) => prompt.id === id);
  return {
    all: data,
    chosen,
    isGone: id !== undefined && data !== undefined && chosen === undefined,
    isAwaited: id !== undefined && data === undefined,
    error,
    retry: () => void refetch(),
  };
}

/** The text with what was filled in; what was not stays as it is. */
export const filledIn = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{\{\s*([^{}]+?)\s*\}\}/g, (whole, name: string) => values[name.normalize('NFC')]?.trim() || whole);
