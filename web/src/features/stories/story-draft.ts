import type { StorySettings } from '#contract/story-parts.ts';
import { settingsOf, type Telling } from './telling.ts';
import type { StoryWish } from './use-stories.ts';

/** A story while it is thought of: only what differs from the usual is noted. */
export interface StoryDraft {
  readonly idea: string;
  /** Of the saved prompt that it is made from, by variable. */
  readonly promptValues: Readonly<Record<string, string>>;
  readonly characterIds: readonly string[];
  readonly sceneIds: readonly string[];
  readonly minutes?: StorySettings['minutes'];
  readonly readerName?: string;
  readonly telling: Partial<Telling>;
}

export const emptyDraft: StoryDraft = { idea: '', promptValues: {}, characterIds: [], sceneIds: [], telling: {} };

export const isEmptyDraft = (draft: StoryDraft): boolean =>
  JSON.stringify({ ...emptyDraft, ...draft }) === JSON.stringify(emptyDraft);

/** What a story is made from beside the draft; both stand in the address. */
export interface StorySource {
  readonly promptId: string | undefined;
  readonly conversationId: string | undefined;
}

/** A draft as the API takes it. */
export function wishOf(draft: StoryDraft, { promptId, conversationId }: StorySource): StoryWish {
  const { idea, promptValues, characterIds, sceneIds, minutes, readerName, telling } = draft;
  return {
    characterIds: [...characterIds],
    sceneIds: [...sceneIds],
    settings: {
      ...(minutes !== undefined && { minutes }),
      ...(readerName !== undefined && { readerName }),
      ...settingsOf(telling),
    },
    ...(promptId !== undefined && { promptId, promptValues }),
    ...(promptId === undefined && idea.trim() && { idea }),
    ...(conversationId !== undefined && { conversationId }),
  };
}
