import { Pause, Play } from 'lucide-react';
import { useRef, useState } from 'react';
import { IconButton } from '../../ui/button.tsx';

interface PlayerProps {
  readonly url: string;
  /** How long it is, as far as is known before it is loaded. */
  readonly seconds: number | undefined;
  readonly onTime: (seconds: number | undefined) => void;
  /** The voice cannot be loaded or played. */
  readonly onBroken: () => void;
}

/** The voice of a story, one line high. */
export function Player({ url, seconds, onTime, onBroken }: PlayerProps) {
  const audio = useRef<HTMLAudioElement>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(seconds ?? 0);
  const moved = () => {
    const { currentTime = 0, paused = true } = audio.current ?? {};
    setAt(currentTime);
    onTime(paused && currentTime === 0 ? undefined : currentTime);
  };
  const toggle = () => {
    const element = audio.current;
    if (!element) return;
    if (!element.paused) return element.pause();
    // Refused where the voice is broken (told by its own event) or where a pause came first, which is no fault.
    void element.play().catch((error: unknown) => {
      if (!(error instanceof DOMException && error.name === 'AbortError')) onBroken();
    });
  };
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: the text beside it is what is said, and is lit as it is said */}
      <audio
        ref={audio}
        src={url}
        preload="metadata"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onTimeUpdate={moved}
        onSeeked={moved}
        onEnded={() => {
          setPlaying(false);
          onTime(undefined);
        }}
        onLoadedMetadata={({ currentTarget: { duration } }) => {
          if (Number.isFinite(duration)) setLength(duration);
        }}
        onError={onBroken}
      />
      <IconButton label={isPlaying ? 'Pause' : 'Listen'} look="lamp" size="round" onClick={toggle}>
        {isPlaying ? <Pause className="size-4.5" aria-hidden /> : <Play className="ml-0.5 size-4.5" aria-hidden />}
      </IconButton>
      <input
        type="range"
        aria-label="Place in the story"
        aria-valuetext={`${clock(at)} of ${clock(length)}`}
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
      <span className="shrink-0 text-ink-soft text-small tabular-nums">
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
