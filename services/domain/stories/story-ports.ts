import type { AccountPorts } from '#domain/accounts/account-ports.ts';
import type { ChatPorts } from '#domain/chat/chat-ports.ts';
import type { LibraryRecords } from '#domain/library/library-records.ts';
import type { RateLimit } from '#domain/limits/rate-limit.ts';
import type { ScheduleRecord } from '#domain/schedules/schedule-records.ts';
import type { Blobs } from '#platform/blobs/blobs.ts';
import type { StoriesConfig } from '#platform/config/config.ts';
import type { Images } from '#platform/images/images.ts';
import type { Mail } from '#platform/mail/mail.ts';
import type { Moderation } from '#platform/moderation/moderation.ts';
import type { Speech } from '#platform/speech/speech.ts';
import type { Collection } from '#platform/store/store.ts';
import type { StoryRecords } from './story-records.ts';

/** What stories, their schedules and the library run on: handed to each of their functions. */
export interface StoryPorts {
  /** Runs, models, queue, budgets, clock, logs and metrics are the same as chat's. */
  readonly chat: ChatPorts;
  readonly accounts: Pick<AccountPorts, 'records' | 'keys' | 'audit'>;
  readonly stories: StoryRecords;
  readonly library: LibraryRecords;
  readonly schedules: Collection<ScheduleRecord>;
  readonly blobs: Blobs;
  readonly speech: Speech;
  readonly images: Images;
  readonly moderation: Moderation;
  readonly mail: Mail;
  /** Stories asked for, by person and day. */
  readonly storyLimit: RateLimit;
  readonly settings: StorySettings;
}

interface StorySettings extends StoriesConfig {
  /** Where links lead; no slash at the end. */
  readonly publicUrl: string;
}
