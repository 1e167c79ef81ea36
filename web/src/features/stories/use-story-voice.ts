import { useState } from 'react';
import type { OpenedStory } from '#contract/stories.ts';
import { cueAt, type Passage } from './passages.ts';
import { type BrowserVoice, useBrowserVoice } from './use-browser-voice.ts';
import { type MediaSource, type SteadyMedia, useSteadyMedia } from './use-steady-media.ts';

export interface StoryVoice {
  readonly media: SteadyMedia;
  readonly browserVoice: BrowserVoice;
  /** What can be lit. */
  readonly passages: readonly Passage[];
  /** What is being read. */
  readonly lit: Passage | undefined;
  readonly onTime: (seconds: number | undefined) => void;
}

/** What reads a story: its own voice, or the browser's where it has none; and where it is. */
export function useStoryVoice(
  { title, parts, language, narration }: Pick<OpenedStory, 'title' | 'parts' | 'language' | 'narration'>,
  source: MediaSource,
): StoryVoice {
  const [seconds, setSeconds] = useState<number>();
  const media = useSteadyMedia(narration, source);
  const hasNarration = media.address !== undefined && !media.isBroken;
  const browserVoice = useBrowserVoice({ title, parts, language, isReplaced: hasNarration });
  const cues = narration.cues ?? [];
  const heard = seconds === undefined ? undefined : cueAt(cues, seconds);
  return {
    media,
    browserVoice,
    passages: hasNarration ? cues : browserVoice.passages,
    lit: hasNarration ? heard : browserVoice.lit,
    onTime: setSeconds,
  };
}
