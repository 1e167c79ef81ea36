import { lazy, Suspense, useSyncExternalStore } from 'react';
import { Route, Routes } from 'react-router';
import type { Session } from './api/session.ts';
import { Welcome } from './features/welcome/welcome.tsx';
import { NotFoundPage } from './ui/not-found-page.tsx';

// Whoever is not in a session yet loads only the welcome.
const Chat = lazy(async () => ({ default: (await import('./features/chat/chat.tsx')).Chat }));

export function App({ session }: { readonly session: Session }) {
  const state = useSyncExternalStore(session.subscribe, session.state);
  const page =
    state.kind === 'active' ? (
      <Suspense fallback={null}>
        <Chat key={state.token} session={session} />
      </Suspense>
    ) : (
      <Welcome session={session} ended={state.kind === 'ended'} />
    );
  return (
    <Routes>
      <Route element={page}>
        <Route index element={null} />
        <Route path="c/:conversationId" element={null} />
      </Route>
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}
