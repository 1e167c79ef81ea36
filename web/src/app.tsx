import { lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { EntryContext, useSessionState } from './api/entry-context.ts';
import type { Entry } from './api/open-session.ts';
import type { SessionState } from './api/session.ts';
import { OptionsContext, useAskedOptions } from './features/sign-in/sign-in-options.ts';
import { SignInPage } from './features/sign-in/sign-in-page.tsx';
import { Returning } from './features/welcome/returning.tsx';
import { Welcome } from './features/welcome/welcome.tsx';
import { NotFoundPage } from './ui/not-found-page.tsx';

// Whoever is not in a session yet loads only the ways in.
const Chat = lazy(async () => ({ default: (await import('./features/chat/chat.tsx')).Chat }));
const RegisterPage = lazy(async () => ({
  default: (await import('./features/sign-in/register-page.tsx')).RegisterPage,
}));
const ForgotPage = lazy(async () => ({ default: (await import('./features/sign-in/forgot-page.tsx')).ForgotPage }));
const linkPages = () => import('./features/sign-in/link-pages.tsx');
const VerifyPage = lazy(async () => ({ default: (await linkPages()).VerifyPage }));
const ResetPage = lazy(async () => ({ default: (await linkPages()).ResetPage }));
const InvitationPage = lazy(async () => ({ default: (await linkPages()).InvitationPage }));
const StoriesPage = lazy(async () => ({ default: (await import('./features/stories/stories-page.tsx')).StoriesPage }));
const NewStoryPage = lazy(async () => ({
  default: (await import('./features/stories/new-story-page.tsx')).NewStoryPage,
}));
const StoryPage = lazy(async () => ({ default: (await import('./features/stories/story-page.tsx')).StoryPage }));
const SchedulesPage = lazy(async () => ({
  default: (await import('./features/schedules/schedules-page.tsx')).SchedulesPage,
}));
const OpenedStoryPage = lazy(async () => ({
  default: (await import('./features/stories/opened-story-page.tsx')).OpenedStoryPage,
}));
const UnsubscribePage = lazy(async () => ({
  default: (await import('./features/stories/unsubscribe-page.tsx')).UnsubscribePage,
}));

export function App({ entry }: { readonly entry: Entry }) {
  const state = useSessionState(entry);
  const options = useAskedOptions(entry.openApi);
  return (
    <EntryContext value={entry}>
      <OptionsContext value={options}>
        <Suspense fallback={null}>
          <Routes>
            <Route element={<Home state={state} />}>
              <Route index element={null} />
              <Route path="c/:conversationId" element={null} />
              <Route path="stories" element={<StoriesPage />} />
              <Route path="stories/new" element={<NewStoryPage />} />
              <Route path="stories/:storyId" element={<StoryPage />} />
              <Route path="schedules" element={<SchedulesPage />} />
            </Route>
            <Route path="story" element={<OpenedStoryPage />} />
            <Route path="unsubscribe" element={<UnsubscribePage />} />
            <Route path="sign-in" element={<SignInPage />} />
            <Route path="register" element={<RegisterPage />} />
            <Route path="forgot" element={<ForgotPage />} />
            <Route path="verify" element={<VerifyPage />} />
            <Route path="reset" element={<ResetPage />} />
            <Route path="invitation" element={<InvitationPage />} />
            <Route path="*" element={<NotFoundPage />} />
          </Routes>
        </Suspense>
      </OptionsContext>
    </EntryContext>
  );
}

function Home({ state }: { readonly state: SessionState }) {
  if (state.kind === 'active') return <Chat key={state.person} />;
  if (state.kind === 'unknown') return <Returning error={state.error} />;
  return <Welcome key={state.kind} ended={state.kind === 'ended' ? state.holder : undefined} />;
}
