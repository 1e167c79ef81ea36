import './story.css';
import { Info } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OpenedStory } from '#contract/stories.ts';
import { directionOf } from '../language/languages.ts';
import { Cover } from './cover.tsx';
import { Listen } from './listen.tsx';
import { LitLine, LitParagraphs } from './lit-text.tsx';
import { TypeSizeChoice } from './type-size-choice.tsx';
import type { MediaSource } from './use-steady-media.ts';
import { useStoryVoice } from './use-story-voice.ts';
import { useTypeSize } from './use-type-size.ts';

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
  const { t, i18n } = useTranslation('stories');
  const { title, parts, language, readerName, narration, moral } = story;
  const { media, browserVoice, passages, lit, onTime } = useStoryVoice(story, source);
  const { size, choose } = useTypeSize();
  /** The story's own, whatever the page around it speaks. */
  const own = { lang: language, dir: directionOf(language) };
  return (
    <article
      aria-label={title ?? t('name')}
      aria-busy={writing !== undefined}
      data-connection={writing?.isLost ? 'lost' : 'live'}
      data-size={size}
      className="story mx-auto flex w-full flex-col gap-6 px-4 pb-16"
    >
      <Cover picture={story.picture} source={source} isOver={isOver} />
      <div className="story-head flex flex-col gap-2" {...own}>
        <h1 className="min-h-10 font-serif text-display tracking-[-0.01em]">
          {title ? <LitLine text={title} part={-1} lit={lit} /> : <Untitled isWriting={writing !== undefined} />}
        </h1>
        {readerName && (
          <p className="text-ink-soft">
            <bdi lang={i18n.language}>{t('reading.for', { reader: readerName })}</bdi>
          </p>
        )}
      </div>
      <div className="-mx-2.5 -my-3 flex flex-wrap items-center justify-between print:hidden">
        {actions && <div className="flex flex-wrap items-center">{actions}</div>}
        {!isOver && <TypeSizeChoice size={size} onSize={choose} />}
      </div>
      {!isOver && <Listen isWriting={writing !== undefined} {...{ narration, media, browserVoice, onTime }} />}
      <div {...own} className="contents">
        <div className="story-text">
          {parts.map((text, part) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a part keeps its place
            <LitParagraphs key={part} {...{ text, part, passages, lit }} />
          ))}
          {writing && title && <Wait />}
          {moral && <p className="story-moral text-ink-soft italic">{moral}</p>}
        </div>
      </div>
      {writing?.isLost && <p className="text-ink-soft text-small">{t('reading.reconnecting')}</p>}
      <footer className="flex flex-col gap-2 text-ink-soft text-small print:hidden">
        {story.moderation === 'none' && parts.length > 0 && <Unmoderated />}
        {children}
      </footer>
    </article>
  );
}

/** In the place of a title, in the page's own words. */
function Untitled({ isWriting }: { readonly isWriting: boolean }) {
  const { t, i18n } = useTranslation('stories');
  return (
    <>
      {isWriting && <Wait />}
      <bdi lang={i18n.language} className={isWriting ? 'sr-only' : ''}>
        {t(isWriting ? 'untitled.writing' : 'untitled.untold')}
      </bdi>
    </>
  );
}

/** Where the next words will stand. */
const Wait = () => (
  <span aria-hidden>
    <span className="caret" />
  </span>
);

function Unmoderated() {
  const { t } = useTranslation('stories');
  return (
    <p className="flex gap-2">
      <Info className="mt-0.5 size-3.5 shrink-0" aria-hidden />
      {t('reading.unmoderated')}
    </p>
  );
}
