import { useState } from 'react';
import { useEntry, useSessionState } from '../../api/entry-context.ts';
import { emptyDraft, isEmptyDraft, type StoryDraft } from './story-draft.ts';

/** In the tab alone, and by person: the next one here does not read it. */
const storageKey = 'lamplight.newStory';

/** A story that is being thought of. It outlives a reload of the page. */
export function useStoryDraft() {
  const state = useSessionState(useEntry());
  // What is written while one is asked to sign in again is that of who was here.
  const person = (state.kind === 'active' || state.kind === 'ended' ? state.person : undefined) ?? '';
  const [draft, setDraft] = useState(() => stored(person));
  const [wasKept, setWasKept] = useState(() => !isEmptyDraft(draft));
  const keep = (next: StoryDraft) => {
    setDraft(next);
    store(person, next);
  };
  return {
    draft,
    /** It was there before this page was. */
    wasKept,
    change: (changes: Partial<StoryDraft>) => keep({ ...draft, ...changes }),
    clear: () => {
      keep(emptyDraft);
      setWasKept(false);
    },
  };
}

function stored(person: string): StoryDraft {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? 'null');
    return isKept(kept) && kept.person === person ? { ...emptyDraft, ...kept.draft } : emptyDraft;
  } catch {
    return emptyDraft;
  }
}

/** Written by this page alone; one of another version may lack something, which the empty draft has. */
const isKept = (value: unknown): value is { readonly person: string; readonly draft: Partial<StoryDraft> } =>
  typeof value === 'object' && value !== null && 'person' in value && 'draft' in value;

function store(person: string, draft: StoryDraft): void {
  try {
    if (isEmptyDraft(draft)) sessionStorage.removeItem(storageKey);
    else sessionStorage.setItem(storageKey, JSON.stringify({ person, draft }));
  } catch {
    // Storage is full or refused: what was chosen stays on the page, it would only not outlive a reload.
  }
}
