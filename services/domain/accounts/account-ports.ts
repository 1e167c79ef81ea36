import type { Audit } from '#domain/audit/audit.ts';
import type { CurrentSettings } from '#domain/settings/runtime-settings.ts';
import type { Broadcast } from '#platform/broadcast/broadcast.ts';
import type { Clock } from '#platform/clock.ts';
import type { AccountsConfig } from '#platform/config/config.ts';
import type { Queue } from '#platform/queue/queue.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { AccountRecords } from './account-records.ts';
import type { ApiKeys } from './api-keys.ts';
import type { Passwords } from './passwords.ts';
import type { Sessions } from './sessions.ts';
import type { SigningKeys } from './signing-keys.ts';

/** What accounts run on: handed to each of their functions. */
export interface AccountPorts {
  readonly records: AccountRecords;
  readonly sessions: Sessions;
  readonly apiKeys: ApiKeys;
  readonly keys: SigningKeys;
  readonly passwords: Passwords;
  readonly broadcast: Broadcast;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Unique and ordered by time (UUID version 7). */
  readonly newId: () => string;
  readonly queue: Queue;
  readonly audit: Audit;
  /** What administrators change while everything runs. */
  readonly runtime: CurrentSettings;
  readonly settings: AccountSettings;
}

export interface AccountSettings extends AccountsConfig {
  /** Where links in mails lead; no slash at the end. */
  readonly publicUrl: string;
}
