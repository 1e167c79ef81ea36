import { Square, Volume2 } from 'lucide-react';
import type { ReactNode } from 'react';
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
export function Listen({ isWriting, narration: { state, seconds }, media, browserVoice, onTime }: ListenProps) {
  const { address, isBroken, onBroken } = media;
  const hasFailed = isBroken || state === 'failed';
  if (address && !isBroken) {
    return (
      <Line>
        <Player key={address} url={address} seconds={seconds} onTime={onTime} onBroken={onBroken} />
      </Line>
    );
  }
  if (isWriting || (state === 'pending' && !hasFailed)) {
    return (
      <Line>
        <span className="still-breathing size-10 shrink-0 rounded-full bg-line" />
        <p role="status" className="text-ink-soft text-small">
          {isWriting ? 'It can be heard once it is written.' : 'The voice is being recorded. You can read meanwhile.'}
        </p>
      </Line>
    );
  }
  return (
    <Line>
      {browserVoice.isThere && (
        <Button onClick={browserVoice.toggle} className="shrink-0">
          {browserVoice.isReading ? (
            <>
              <Square className="size-4" aria-hidden /> Stop reading
            </>
          ) : (
            <>
              <Volume2 className="size-4" aria-hidden /> Read aloud
            </>
          )}
        </Button>
      )}
      <p className="min-w-0 text-ink-soft text-small leading-4.5">{wordsFor(hasFailed, browserVoice.isThere)}</p>
    </Line>
  );
}

function wordsFor(hasFailed: boolean, isThere: boolean): string {
  if (isThere)
    return hasFailed
      ? 'There is no voice this time. Your browser can read instead.'
      : 'With the voice of your browser.';
  return hasFailed ? 'There is no voice this time, so this one is for reading.' : 'This one is for reading.';
}

const Line = ({ children }: { readonly children: ReactNode }) => (
  <div className="flex h-14 items-center gap-3 border-line border-y print:hidden">{children}</div>
);
