import { Direction } from 'radix-ui';
import { type ComponentType, lazy, type ReactNode, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Route, Routes } from 'react-router';
import { EntryContext, useSessionState } from './api/entry-context.ts';
import type { Entry } from './api/open-session.ts';
import type { SessionState } from './api/session.ts';
import { carryOver } from './features/chat/live/carry-over.ts';
import { directionOf } from './features/language/languages.ts';
import { readLaterTexts } from './features/language/start-language.ts';
import { type AskedOptions, OptionsContext, useAskedOptions } from './features/sign-in/sign-in-options.ts';
import { SignInPage } from './features/sign-in/sign-in-page.tsx';
import { Returning } from './features/welcome/returning.tsx';
import { Welcome } from './features/welcome/welcome.tsx';
import { NotFoundPage } from './ui/not-found-page.tsx';
import { Toasts } from './ui/toasts.tsx';
import { warmSerif } from './ui/warm-serif.ts';

// Whoever is not in a session yet loads only the ways in.
export const loadChat = () => import('./features/chat/chat.tsx');
const Chat = lazy(async () => ({ default: (await loadChat()).Chat }));
const RegisterPage = lazy(async () => ({
  default: (await import('./features/sign-in/register-page.tsx')).RegisterPage,
}));
const ForgotPage = lazy(async () => ({ default: (await import('./features/sign-in/forgot-page.tsx')).ForgotPage }));
const linkPages = () => import('./features/sign-in/link-pages.tsx');
const VerifyPage = lazy(async () => ({ default: (await linkPages()).VerifyPage }));
const ResetPage = lazy(async () => ({ default: (await linkPages()).ResetPage }));
const InvitationPage = lazy(async () => ({ default: (await linkPages()).InvitationPage }));

/** A place beside the chat: loaded when it is opened, with its texts. */
const place = (load: () => Promise<ComponentType>) =>
  lazy(async () => {
    warmSerif();
    const [Place] = await Promise.all([load(), readLaterTexts()]);
    return { default: Place };
  });
const StoriesPage = place(async () => (await import('./features/stories/stories-page.tsx')).StoriesPage);
const NewStoryPage = place(async () => (await import('./features/stories/new-story-page.tsx')).NewStoryPage);
const StoryPage = place(async () => (await import('./features/stories/story-page.tsx')).StoryPage);
const OpenedStoryPage = place(async () => (await import('./features/stories/opened-story-page.tsx')).OpenedStoryPage);
const UnsubscribePage = place(async () => (await import('./features/stories/unsubscribe-page.tsx')).UnsubscribePage);
const SchedulesPage = place(async () => (await import('./features/schedules/schedules-page.tsx')).SchedulesPage);
const CharactersPage = place(async () => (await import('./features/library/characters-page.tsx')).CharactersPage);
const ScenesPage = place(async () => (await import('./features/library/scenes-page.tsx')).ScenesPage);
const PromptsPage = place(async () => (await import('./features/prompts/prompts-page.tsx')).PromptsPage);
const NewPromptPage = place(async () => (await import('./features/prompts/new-prompt-page.tsx')).NewPromptPage);
const PromptPage = place(async () => (await import('./features/prompts/prompt-page.tsx')).PromptPage);
const SettingsPage = place(async () => (await import('./features/account/settings-page.tsx')).SettingsPage);
const Administration = place(async () => (await import('./features/administration/administration.tsx')).Administration);

export function App({ entry }: { readonly entry: Entry }) {
  const state = useSessionState(entry);
  const options = useAskedOptions(entry.openApi);
  const hasGuestEnded = state.kind === 'ended' && state.holder === 'guest';
  useEffect(() => {
    if (hasGuestEnded) carryOver(entry);
  }, [entry, hasGuestEnded]);
  return (
    <EntryContext value={entry}>
      <Surroundings options={options}>
        <Suspense fallback={null}>
          <Routes>
            <Route element={<Home state={state} />}>
              <Route index element={null} />
              <Route path="c/:conversationId" element={null} />
              <Route path="stories" element={<StoriesPage />} />
              <Route path="stories/new" element={<NewStoryPage />} />
              <Route path="stories/characters" element={<CharactersPage />} />
              <Route path="stories/scenes" element={<ScenesPage />} />
              <Route path="stories/:storyId" element={<StoryPage />} />
              <Route path="prompts" element={<PromptsPage />} />
              <Route path="prompts/new" element={<NewPromptPage />} />
              <Route path="prompts/:promptId" element={<PromptPage />} />
              <Route path="schedules" element={<SchedulesPage />} />
              <Route path="settings/:part?" element={<SettingsPage />} />
              <Route path="admin/*" element={<Administration />} />
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
        <Toasts />
      </Surroundings>
    </EntryContext>
  );
}

interface SurroundingsProps {
  readonly options: AskedOptions;
  readonly children: ReactNode;
}

/** What every page has around it: how people can sign in here, and the direction in which its language is written. */
function Surroundings({ options, children }: SurroundingsProps) {
  const { i18n } = useTranslation();
  return (
    <OptionsContext value={options}>
      <Direction.Provider dir={directionOf(i18n.language)}>{children}</Direction.Provider>
    </OptionsContext>
  );
}

function Home({ state }: { readonly state: SessionState }) {
  // Who had an account may sign in again over what they see; a guest cannot come back.
  if (state.kind === 'active' || (state.kind === 'ended' && state.holder === 'account' && state.person)) {
    return (
      <Suspense fallback={<Returning error={undefined} />}>
        <Chat key={state.person} />
      </Suspense>
    );
  }
  if (state.kind === 'unknown') return <Returning error={state.error} />;
  return <Welcome key={state.kind} ended={state.kind === 'ended' ? state.holder : undefined} />;
}
