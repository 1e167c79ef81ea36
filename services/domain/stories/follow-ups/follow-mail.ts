import { buffer } from 'node:stream/consumers';
import { type Language, languages } from '#contract/accounts.ts';
import { rasterise } from '#platform/images/rasterise.ts';
import type { InlinePicture, MailMessage } from '#platform/mail/mail.ts';
import { type Addressee, apologyLetter, storyLetter } from '../mails/story-letter.ts';
import { unsubscribeToken, unsubscribeUrls } from '../mails/unsubscribe.ts';
import { firstLinkVersion, storyLinkUrl } from '../story-links.ts';
import type { StoryPorts } from '../story-ports.ts';
import type { StoryRecord, ToldStory } from '../story-records.ts';
import type { Ended } from './end-follow-up.ts';
import { wantsMail } from './first-follow-ups.ts';

/** Bytes: mail servers refuse large mails, and encoding adds a third. */
const largestPicture = 4_000_000;
const pictureName = 'picture';

/**
 * Sends a story to its owner, or an apology where there is none. The mail's id is made from the story's: each copy of it, should its
 * process end between the server's answer and the store's, has the same Message-ID.
 */
export async function followMail(
  ports: StoryPorts,
  story: StoryRecord,
  signal: AbortSignal,
): Promise<Ended | undefined> {
  const { accounts, mail, settings } = ports;
  // A mail of an account hands a link on from there, too; stories of every evening would only fill it.
  if (mail.kind === 'passing') return { state: 'skipped' };
  const person = await accounts.records.people.get(story.ownerId);
  if (!wantsMail(person)) return { state: 'skipped' };
  const urls = unsubscribeUrls(settings.publicUrl, unsubscribeToken(accounts.keys, person._id));
  const to = { language: person.language ?? inItsOwn(story), timeZone: person.timeZone, stopUrl: urls.page };
  const content = story.told ? await withStory(ports, to, story, story.told) : await apology(ports, to, story);
  if (!(await isOurs(ports, story))) return undefined;
  // Whoever gets both, an apology first and the story then, has to see both.
  const id = `${story.told ? 'story' : 'apology'}-${story._id}`;
  const message = { id, to: person.email, listUnsubscribe: urls.oneClick, ...content };
  await mail.send(message, signal);
  return { state: 'ready' };
}

/** Looked at last: a process that stood still meanwhile must not send what another has sent. */
async function isOurs({ stories, chat }: StoryPorts, { _id, followUps }: StoryRecord): Promise<boolean> {
  const now = await stories.stories.get(_id, ['followUps', 'deleted', 'expiresAt']);
  if (!now || now.deleted || now.expiresAt <= chat.clock.now()) return false;
  return now.followUps?.mail.state === 'pending' && now.followUps.mail.tries === followUps?.mail.tries;
}

/** For whoever has set no language: that of the story, where mails are in it. */
const inItsOwn = (story: Pick<StoryRecord, 'language'>): Language =>
  languages.find((language) => language === story.language) ?? 'en';

type Content = Omit<MailMessage, 'id' | 'to' | 'listUnsubscribe'>;

async function withStory(ports: StoryPorts, to: Addressee, story: StoryRecord, told: ToldStory): Promise<Content> {
  const picture = await pictureOf(ports, story);
  const url = await linkOf(ports, story);
  const letter = storyLetter(to, { story, told, url, ...(picture && { pictureName }) });
  return { ...letter, ...(picture && { pictures: [picture] }) };
}

async function apology(ports: StoryPorts, to: Addressee, story: StoryRecord): Promise<Content> {
  const { schedules, settings, chat } = ports;
  const schedule = story.scheduleId === undefined ? undefined : await schedules.get(story.scheduleId, ['nextAt']);
  const { storiesPerDay } = chat.runtime.current();
  return apologyLetter(to, { story, url: `${settings.publicUrl}/stories`, nextAt: schedule?.nextAt, storiesPerDay });
}

/** Its link opens the story to whoever has the mail; where the owner has withdrawn that already, to the owner alone. */
async function linkOf(ports: StoryPorts, { _id }: StoryRecord): Promise<string> {
  const condition = { deleted: false, linkVersion: firstLinkVersion };
  const shared = await ports.stories.stories.update(_id, { set: { shared: true } }, condition, ['linkVersion']);
  return shared ? storyLinkUrl(ports, shared) : `${ports.settings.publicUrl}/stories/${_id}`;
}

/** A mail is of use without its picture: what is wrong with it is logged, and the mail goes without. */
async function pictureOf({ blobs, chat }: StoryPorts, story: StoryRecord): Promise<InlinePicture | undefined> {
  try {
    const info = story.picture && (await blobs.info(story.picture.blobId));
    if (!info || info.size > largestPicture) return undefined;
    const stream = await blobs.read(info.id);
    return stream && (await asInline(info.mediaType, await buffer(stream)));
  } catch (error) {
    chat.logger.warn('A story goes by mail without its picture.', {
      'event.action': 'follow_up',
      'lamplight.story.id': story._id,
      error,
    });
    return undefined;
  }
}

/** Mail programs show no SVG. */
async function asInline(mediaType: string, bytes: Buffer): Promise<InlinePicture | undefined> {
  if (mediaType === 'image/svg+xml')
    return { name: pictureName, mediaType: 'image/png', bytes: await rasterise(bytes.toString()) };
  if (mediaType === 'image/png' || mediaType === 'image/jpeg' || mediaType === 'image/webp')
    return { name: pictureName, mediaType, bytes };
  return undefined;
}
