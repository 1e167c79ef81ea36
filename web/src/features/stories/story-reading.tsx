import './story.css';
import { Info } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { OpenedStory } from '#contract/stories.ts';
import { Cover } from './cover.tsx';
import { Listen } from './listen.tsx';
import { LitLine, LitParagraphs } from './lit-text.tsx';
import { cueAt } from './passages.ts';
import { useBrowserVoice } from './use-browser-voice.ts';
import { type MediaSource, useSteadyMedia } from './use-steady-media.ts';

interface StoryReadingProps {
  readonly story: OpenedStory;
  /** What its picture and its voice fall back on. */
  readonly source?: MediaSource;
  /** It is still written: how, and whether the connection that brings it is there. */
  readonly writing?: { readonly isLost: boolean } | undefined;
  /** It ended before it was told. */
  readonly isOver?: boolean;
  /** What can be done with it, below its head. */
  readonly actions?: ReactNode;
  /** What is to be said about it, below its text. */
  readonly children?: ReactNode;
}

/** A story as it is read and heard, by whoever it belongs to and by whoever has its link. */
export function StoryReading({ story, source = {}, writing, isOver = false, actions, children }: StoryReadingProps) {
  const { title, parts, language, readerName, narration, moral } = story;
  const [seconds, setSeconds] = useState<number>();
  const voice = useSteadyMedia(narration, source);
  const hasNarration = voice.address !== undefined && !voice.isBroken;
  const browserVoice = useBrowserVoice({ title, parts, language, isReplaced: hasNarration });
  const cues = narration.cues ?? [];
  const lit = hasNarration ? seconds !== undefined && cueAt(cues, seconds) : browserVoice.lit;
  const passages = hasNarration ? cues : browserVoice.passages;
  const shared = { passages, lit: lit || undefined };
  return (
    <article
      aria-label={title ?? 'Story'}
      aria-busy={writing !== undefined}
      data-connection={writing?.isLost ? 'lost' : 'live'}
      className="story mx-auto flex w-full max-w-[40rem] flex-col gap-6 px-4 pb-16"
    >
      <Cover picture={story.picture} source={source} isOver={isOver} />
      <div className="story-head flex flex-col gap-2" lang={language} dir="auto">
        <h1 className="min-h-10 font-serif text-display tracking-[-0.01em]">
          {title ? <LitLine text={title} part={-1} lit={shared.lit} /> : writing && <Wait />}
        </h1>
        {readerName && <p className="text-ink-soft">{`For ${readerName}`}</p>}
      </div>
      {actions && <div className="-mx-2.5 -my-3 flex flex-wrap items-center print:hidden">{actions}</div>}
      {!isOver && (
        <Listen
          isWriting={writing !== undefined}
          narration={narration}
          media={voice}
          browserVoice={browserVoice}
          onTime={setSeconds}
        />
      )}
      <div lang={language} dir={directionOf(language)} className="contents">
        <div className="story-text">
          {parts.map((text, part) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a part keeps its place
            <LitParagraphs key={part} text={text} part={part} {...shared} />
          ))}
          {writing && title && <Wait />}
          {moral && <p className="story-moral text-ink-soft italic">{moral}</p>}
        </div>
      </div>
      {writing?.isLost && <p className="text-ink-soft text-small">Reconnecting — nothing is lost</p>}
      <footer className="flex flex-col gap-2 text-ink-soft text-small print:hidden">
        {story.moderation === 'none' && parts.length > 0 && <Unmoderated />}
        {children}
      </footer>
    </article>
  );
}

const directionOf = (language: string): 'rtl' | 'ltr' => (language === 'ar' ? 'rtl' : 'ltr');

/** Where the next words will stand. */
const Wait = () => (
  <span aria-hidden>
    <span className="caret" />
  </span>
);

const Unmoderated = () => (
  <p className="flex gap-2">
    <Info className="mt-0.5 size-3.5 shrink-0" aria-hidden />
    No moderation is active with the demo model: read the story yourself before you read it to a child.
  </p>
);
