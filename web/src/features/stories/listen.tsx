import { Square, Volume2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OpenedStory } from '#contract/stories.ts';
import { Button } from '../../ui/button.tsx';
import { Player } from './player.tsx';
import type { BrowserVoice } from './use-browser-voice.ts';
import type { SteadyMedia } from './use-steady-media.ts';

interface ListenProps {
  /** The text is still to come, and with it what can be heard. */
  readonly isWriting: boolean;
  readonly narration: OpenedStory['narration'];
  readonly media: SteadyMedia;
  readonly browserVoice: BrowserVoice;
  readonly onTime: (seconds: number | undefined) => void;
}

/** One line, whatever there is to hear: the voice of the story, that it is to come, or the browser's own in its place. */
export function Listen({ isWriting, narration, media, browserVoice, onTime }: ListenProps) {
  const { address, isBroken } = media;
  const { state, seconds } = narration;
  const hasFailed = isBroken || state === 'failed';
  const isAwaited = isWriting || (state === 'pending' && !hasFailed);
  return (
    <>
      {address && (
        // Out of sight it keeps its place, and is loaded again.
        <Line isHidden={isBroken}>
          <Player url={address} media={media} seconds={seconds} onTime={onTime} />
        </Line>
      )}
      {(!address || isBroken) && (
        <Line>{isAwaited ? <Awaited isWriting={isWriting} /> : <Instead {...{ hasFailed, browserVoice }} />}</Line>
      )}
    </>
  );
}

function Awaited({ isWriting }: { readonly isWriting: boolean }) {
  const { t } = useTranslation('stories');
  return (
    <>
      <span className="still-breathing size-10 shrink-0 rounded-full bg-line" />
      <p role="status" className="text-ink-soft text-small">
        {t(isWriting ? 'listen.onceWritten' : 'listen.recording')}
      </p>
    </>
  );
}

interface InsteadProps {
  readonly hasFailed: boolean;
  readonly browserVoice: BrowserVoice;
}

function Instead({ hasFailed, browserVoice: { isThere, isReading, toggle } }: InsteadProps) {
  const { t } = useTranslation('stories');
  const Icon = isReading ? Square : Volume2;
  return (
    <>
      {isThere && (
        <Button onClick={toggle} className="shrink-0">
          <Icon className="size-4" aria-hidden /> {t(isReading ? 'listen.stop' : 'listen.aloud')}
        </Button>
      )}
      <p className="min-w-0 text-ink-soft text-small leading-4.5">{t(wordsFor(hasFailed, isThere))}</p>
    </>
  );
}

function wordsFor(hasFailed: boolean, isThere: boolean) {
  if (isThere) return hasFailed ? 'listen.noVoiceBrowser' : 'listen.browser';
  return hasFailed ? 'listen.noVoice' : 'listen.forReading';
}

interface LineProps {
  readonly isHidden?: boolean;
  readonly children: ReactNode;
}

const Line = ({ isHidden = false, children }: LineProps) => (
  <div hidden={isHidden} className="story-line flex h-14 items-center gap-3 border-line border-y print:hidden">
    {children}
  </div>
);
