import { z } from 'zod';
import type { CollectionSpec, Doc, Store } from './store.ts';

/**
 * A step from one release's data to the next. It is repeated after a crash, so each part of it must bear repeating. Processes
 * of the release before go on while it runs and after: it may add, and must leave what they read and write. What they no
 * longer need is taken away by a later step that says so in `contracts`, one release on.
 */
export interface Migration {
  /** From 1, without gaps. */
  readonly number: number;
  readonly name: string;
  /** The number of the step that made what this one takes away unneeded. Releases without that step do not run on the result. */
  readonly contracts?: number;
  up(store: Store, checkpoint: Checkpoint): Promise<void>;
}

/** How far a migration has come. */
export interface Checkpoint {
  /** What was saved last, by this process or one that crashed; `undefined` at the start. JSON. */
  readonly value: unknown;
  /** Throws where another process has taken the migrations over: this one must stop. */
  save(value: unknown): Promise<void>;
}

export interface MigrationState extends Doc {
  /** The number of the last migration that is done. */
  readonly number: number;
  readonly done: ReadonlyArray<Done>;
  /** How many migrations the release knows that migrated last; absent while none has: nobody has used the store yet. */
  readonly served?: number | undefined;
  readonly checkpoint?: unknown;
  /** The archive that is being restored: until that is done, this is not a system to run. */
  readonly restoring?: string | undefined;
  /** Counts the takings of the lock: what a holder writes is refused once another has taken it. */
  readonly term: number;
  readonly owner?: string | undefined;
  readonly leaseUntil?: number | undefined;
}

interface Done {
  readonly number: number;
  readonly name: string;
  readonly contracts?: number | undefined;
  readonly at: number;
}

export const migrationStates: CollectionSpec<MigrationState> = {
  name: 'migrations',
  version: 1,
  schema: z.object({
    _id: z.string(),
    number: z.int(),
    done: z.array(z.object({ number: z.int(), name: z.string(), contracts: z.int().optional(), at: z.number() })),
    served: z.int().optional(),
    checkpoint: z.unknown().optional(),
    restoring: z.string().optional(),
    term: z.int(),
    owner: z.string().optional(),
    leaseUntil: z.number().optional(),
  }),
  indexes: [],
};

export const stateId = 'state';

export function checkMigrations(migrations: readonly Migration[]): void {
  for (const [at, { number, name, contracts = 0 }] of migrations.entries()) {
    if (number !== at + 1) throw new Error(`Migration "${name}" has the number ${number} in the place of ${at + 1}.`);
    if (contracts >= number) throw new Error(`Migration "${name}" contracts ${contracts}, which is not before it.`);
  }
}

/**
 * What the store still lacks. Throws where a newer release has taken something away that this one needs, and where a restore has
 * not come to its end.
 */
export function pendingAfter(
  state: MigrationState | undefined,
  migrations: readonly Migration[],
): readonly Migration[] {
  if (state?.restoring !== undefined) {
    throw new Error('A restore into this database is under way, or was cut off: end it with scripts/restore first.');
  }
  const known = migrations.length;
  const missed = state?.done.find(({ number, contracts = 0 }) => number > known && contracts > known);
  if (missed) {
    throw new Error(
      `The database was written by a newer release: it has had migration ${missed.number} ("${missed.name}"), which takes ` +
        `away what this release needs. Run the newer release, or restore the backup that was made before it.`,
    );
  }
  return migrations.slice(state?.number ?? 0);
}

/** Throws where one of these would take something away under processes of a release that needs it. */
export function requireInOrder(state: MigrationState | undefined, pending: readonly Migration[]): void {
  const { served } = state ?? {};
  if (served === undefined) return;
  const early = pending.find(({ contracts }) => contracts !== undefined && contracts > served);
  if (!early) return;
  throw new Error(
    `Migration ${early.number} ("${early.name}") takes away what the running release still needs. Upgrade to the release ` +
      'in between first; or stop every process and run `npm run migrate -- --all-stopped`. Nothing was changed.',
  );
}
