import { z } from 'zod';
import type { Clock } from '#platform/clock.ts';
import { isAppError } from '#platform/errors.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Change, Collection, CollectionSpec, Doc, Store } from './store.ts';

/** A step from one release's data to the next. It is repeated after a crash, so each part of it must bear repeating. */
export interface Migration {
  /** From 1, without gaps. */
  readonly number: number;
  readonly name: string;
  up(store: Store, checkpoint: Checkpoint): Promise<void>;
}

/** How far a migration has come. */
interface Checkpoint {
  /** What was saved last, by this process or one that crashed; `undefined` at the start. JSON. */
  readonly value: unknown;
  /** Throws where another process has taken the migrations over: this one must stop. */
  save(value: unknown): Promise<void>;
}

interface State extends Doc {
  /** The number of the last migration that is done. */
  readonly number: number;
  readonly done: ReadonlyArray<{ readonly number: number; readonly name: string; readonly at: number }>;
  readonly checkpoint?: unknown;
  /** Counts the takings of the lock: what a holder writes is refused once another has taken it. */
  readonly term: number;
  readonly owner?: string | undefined;
  readonly leaseUntil?: number | undefined;
}

const spec: CollectionSpec<State> = {
  name: 'migrations',
  version: 1,
  schema: z.object({
    _id: z.string(),
    number: z.int(),
    done: z.array(z.object({ number: z.int(), name: z.string(), at: z.number() })),
    checkpoint: z.unknown().optional(),
    term: z.int(),
    owner: z.string().optional(),
    leaseUntil: z.number().optional(),
  }),
  indexes: [],
};
const id = 'state';

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
}

/** Those that the store has not had yet, in order. Throws where a newer release has written to the store. */
export async function pendingMigrations(store: Store, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  checkNumbers(migrations);
  await store.prepare([spec]);
  return pendingAfter(await store.collection(spec).get(id), migrations);
}

/** Brings the store up to date, one process at a time; the others wait until it is. */
export async function runMigrations(
  store: Store,
  migrations: readonly Migration[],
  options: MigrationOptions,
): Promise<void> {
  if ((await pendingMigrations(store, migrations)).length === 0) return;
  const states = store.collection(spec);
  await states.insertMissing([{ _id: id, number: 0, done: [], term: 0 }]);
  const state = await takeLock(states, migrations, options);
  if (!state) return;
  const lock = new MigrationLock(states, state.term, options);
  try {
    let { checkpoint } = state;
    for (const migration of pendingAfter(state, migrations)) {
      await runOne(store, migration, checkpoint, lock, options);
      checkpoint = undefined;
    }
  } finally {
    await lock.release();
  }
}

function checkNumbers(migrations: readonly Migration[]): void {
  for (const [at, { number, name }] of migrations.entries()) {
    if (number !== at + 1) throw new Error(`Migration "${name}" has the number ${number} in the place of ${at + 1}.`);
  }
}

function pendingAfter(state: State | undefined, migrations: readonly Migration[]): readonly Migration[] {
  const number = state?.number ?? 0;
  if (number > migrations.length) {
    const last = state?.done.at(-1)?.name ?? '';
    throw new Error(
      `The database was written by a newer release: it has had migration ${number} ("${last}"), this release knows ` +
        `${migrations.length}. Run the newer release, or restore the backup that was made before it.`,
    );
  }
  return migrations.slice(number);
}

/** The state with the lock taken; `undefined` where others have done all meanwhile. */
async function takeLock(
  states: Collection<State>,
  migrations: readonly Migration[],
  { clock, logger, owner }: MigrationOptions,
): Promise<State | undefined> {
  let seen = '';
  let since = clock.monotonic();
  for (let waits = 0; ; waits++) {
    const state = await states.get(id);
    if (!state || pendingAfter(state, migrations).length === 0) return undefined;
    const lease = `${state.term} ${state.leaseUntil}`;
    if (lease !== seen) since = clock.monotonic();
    seen = lease;
    const expired = clock.now() >= (state.leaseUntil ?? 0) && clock.monotonic() - since >= watchMs;
    if (state.owner === undefined || state.owner === owner || expired) {
      const change = { set: { owner, leaseUntil: clock.now() + leaseMs }, increment: { term: 1 } };
      const sameLease = state.leaseUntil === undefined ? { absent: true as const } : state.leaseUntil;
      const taken = await states.update(id, change, { term: state.term, leaseUntil: sameLease });
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
  const { number, name } = migration;
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
  await lock.write({ set: { number }, push: { done: [{ number, name, at: clock.now() }] }, unset: ['checkpoint'] });
  logger.info(`Migration ${number} ("${name}") is done.`, {
    'event.action': 'migration_done',
    'event.outcome': 'success',
    'event.duration': Math.round((clock.monotonic() - started) * 1e6),
  });
}

/** The lock while this process holds it: renewed by the clock, and by each write. */
class MigrationLock {
  readonly #states: Collection<State>;
  readonly #term: number;
  readonly #options: MigrationOptions;
  #lost = false;
  #stopRenewing: () => void;

  constructor(states: Collection<State>, term: number, options: MigrationOptions) {
    this.#states = states;
    this.#term = term;
    this.#options = options;
    this.#stopRenewing = this.#renewLater();
  }

  /** Throws where the lock was lost. */
  async write(change: Change): Promise<void> {
    const set = { ...change.set, leaseUntil: this.#options.clock.now() + leaseMs };
    const held = await this.#states.update(id, { ...change, set }, { term: this.#term }, ['_id']);
    if (held && !this.#lost) return;
    this.#lost = true;
    throw new Error('Another process has taken the migrations over; this one stops.');
  }

  /** Frees the lock for whoever waits. A store that is away now frees it by the lease's end. */
  async release(): Promise<void> {
    this.#lost = true;
    this.#stopRenewing();
    try {
      await this.#states.update(id, { unset: ['owner', 'leaseUntil'] }, { term: this.#term }, ['_id']);
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
