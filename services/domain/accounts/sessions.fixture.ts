import { v7 as uuidV7 } from 'uuid';
import { Audit } from '#domain/audit/audit.ts';
import { auditCollection } from '#domain/audit/audit-records.ts';
import { generousSettings } from '#domain/settings/generous-settings.fixture.ts';
import { LocalBroadcast } from '#platform/broadcast/local-broadcast.ts';
import type { AccountsConfig } from '#platform/config/config.ts';
import { LocalQueue } from '#platform/queue/local-queue.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import { type CollectedLine, collectingLogger } from '#tests/collecting-logger.ts';
import { Freezable, VirtualTime } from '#tests/protocol/virtual-time.ts';
import { type SignIn, signInGrant } from '#tests/servers/sign-in.ts';
import type { AccountPorts } from './account-ports.ts';
import { accountCollections } from './account-records.ts';
import { openAccounts } from './open-accounts.ts';
import type { Grant } from './sessions.ts';

const hour = 3_600_000;
export const someSecret = 'a-secret-of-tests-that-is-long-enough';

/** Accounts of several processes over one store and one broadcast, with time that passes when told to. */
export interface TestProcesses {
  readonly time: VirtualTime;
  readonly store: Store;
  readonly broadcast: LocalBroadcast;
  readonly lines: readonly CollectedLine[];
  /** As one of several processes has them. */
  open(settings?: Partial<AccountsConfig>): AccountPorts;
  /** A new person, signed in: a guest where nothing else is said. */
  signIn(accounts: AccountPorts, options?: SignIn): Promise<Grant>;
  close(): Promise<void>;
}

export async function createTestProcesses(): Promise<TestProcesses> {
  const time = new VirtualTime();
  const { logger, lines } = collectingLogger();
  const store = await openSqliteStore({ file: ':memory:', logger });
  await store.prepare([...Object.values(accountCollections), auditCollection]);
  const broadcast = new LocalBroadcast({ logger });
  const newId = () => uuidV7();
  const open = (settings: Partial<AccountsConfig> = {}) => {
    const clock = new Freezable(time).clock(0);
    const audit = new Audit({ store, clock, logger, newId });
    const queue = new LocalQueue({ logger, clock, random: Math.random });
    return openAccounts(
      { store, broadcast, queue, clock, logger, newId, audit, runtime: { current: () => generousSettings } },
      {
        jwtSecrets: [someSecret],
        admin: { email: 'admin@example.org' },
        registration: 'open',
        guests: true,
        sessionMs: 30 * 24 * hour,
        guestSessionMs: 2 * hour,
        publicUrl: 'https://chat.example.org',
        ...settings,
      },
    );
  };
  const close = async () => {
    await broadcast.close();
    await store.close();
  };
  return { time, store, broadcast, lines, open, signIn: signInGrant, close };
}
