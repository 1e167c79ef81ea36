import type { Audit } from '#domain/audit/audit.ts';
import type { CurrentSettings } from '#domain/settings/runtime-settings.ts';
import type { Broadcast } from '#platform/broadcast/broadcast.ts';
import type { Clock } from '#platform/clock.ts';
import type { Queue } from '#platform/queue/queue.ts';
import type { Store } from '#platform/store/store.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { AccountPorts, AccountSettings } from './account-ports.ts';
import { openAccountRecords } from './account-records.ts';
import { ApiKeys } from './api-keys.ts';
import { KnownPeople } from './known-people.ts';
import { Passwords } from './passwords.ts';
import { Sessions } from './sessions.ts';
import { SigningKeys } from './signing-keys.ts';

export interface AccountAdapters {
  readonly store: Store;
  readonly broadcast: Broadcast;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly newId: () => string;
  readonly audit: Audit;
  readonly runtime: CurrentSettings;
}

/** Accounts on these adapters. `settings.jwtSecrets` holds one at least. */
export function openAccounts(
  { store, broadcast, queue, clock, logger, newId, audit, runtime }: AccountAdapters,
  settings: AccountSettings,
): AccountPorts {
  const shared = { broadcast, clock, logger, newId };
  const records = openAccountRecords(store);
  const keys = new SigningKeys(settings.jwtSecrets);
  const passwords = new Passwords();
  const apiKeys = new ApiKeys({ ...shared, apiKeys: records.apiKeys });
  const people = new KnownPeople({ ...shared, people: records.people });
  const sessions = new Sessions({ ...shared, records, people, apiKeys, keys, audit, settings });
  return { ...shared, records, sessions, apiKeys, keys, passwords, audit, runtime, queue, settings };
}
