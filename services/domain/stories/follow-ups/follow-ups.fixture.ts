import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FollowUpName, followUpNames } from '#contract/stories.ts';
import type { PersonRecord } from '#domain/accounts/account-records.ts';
import { testAccounts } from '#domain/accounts/accounts.fixture.ts';
import { openChatRecords } from '#domain/chat/chat-records.ts';
import { libraryCollections, openLibraryRecords } from '#domain/library/library-records.ts';
import { openTestLimits } from '#domain/limits/rate-limits.fixture.ts';
import { openScheduleRecords, scheduleCollection } from '#domain/schedules/schedule-records.ts';
import { generousSettings } from '#domain/settings/generous-settings.fixture.ts';
import { budgetCollection, openBudgetRecords } from '#domain/usage/budget-records.ts';
import { Budgets } from '#domain/usage/budgets.ts';
import { openUsageRecords } from '#domain/usage/usage-records.ts';
import { FolderBlobs } from '#platform/blobs/folder-blobs.ts';
import { LocalBroadcast } from '#platform/broadcast/local-broadcast.ts';
import type { ImageRequest, Images, Picture } from '#platform/images/images.ts';
import type { Mail, MailMessage } from '#platform/mail/mail.ts';
import { NoModeration } from '#platform/moderation/no-moderation.ts';
import { LocalQueue } from '#platform/queue/local-queue.ts';
import type { Consumer } from '#platform/queue/queue.ts';
import { LocalRunLog } from '#platform/run-log/local-run-log.ts';
import type { Sound, Speech, SpeechRequest } from '#platform/speech/speech.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { ScriptedModels } from '#tests/protocol/scripted-models.ts';
import { Freezable, settle, VirtualTime } from '#tests/protocol/virtual-time.ts';
import { openStories } from '../story-kind.ts';
import type { StoryPorts } from '../story-ports.ts';
import { openStoryRecords, type StoryRecord, storyCollections } from '../story-records.ts';
import { followUpQueues } from '../story-topics.ts';
import { doFollowUp } from './do-follow-up.ts';
import { follows } from './follow-ups.ts';
import { FollowUpSweep } from './sweep-follow-ups.ts';

/** Hums instead of speaking. */
class Hum implements Speech {
  readonly kind = 'espeak';
  readonly maxCharacters = 500;
  said: string[] = [];
  /** Called before each stretch. */
  before: (request: SpeechRequest) => void | Promise<void> = () => {};
  async speak(request: SpeechRequest): Promise<Sound> {
    await this.before(request);
    request.signal.throwIfAborted();
    this.said.push(request.text);
    return { samples: Int16Array.from({ length: 4_800 }, (_, n) => 8_000 * Math.sin(n / 8)), sampleRate: 24_000 };
  }
}

/** A PNG of one dot, for whatever is asked. */
export const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
class Dots implements Images {
  readonly kind = 'provider';
  readonly asked: ImageRequest[] = [];
  before: (request: ImageRequest) => void | Promise<void> = () => {};
  async make(request: ImageRequest): Promise<Picture> {
    await this.before(request);
    this.asked.push(request);
    return { bytes: dot, mediaType: 'image/png' };
  }
}

/** Keeps what is sent. */
class KeptMail implements Mail {
  kind: Mail['kind'] = 'smtp';
  readonly sent: MailMessage[] = [];
  /** Called before each mail is taken. */
  before: (message: MailMessage, signal?: AbortSignal) => void | Promise<void> = () => {};
  async send(message: MailMessage, signal?: AbortSignal): Promise<void> {
    await this.before(message, signal);
    signal?.throwIfAborted();
    this.sent.push(message);
  }
  async close(): Promise<void> {}
}

/** One process: what it does goes through `through`, where it may be stopped. */
export interface TestProcess {
  readonly ports: StoryPorts;
  readonly queue: LocalQueue;
  readonly sweep: FollowUpSweep;
  /** Takes the jobs of what follows stories. */
  work(names?: readonly FollowUpName[]): Consumer[];
}

export type Through = <T extends object>(port: T, name: string) => T;

/** A store, blobs, a person with an address, and as many processes as a test wants. */
export interface FollowUpWorld {
  readonly time: VirtualTime;
  readonly store: Store;
  readonly speech: Hum;
  readonly images: Dots;
  readonly mail: KeptMail;
  readonly blobs: FolderBlobs;
  readonly person: PersonRecord;
  readonly lines: ReturnType<typeof collectingLogger>['lines'];
  process(through?: Through, more?: Partial<StoryPorts>): TestProcess;
  /** A story that was just told, whose mail is wanted. */
  addStory(story?: Partial<StoryRecord>): Promise<StoryRecord>;
  /** Lets time go by until this is so. */
  until<T>(condition: () => T | Promise<T>, what?: string): Promise<NonNullable<T>>;
  close(): Promise<void>;
}

export async function openFollowUpWorld(): Promise<FollowUpWorld> {
  const time = new VirtualTime();
  const clock = new Freezable(time).clock(0);
  const { logger, lines } = collectingLogger();
  const store = await openSqliteStore({ file: ':memory:', logger });
  await store.prepare([
    ...Object.values(storyCollections),
    ...Object.values(libraryCollections),
    scheduleCollection,
    budgetCollection,
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'lamplight-follow-ups-'));
  const blobs = new FolderBlobs({ folder, clock, logger });
  await blobs.open();
  const app = await testAccounts(store, clock);
  const person = await app.addPerson({ email: 'ada@example.org', timeZone: 'Europe/Berlin' });
  const metrics = createMetrics({ service: 'test', version: '0' });
  const [speech, images, mail] = [new Hum(), new Dots(), new KeptMail()];
  const broadcast = new LocalBroadcast({ logger });
  let ids = 0;

  const process = (through: Through = (port) => port, more: Partial<StoryPorts> = {}): TestProcess => {
    const queue = new LocalQueue({ clock, logger, random: () => 0 });
    const runtime = { current: () => generousSettings };
    const records = openStoryRecords(store);
    const ports = openStories(
      {
        records: openChatRecords(store),
        queue: through(queue, 'queue'),
        runLog: new LocalRunLog({ clock, logger }),
        broadcast: through(broadcast, 'broadcast'),
        models: new ScriptedModels(),
        budgets: new Budgets({ records: openBudgetRecords(store), runtime, clock, logger, metrics }),
        usage: openUsageRecords(store),
        messageLimit: openTestLimits().rates.messages,
        clock,
        logger,
        metrics,
        newId: () => `id-${ids++}`,
        runtime,
        settings: { systemText: '', contextMessages: 10, maxRunMs: 600_000, maxOutputLength: 9, maxReplyTokens: 1_000 },
      },
      {
        accounts: {
          ...app.accounts,
          records: { ...app.accounts.records, people: through(app.accounts.records.people, 'people') },
        },
        stories: { ...records, stories: through(records.stories, 'stories') },
        library: openLibraryRecords(store),
        schedules: openScheduleRecords(store),
        blobs: through(blobs, 'blobs'),
        speech,
        images,
        moderation: new NoModeration(),
        mail: through(mail, 'mail'),
        storyLimit: openTestLimits().rates.stories,
        settings: {
          ttlMs: 48 * 3_600_000,
          favourites: 50,
          concurrency: 10,
          libraryDir: '',
          publicUrl: 'https://lamplight.test',
        },
        ...more,
      },
    );
    const work = (names: readonly FollowUpName[] = followUpNames) =>
      names.map((name) =>
        queue.consume(followUpQueues[name], { concurrency: 2 }, (job, signal) =>
          doFollowUp(ports, name, follows[name], job, signal),
        ),
      );
    return { ports, queue, sweep: new FollowUpSweep(ports), work };
  };

  const addStory = async (story: Partial<StoryRecord> = {}) => {
    const record = { ...storyOf(person, clock.now()), ...story };
    await openStoryRecords(store).stories.insert(record);
    return record;
  };

  const until: FollowUpWorld['until'] = async (condition, what = 'a condition') => {
    const end = performance.now() + 10_000;
    while (performance.now() < end) {
      const value = await condition();
      if (value) return value;
      // What reads and writes files takes real time.
      await settle();
      await time.advance(200);
    }
    throw new Error(`Gave up waiting for ${what}.`);
  };
  const close = async () => {
    await app.close();
    await store.close();
    metrics.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { time, store, speech, images, mail, blobs, person, lines, process, addStory, until, close };
}

const storyOf = (person: PersonRecord, at: number): StoryRecord => {
  const pending = { state: 'pending', tries: 0, at } as const;
  return {
    _id: 'story-1',
    ownerId: person._id,
    runId: 'run-1',
    status: 'ready',
    scheduleId: 'schedule-1',
    scheduledFor: Date.UTC(2026, 10, 21, 18, 15),
    language: 'en',
    readerName: 'Mila',
    characters: ['Nut the fox'],
    scenes: ['The wood behind the mill'],
    told: {
      title: 'Nut and the lantern',
      summary: 'A fox finds a lantern.',
      parts: ['Nut was a small fox. One evening he found a lantern.', 'He brought it home. All slept well.'],
      moral: 'Light is for sharing.',
      pictureAlt: 'A fox with a lantern',
      picturePrompt: 'A small fox with a lantern in a wood',
      moderation: 'none',
    },
    followUps: { narration: pending, picture: pending, mail: pending, notice: pending },
    following: true,
    linkVersion: 1,
    shared: false,
    expiresAt: at + 48 * 3_600_000,
    deleted: false,
    traceId: '0123456789abcdef0123456789abcdef',
    createdAt: at,
    endedAt: at,
  };
};
