import type { Language } from '#contract/accounts.ts';
import { type Letter, letter, type Paragraph } from '#domain/letters/letter.ts';
import { never, type StoryRecord, type ToldStory } from '../story-records.ts';
import { firstLines } from './first-lines.ts';
import { storyWords } from './words.ts';

/** To whom a letter goes: what it is written in, and whose days it counts. */
export interface Addressee {
  readonly language: Language;
  readonly timeZone: string;
  /** Where the mails are ended; asks before it does. */
  readonly stopUrl: string;
}

interface StoryLetter {
  readonly story: Pick<
    StoryRecord,
    'language' | 'readerName' | 'scheduledFor' | 'createdAt' | 'expiresAt' | 'followUps'
  >;
  readonly told: Pick<ToldStory, 'title' | 'parts' | 'pictureAlt'>;
  /** Opens the story. */
  readonly url: string;
  /** Of the mail's; absent where there is none. */
  readonly pictureName?: string;
}

/** A story by mail: its picture, how it begins, and where the rest is. In the addressee's language, around a story in its own. */
export function storyLetter(to: Addressee, { story, told, url, pictureName }: StoryLetter): Letter {
  const words = storyWords[to.language];
  const at = story.scheduledFor ?? story.createdAt;
  const inStorysOwn = (text: string): Paragraph => ({ text, language: story.language });
  const narration = story.followUps?.narration.state;
  const silent = narration === 'skipped' || narration === 'failed';
  return letter({
    subject: words.subject({ name: story.readerName, title: told.title, evening: isEvening(at, to.timeZone) }),
    language: to.language,
    title: inStorysOwn(told.title),
    ...(pictureName !== undefined && { picture: { name: pictureName, alt: told.pictureAlt } }),
    before: [words.dayFor(dayOf(at, to), story.readerName), ...firstLines(told, story.language).map(inStorysOwn)],
    link: { label: words.read, url },
    after: [
      silent ? words.listenByBrowser : words.listen,
      ...(story.expiresAt === never ? [] : [words.until(momentOf(story.expiresAt, to))]),
    ],
    ending: { says: words.why, label: words.stop, url: to.stopUrl },
  });
}

/** In the place of a story that a schedule's owner waits for. */
export function apologyLetter(
  to: Addressee,
  {
    story,
    storiesPerDay,
    url,
    nextAt,
  }: {
    readonly story: Pick<StoryRecord, 'readerName' | 'error'>;
    /** As many as a person has at present: the limit that a refused story met. */
    readonly storiesPerDay: number;
    readonly url: string;
    /** When the schedule comes again, where it does. */
    readonly nextAt?: number | undefined;
  },
): Letter {
  const { why, stop, sorry } = storyWords[to.language];
  return letter({
    subject: sorry.subject(story.readerName),
    language: to.language,
    before: [
      reasonOf(story, storiesPerDay, sorry),
      ...(nextAt === undefined ? [] : [sorry.next(momentOf(nextAt, to))]),
    ],
    link: { label: sorry.open, url },
    after: [],
    ending: { says: why, label: stop, url: to.stopUrl },
  });
}

function reasonOf(
  { error }: Pick<StoryRecord, 'error'>,
  storiesPerDay: number,
  sorry: (typeof storyWords)['en']['sorry'],
): string {
  if (error?.code === 'budget_spent') return sorry.budget;
  if (error?.code !== 'rate_limited') return sorry.other;
  return storiesPerDay === 0 ? sorry.none : sorry.limit;
}

/** The Gregorian calendar and Western digits in every language: what schedules are set in. */
const localeOf = (language: Language): string => `${language === 'en' ? 'en-GB' : language}-u-ca-gregory-nu-latn`;

const dayOf = (at: number, { language, timeZone }: Addressee): string =>
  new Intl.DateTimeFormat(localeOf(language), { weekday: 'long', day: 'numeric', month: 'long', timeZone }).format(at);

const momentOf = (at: number, { language, timeZone }: Addressee): string =>
  new Intl.DateTimeFormat(localeOf(language), {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  }).format(at);

/** From the afternoon until the small hours. */
function isEvening(at: number, timeZone: string): boolean {
  const hour = Number(new Intl.DateTimeFormat('en', { hour: 'numeric', hourCycle: 'h23', timeZone }).format(at));
  return hour >= 15 || hour < 4;
}
