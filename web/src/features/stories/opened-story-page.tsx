import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import type { OpenedStory } from '#contract/stories.ts';
import { ApiError, sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { useEntry } from '../../api/entry-context.ts';
import { type After, afterTimeout } from '../../api/timers.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { FullPage } from '../../ui/full-page.tsx';
import { Lamp } from '../../ui/lamp.tsx';
import { ThemeChoice } from '../../ui/theme-choice.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { StoryReading } from './story-reading.tsx';
import { isUnderWay } from './story-state.ts';
import type { MediaSource } from './use-steady-media.ts';

/** What its link leads to: a story, for whoever has the link. No search engine is to list it. */
export function OpenedStoryPage({ after = afterTimeout }: { readonly after?: After }) {
  // It stays in the address, which can be kept and opened again; what comes after a # is sent to nobody.
  const { hash } = useLocation();
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? undefined;
  // Nothing of one story stands under the link of another.
  return <StoryBehind key={token} token={token} after={after} />;
}

function StoryBehind({ token, after }: { readonly token: string | undefined; readonly after: After }) {
  const { t } = useTranslation('stories');
  const { story, error, again } = useOpenedStory(token, after);
  useTitle(story?.title ?? t('opened.title'));
  return (
    <>
      <meta name="robots" content="noindex, nofollow" />
      {story ? (
        <Opened story={story} source={{ refetch: again, after }} />
      ) : (
        <Closed hasToken={token !== undefined} error={error} again={again} />
      )}
    </>
  );
}

interface OpenedProps {
  readonly story: OpenedStory;
  readonly source: MediaSource;
}

const Opened = ({ story, source }: OpenedProps) => (
  <main className="min-h-dvh overflow-x-clip pb-[env(safe-area-inset-bottom)]">
    <header className="mx-auto flex h-14 max-w-[40rem] items-center gap-2 px-4 print:hidden">
      <Lamp className="size-6" />
      <span className="flex-1 font-semibold tracking-tight">Lamplight</span>
      <ThemeChoice />
    </header>
    <StoryReading story={story} source={source} />
  </main>
);

interface ClosedProps {
  readonly hasToken: boolean;
  readonly error: ApiError | undefined;
  readonly again: () => void;
}

function Closed({ hasToken, error, again }: ClosedProps) {
  const { t } = useTranslation('stories');
  if (!hasToken || error?.code === 'link_invalid' || error?.code === 'not_found') {
    return (
      <FullPage>
        <div className="flex flex-col gap-3">
          <h1 className="font-serif text-display">{t('opened.away')}</h1>
          <p className="text-ink-soft">{t(hasToken ? 'opened.awayWhy' : 'opened.notWhole')}</p>
        </div>
      </FullPage>
    );
  }
  if (!error) return <div aria-busy="true" className="min-h-dvh" />;
  return (
    <FullPage>
      <ErrorNote
        title={t('opened.notOpened')}
        traceId={traceIdOf(error)}
        actions={<Button onClick={again}>{t('opened.tryAgain')}</Button>}
      >
        {sentenceOf(error)}
      </ErrorNote>
    </FullPage>
  );
}

/** How long until it is asked again whether the picture and the voice are there, in milliseconds. */
const lookAgainMs = 5_000;

function useOpenedStory(token: string | undefined, after: After) {
  const { openApi } = useEntry();
  const [opened, setOpened] = useState<{ readonly story?: OpenedStory; readonly error?: ApiError }>({});
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each round asks again
  useEffect(() => {
    if (token === undefined) return;
    const leaving = new AbortController();
    openApi('POST /api/story-links/open', { body: { token }, signal: leaving.signal }).then(
      (story) => setOpened({ story }),
      (error: unknown) => {
        if (leaving.signal.aborted) return;
        if (!(error instanceof ApiError)) throw error;
        // What is read stays, unless it was withdrawn.
        const isGone = error.code === 'link_invalid' || error.code === 'not_found';
        setOpened(({ story }) => (story && !isGone ? { story } : { error }));
      },
    );
    return () => leaving.abort();
  }, [openApi, token, round]);
  const again = () => setRound((before) => before + 1);
  // After each reply, also one that failed while the story stayed as it is.
  useEffect(() => {
    if (!opened.story || !isUnderWay(opened.story)) return;
    return after(lookAgainMs, () => setRound((before) => before + 1));
  }, [opened, after]);
  return { ...opened, again };
}
