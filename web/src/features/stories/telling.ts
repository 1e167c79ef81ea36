import type { StorySettings } from '#contract/story-parts.ts';

/** How a story is told, as fields have it. */
export interface Telling extends Pick<StorySettings, 'readerAge' | 'language' | 'style'> {
  /** Separated by commas, those of Arabic too. */
  readonly themes: string;
  readonly avoid: string;
}

export const tellingOf = ({ readerAge, language, style, themes, avoid }: StorySettings): Telling => ({
  readerAge,
  language,
  style,
  themes: themes.join(', '),
  avoid: avoid.join(', '),
});

/** What was changed, as the API takes it. */
export const settingsOf = ({ themes, avoid, ...rest }: Partial<Telling>): Partial<StorySettings> => ({
  ...rest,
  ...(themes !== undefined && { themes: listed(themes) }),
  ...(avoid !== undefined && { avoid: listed(avoid) }),
});

/** Words that commas separate, each once. */
const listed = (text: string): string[] => [
  ...new Set(
    text
      .split(/[,،]/)
      .map((word) => word.trim())
      .filter(Boolean),
  ),
];
