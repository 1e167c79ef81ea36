import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Story } from '#contract/stories.ts';
import { buttonClasses } from '../../ui/button.tsx';
import { useChat } from '../chat/chat-context.ts';
import { useMe } from '../chat/use-me.ts';
import { directionOf } from '../language/languages.ts';
import { nextOf } from '../schedules/timing-words.ts';
import { useSchedules } from '../schedules/use-schedules.ts';
import { Listen } from './listen.tsx';
import { passageText } from './passages.ts';
import { SmallCover } from './small-cover.tsx';
import { titleOf } from './story-state.ts';
import { useStoryVoice } from './use-story-voice.ts';

interface TonightProps {
  readonly story: Story | undefined;
  /** Asks for it once more: its voice may have another address by now. */
  readonly refetch: () => void;
}

/** The story of this evening, in the lamp's light, to be heard here; or when the next one comes. */
export const Tonight = ({ story, refetch }: TonightProps) =>
  story ? <Tonights key={story.id} story={story} refetch={refetch} /> : <NotYet />;

function Tonights({ story, refetch }: TonightProps & { readonly story: Story }) {
  const { t } = useTranslation('stories');
  const { socket } = useChat();
  const { id, summary, readerName, status, narration, language } = story;
  const { media, browserVoice, lit, onTime } = useStoryVoice(story, { socket, refetch });
  const isWriting = status === 'writing';
  return (
    <section
      aria-labelledby="tonight"
      className="flex flex-col gap-4 rounded-card border border-line bg-surface p-4 @xl:p-6"
    >
      <div className="flex flex-col gap-4 @xl:flex-row @xl:items-center @xl:gap-6">
        <SmallCover story={story} className="aspect-3/2 w-full rounded-card @xl:w-60" />
        <div className="flex min-w-0 flex-1 flex-col items-start gap-3">
          <p className="font-medium text-lamp-strong text-small">
            {readerName ? t('tonight.for', { reader: readerName }) : t('tonight.name')}
          </p>
          <h2 id="tonight" dir="auto" className="font-serif text-heading">
            {titleOf(story)}
          </h2>
          {summary && (
            // As high as three lines, whatever is being read: nothing moves for it.
            <p lang={language} dir={directionOf(language)} className="min-h-[4.125rem] w-full text-ink-soft">
              <span data-lit={lit !== undefined} className={`line-clamp-3 ${lit ? 'text-ink' : ''}`}>
                {lit ? passageText(story, lit) : summary}
              </span>
            </p>
          )}
          <Link to={`/stories/${id}`} className={buttonClasses('plain')}>
            {t(isWriting ? 'tonight.along' : 'tonight.read')}
          </Link>
        </div>
      </div>
      {!isWriting && <Listen isWriting={false} {...{ narration, media, browserVoice, onTime }} />}
    </section>
  );
}

function NotYet() {
  const { t } = useTranslation('stories');
  const { data: me } = useMe();
  const { data } = useSchedules(me !== undefined && me.role !== 'guest');
  const next = nextOf(data?.items ?? [], new Date());
  return (
    <section
      aria-label={t('tonight.name')}
      className="flex flex-col items-start gap-3 rounded-card border border-line bg-surface p-6"
    >
      <h2 className="font-serif text-heading">{t('tonight.notYet')}</h2>
      <p className="text-ink-soft">{next ?? t('tonight.how')}</p>
      {!next && (
        <Link to="/schedules" className={buttonClasses('plain')}>
          {t('tonight.schedule')}
        </Link>
      )}
    </section>
  );
}
