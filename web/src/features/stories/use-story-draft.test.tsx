import { act, cleanup, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, test } from 'vitest';
import { EntryContext } from '../../api/entry-context.ts';
import type { Entry } from '../../api/open-session.ts';
import type { SessionState } from '../../api/session.ts';
import { useStoryDraft } from './use-story-draft.ts';

afterEach(() => {
  cleanup();
  sessionStorage.clear();
});

function draftIn(state: SessionState) {
  const entry = { session: { subscribe: () => () => {}, state: () => state } } as unknown as Entry;
  const wrapper = ({ children }: { children: ReactNode }) => (
    <EntryContext.Provider value={entry}>{children}</EntryContext.Provider>
  );
  return renderHook(useStoryDraft, { wrapper }).result;
}

test('what is chosen while one is asked to sign in again is there for whoever was here, and for nobody else', () => {
  const written = draftIn({ kind: 'ended', holder: 'account', person: 'ada' });
  act(() => written.current.change({ idea: 'a hedgehog' }));
  cleanup();
  expect(draftIn({ kind: 'active', holder: 'account', person: 'ada' }).current.draft.idea).toBe('a hedgehog');
  expect(draftIn({ kind: 'active', holder: 'account', person: 'bob' }).current.draft.idea).toBe('');
});
