import { Pause, Play } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/button.tsx';
import type { SteadyMedia } from './use-steady-media.ts';

interface PlayerProps {
  readonly url: string;
  readonly media: Pick<SteadyMedia, 'round' | 'isBroken' | 'onBroken' | 'onLoaded'>;
  /** How long it is, as far as is known before it is loaded. */
  readonly seconds: number | undefined;
  readonly onTime: (seconds: number | undefined) => void;
}

/** The voice of a story, one line high. Whenever it is loaded again, it goes on where it was. */
export function Player({ url, media, seconds, onTime }: PlayerProps) {
  const { t } = useTranslation('stories');
  const { round, isBroken, onBroken, onLoaded } = media;
  const audio = useRef<HTMLAudioElement>(null);
  /** Also while it is broken: browsers pause what breaks, and it is to go on. */
  const [isPlaying, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(seconds ?? 0);
  const play = (element: HTMLAudioElement) => {
    // Refused by the browser, or paused before it began. That it is broken, its own event tells.
    element.play().catch(() => setPlaying(!element.paused || element.error !== null));
  };
  const load = (element: HTMLAudioElement) => {
    element.src = url;
    element.currentTime = at;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another address or another round loads it
  useEffect(() => {
    const element = audio.current;
    if (!element) return;
    load(element);
    if (isPlaying) play(element);
  }, [url, round]);
  const stop = () => {
    setPlaying(false);
    if (!audio.current?.paused) audio.current?.pause();
  };
  // What is given up does not begin to speak by itself, hours later.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(() => {
    if (isBroken) stop();
  }, [isBroken]);
  const moved = () => {
    const { currentTime = 0, paused = true } = audio.current ?? {};
    setAt(currentTime);
    onTime(paused && currentTime === 0 ? undefined : currentTime);
  };
  const toggle = () => {
    const element = audio.current;
    if (!element) return;
    if (isPlaying) return stop();
    if (element.error) load(element);
    play(element);
  };
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: the text beside it is what is said, and is lit as it is said */}
      <audio
        ref={audio}
        preload="metadata"
        onPlay={() => setPlaying(true)}
        onPause={({ currentTarget: { error } }) => {
          if (!error) setPlaying(false);
        }}
        onTimeUpdate={moved}
        onSeeked={moved}
        onEnded={() => {
          setPlaying(false);
          onTime(undefined);
        }}
        onLoadedMetadata={({ currentTarget: { duration } }) => {
          onLoaded();
          if (Number.isFinite(duration)) setLength(duration);
        }}
        onError={onBroken}
      />
      <IconButton label={t(isPlaying ? 'player.pause' : 'player.listen')} look="lamp" size="round" onClick={toggle}>
        {isPlaying ? (
          <Pause className="size-4.5" aria-hidden />
        ) : (
          <Play className="translate-x-px size-4.5" aria-hidden />
        )}
      </IconButton>
      <input
        type="range"
        // Time runs from left to right on players everywhere.
        dir="ltr"
        aria-label={t('player.place')}
        aria-valuetext={t('player.placeOf', { at: clock(at), length: clock(length) })}
        min={0}
        max={Math.max(1, Math.ceil(length))}
        step={1}
        value={Math.round(at)}
        onChange={(event) => {
          const to = Number(event.target.value);
          if (audio.current) audio.current.currentTime = to;
          setAt(to);
        }}
        className="h-10 min-w-0 flex-1 accent-lamp-strong"
      />
      <span dir="ltr" className="shrink-0 text-ink-soft text-small tabular-nums">
        {clock(at)} / {clock(length)}
      </span>
    </>
  );
}

/** Minutes and seconds, such as 3:07. */
const clock = (seconds: number): string => {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
};
