import { randomUUID } from 'node:crypto';
import { openBlobsToRead } from '#platform/blobs/open-blobs.ts';
import { systemClock } from '#platform/clock.ts';
import { loadConfig } from '#platform/config/load-config.ts';
import { type MigrationState, migrationStates, stateId } from '#platform/store/migration-state.ts';
import { openStoreToRead } from '#platform/store/open-store.ts';
import type { Store } from '#platform/store/store.ts';
import { type ArchiveFile, createArchiveFile, standardOutput } from './archive-file.ts';
import { ArchiveError, type ArchiveHeader, formatVersion, product } from './format.ts';
import { countsOf, createProgress, summaryLine } from './progress.ts';
import { readArguments } from './read-arguments.ts';
import { type CommandContext, UsageError } from './run-command.ts';
import { archiveSources } from './sources.ts';
import { type ArchiveSource, type WriteOptions, writeArchive } from './write-archive.ts';

const usage = `Usage: node scripts/backup.ts --out FILE [--json]

Writes all that Lamplight keeps into one archive, while it runs. It takes the settings that the services take: MONGODB_URI and
REDIS_URL, or DATA_DIR.

  --out FILE  a new file, or - for standard output
  --json      say what was written as JSON
  --help      show this`;

const options = { out: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } } as const;

export async function backup(args: readonly string[], context: CommandContext): Promise<void> {
  const { out, json = false, help } = readArguments(args, options, usage);
  if (help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  if (!out) throw new UsageError(`Say where the archive goes: --out FILE.\n\n${usage}`);
  const started = systemClock.monotonic();
  const { version, storage } = loadConfig(context.environment);
  const store = await openStoreToRead(storage, { logger: context.logger });
  const blobs = await openBlobsToRead(storage, { clock: systemClock, logger: context.logger });
  try {
    const state = await readState(store);
    const sources = await archiveSources(store, systemClock);
    const header = headerOf(state, sources, version);
    const file = out === '-' ? standardOutput() : await createArchiveFile(out);
    const written = await writeOrDiscard(file, { header, sources, blobs, context });
    const seconds = (systemClock.monotonic() - started) / 1_000;
    const { release, createdAt } = header;
    const summary = { archive: out, release, createdAt, ...countsOf(written.manifest), bytes: written.bytes, seconds };
    const line = summaryLine('Backed up to', summary, { json });
    if (out === '-') context.say(line);
    else process.stdout.write(`${line}\n`);
  } finally {
    await Promise.all([store.close(), blobs.close()]);
  }
}

interface Writing extends Pick<WriteOptions, 'header' | 'sources' | 'blobs'> {
  readonly context: CommandContext;
}

async function writeOrDiscard(file: ArchiveFile, { header, sources, blobs, context }: Writing) {
  const progress = createProgress(context.say, systemClock);
  const onProgress = (name: string, count: number) => progress(`backing up ${name}`, count);
  try {
    const written = await writeArchive({ header, sources, blobs, out: file.out, signal: context.signal, onProgress });
    await file.keep();
    return written;
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** Read before all data: what a migration does meanwhile, it does again to what is restored. */
async function readState(store: Store): Promise<MigrationState> {
  const states = [];
  for await (const each of store.collection(migrationStates).scan()) states.push(each);
  const state = states.find(({ _id }) => _id === stateId);
  if (!state) throw new ArchiveError('There is nothing of Lamplight in this database: is it the right one?');
  if (state.restoring !== undefined) {
    throw new ArchiveError('A restore into this database has not come to its end: there is nothing to back up.');
  }
  return state;
}

function headerOf(state: MigrationState, sources: readonly ArchiveSource[], release: string): ArchiveHeader {
  const { number, done, served, checkpoint } = state;
  return {
    product,
    formatVersion,
    id: randomUUID(),
    release,
    createdAt: new Date(systemClock.now()).toISOString(),
    migrations: { number, done: [...done], served, checkpoint },
    collections: sources.map(({ spec: { name, version } }) => ({ name, version })),
  };
}
