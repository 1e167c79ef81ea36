import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Entry } from './open-session.ts';
import type { SessionState } from './session.ts';

export const EntryContext = createContext<Entry | undefined>(undefined);

export function useEntry(): Entry {
  const entry = useContext(EntryContext);
  if (!entry) throw new Error('useEntry needs an EntryContext above it.');
  return entry;
}

export function useSessionState({ session }: Entry): SessionState {
  return useSyncExternalStore(session.subscribe, session.state);
}
