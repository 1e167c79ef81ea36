import type { Clock } from '#platform/clock.ts';
import { isAppError } from '#platform/errors.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import {
  type Checkpoint,
  checkMigrations,
  type Migration,
  type MigrationState,
  migrationStates,
  pendingAfter,
  requireInOrder,
  stateId,
} from './migration-state.ts';
import type { Change, Collection, Store } from './store.ts';

const leaseMs = 10_000;
const renewEveryMs = 1_000;
/** An expired lease is taken only after it stood unchanged this long before our own eyes: clocks differ between machines. */
const watchMs = 5_000;
const lookEveryMs = 250;

export interface MigrationOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Names this process; a process of the same name takes its own lock up again at once. */
  readonly owner: string;
  /** Nobody else uses the store: no release has to be stepped through on the way. */
  readonly allStopped?: boolean;
}

/** Those that the store has not had yet, in order. Throws where a newer release has taken away what this one needs. */
export async function pendingMigrations(store: Store, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  checkMigrations(migrations);
  await store.prepare([migrationStates]);
  return pendingAfter(await store.collection(migrationStates).get(stateId), migrations);
}

/** Brings the store up to date, one process at a time; the others wait until it is. */
export async function runMigrations(
  store: Store,
  migrations: readonly Migration[],
  options: MigrationOptions,
): Promise<void> {
  const pending = await pendingMigrations(store, migrations);
  const states = store.collection(migrationStates);
  const found = await states.get(stateId);
  if (!options.allStopped) requireInOrder(found, pending);
  if (!found) await states.insertMissing([{ _id: stateId, number: 0, done: [], term: 0 }]);
  if (pending.length === 0) return markServed(states, migrations.length);
  const state = await takeLock(states, migrations, options);
  if (!state) return;
  const lock = new MigrationLock(states, state.term, options);
  try {
    let { checkpoint } = state;
    for (const migration of pendingAfter(state, migrations)) {
      await runOne(store, migration, checkpoint, lock, options);
      checkpoint = undefined;
    }
    await markServed(states, migrations.length);
  } finally {
    await lock.release();
  }
}

/** A later release reads from this which one uses the store: a lower number than before where a release was rolled back. */
async function markServed(states: Collection<MigrationState>, number: number): Promise<void> {
  await states.update(stateId, { set: { served: number } });
}

/** The state with the lock taken; `undefined` where others have done all meanwhile. */
async function takeLock(
  states: Collection<MigrationState>,
  migrations: readonly Migration[],
  { clock, logger, owner }: MigrationOptions,
): Promise<MigrationState | undefined> {
  let seen = '';
  let since = clock.monotonic();
  for (let waits = 0; ; waits++) {
    const state = await states.get(stateId);
    if (!state || pendingAfter(state, migrations).length === 0) return undefined;
    const lease = `${state.term} ${state.leaseUntil}`;
    if (lease !== seen) since = clock.monotonic();
    seen = lease;
    const expired = clock.now() >= (state.leaseUntil ?? 0) && clock.monotonic() - since >= watchMs;
    if (state.owner === undefined || state.owner === owner || expired) {
      const change = { set: { owner, leaseUntil: clock.now() + leaseMs }, increment: { term: 1 } };
      const sameLease = state.leaseUntil === undefined ? { absent: true as const } : state.leaseUntil;
      const taken = await states.update(stateId, change, { term: state.term, leaseUntil: sameLease });
      if (taken) return taken;
    }
    if (waits === 0) logger.info('Another process is bringing the database up to date; waiting for it.', waiting);
    await new Promise<void>((resolve) => clock.after(lookEveryMs, resolve));
  }
}

const waiting = { 'event.action': 'migration_waiting' } as const;

async function runOne(
  store: Store,
  migration: Migration,
  saved: unknown,
  lock: MigrationLock,
  { clock, logger }: MigrationOptions,
): Promise<void> {
  const { number, name, contracts } = migration;
  logger.info(`Migration ${number} ("${name}") ${saved === undefined ? 'begins' : 'goes on where it was left'}.`);
  const started = clock.monotonic();
  let value = saved;
  const checkpoint: Checkpoint = {
    get value() {
      return value;
    },
    async save(next) {
      await lock.write({ set: { checkpoint: next } });
      value = next;
    },
  };
  await migration.up(store, checkpoint);
  await lock.write({
    set: { number },
    push: { done: [{ number, name, contracts, at: clock.now() }] },
    unset: ['checkpoint'],
  });
  logger.info(`Migration ${number} ("${name}") is done.`, {
    'event.action': 'migration_done',
    'event.outcome': 'success',
    'event.duration': Math.round((clock.monotonic() - started) * 1e6),
  });
}

/** The lock while this process holds it: renewed by the clock, and by each write. */
class MigrationLock {
  readonly #states: Collection<MigrationState>;
  readonly #term: number;
  readonly #options: MigrationOptions;
  #lost = false;
  #stopRenewing: () => void;

  constructor(states: Collection<MigrationState>, term: number, options: MigrationOptions) {
    this.#states = states;
    this.#term = term;
    this.#options = options;
    this.#stopRenewing = this.#renewLater();
  }

  /** Throws where the lock was lost. */
  async write(change: Change): Promise<void> {
    const set = { ...change.set, leaseUntil: this.#options.clock.now() + leaseMs };
    const held = await this.#states.update(stateId, { ...change, set }, { term: this.#term }, ['_id']);
    if (held && !this.#lost) return;
    this.#lost = true;
    throw new Error('Another process has taken the migrations over; this one stops.');
  }

  /** Frees the lock for whoever waits. A store that is away now frees it by the lease's end. */
  async release(): Promise<void> {
    this.#lost = true;
    this.#stopRenewing();
    try {
      await this.#states.update(stateId, { unset: ['owner', 'leaseUntil'] }, { term: this.#term }, ['_id']);
    } catch (error) {
      this.#warn('The lock of the migrations could not be freed; it ends by itself.', error);
    }
  }

  #renewLater(): () => void {
    return this.#options.clock.after(renewEveryMs, () => {
      this.write({}).then(
        () => {
          if (!this.#lost) this.#stopRenewing = this.#renewLater();
        },
        (error: unknown) => this.#renewalFailed(error),
      );
    });
  }

  #renewalFailed(error: unknown): void {
    if (this.#lost) return;
    this.#warn('The lock of the migrations could not be renewed.', error);
    if (isAppError(error, 'store_unavailable')) this.#stopRenewing = this.#renewLater();
  }

  #warn(message: string, error: unknown): void {
    this.#options.logger.warn(message, { 'event.action': 'migration_lock', error });
  }
}
