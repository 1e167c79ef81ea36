import { randomUUID } from 'node:crypto';
import { Audit } from '#domain/audit/audit.ts';
import { auditCollection } from '#domain/audit/audit-records.ts';
import { generousSettings } from '#domain/settings/generous-settings.fixture.ts';
import { LocalBroadcast } from '#platform/broadcast/local-broadcast.ts';
import { type Clock, systemClock } from '#platform/clock.ts';
import { LocalQueue } from '#platform/queue/local-queue.ts';
import type { Store } from '#platform/store/store.ts';
import { type CollectedLine, collectingLogger } from '#tests/collecting-logger.ts';
import type { AccountPorts } from './account-ports.ts';
import { accountCollections, type PersonRecord } from './account-records.ts';
import { openAccounts } from './open-accounts.ts';

export interface TestAccounts {
  readonly accounts: AccountPorts;
  readonly queue: LocalQueue;
  readonly lines: readonly CollectedLine[];
  /** Puts somebody into the store, as whatever they shall be. */
  addPerson(person?: Partial<PersonRecord>): Promise<PersonRecord>;
  close(): Promise<void>;
}

/** Accounts on this store, the rest within the process. The store stays open. */
export async function testAccounts(store: Store, clock: Clock = systemClock): Promise<TestAccounts> {
  const { logger, lines } = collectingLogger();
  await store.prepare([...Object.values(accountCollections), auditCollection]);
  const broadcast = new LocalBroadcast({ logger });
  const queue = new LocalQueue({ clock, logger, random: () => 0 });
  const newId = () => randomUUID();
  const accounts = openAccounts(
    {
      store,
      broadcast,
      queue,
      clock,
      logger,
      newId,
      audit: new Audit({ store, clock, logger, newId }),
      runtime: { current: () => generousSettings },
    },
    {
      jwtSecrets: ['a-secret-of-tests-that-is-long-enough'],
      admin: { email: 'admin@lamplight.test' },
      registration: 'open',
      guests: true,
      sessionMs: 30 * 24 * 3_600_000,
      guestSessionMs: 3_600_000,
      publicUrl: 'https://lamplight.test',
    },
  );
  const addPerson = async (person: Partial<PersonRecord> = {}) => {
    const now = clock.now();
    const rest = { timeZone: 'UTC', disabled: false, deleted: false, createdAt: now, lastSeenAt: now };
    const record: PersonRecord = { _id: newId(), name: 'Ada', role: 'user', ...rest, ...person };
    await accounts.records.people.insert(record);
    return record;
  };
  const close = async () => {
    await queue.close();
    await broadcast.close();
  };
  return { accounts, queue, lines, addPerson, close };
}
