import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { openLibraryRecords } from '#domain/library/library-records.ts';
import { repairMedia } from '#domain/stories/repair-media.ts';
import { openStoryRecords } from '#domain/stories/story-records.ts';
import { openBlobs } from '#platform/blobs/open-blobs.ts';
import { systemClock } from '#platform/clock.ts';
import type { Config } from '#platform/config/config.ts';
import { loadConfig } from '#platform/config/load-config.ts';
import { openStore } from '#platform/store/open-store.ts';
import { collections } from '#services/foundation/foundation.ts';
import { migrations } from '#services/foundation/migrations.ts';
import { countsOf, createProgress, summaryLine } from './progress.ts';
import { type ReadResult, readArchive } from './read-archive.ts';
import { readArguments } from './read-arguments.ts';
import { refuseUsedRedis } from './refuse-used-redis.ts';
import { type Release, refuseNewer, restoreArchive } from './restore-archive.ts';
import { type CommandContext, UsageError } from './run-command.ts';

const usage = `Usage: node scripts/restore.ts --in FILE [--verify-only] [--json]

Fills an empty system from an archive that scripts/backup.ts wrote, and compares every record with it. It takes the settings that
the services take: MONGODB_URI and REDIS_URL, or DATA_DIR. Stop every process of Lamplight there first.

  --in FILE      the archive, or - for standard input
  --verify-only  check that the archive is whole, and restore nothing
  --json         say what was restored as JSON
  --help         show this`;

const options = {
  in: { type: 'string' },
  'verify-only': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

export async function restore(args: readonly string[], context: CommandContext): Promise<void> {
  const { in: from, 'verify-only': verifyOnly = false, json = false, help } = readArguments(args, options, usage);
  if (help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  if (!from) throw new UsageError(`Say which archive: --in FILE.\n\n${usage}`);
  const started = systemClock.monotonic();
  const result = verifyOnly ? await verify(from, context) : await fill(from, context);
  const seconds = (systemClock.monotonic() - started) / 1_000;
  const { release, createdAt } = result.header;
  const summary = { archive: from, release, createdAt, ...countsOf(result.manifest), seconds };
  const line = summaryLine(verifyOnly ? 'Verified' : 'Restored', summary, { json });
  process.stdout.write(`${line}\n`);
  if (!verifyOnly) context.say('Run services/migrate/main.ts before other processes; standalone does it by itself.');
}

async function fill(from: string, context: CommandContext): Promise<ReadResult> {
  const { version, storage } = loadConfig(context.environment);
  const release = { version, specs: collections, migrations, repair };
  // What can be read twice is checked before anything is written.
  if (from !== '-') await verify(from, context, release);
  const store = await openTarget(storage, context);
  const blobs = await openBlobs(storage, { clock: systemClock, logger: context.logger });
  const progress = createProgress(context.say, systemClock);
  try {
    return await restoreArchive({
      input: await openInput(from, context.signal),
      store,
      blobs,
      release,
      signal: context.signal,
      onProgress: (doing, name, count) => progress(`${doing} ${name}`, count),
    });
  } finally {
    await Promise.all([store.close(), blobs.close()]);
  }
}

const repair: Release['repair'] = (store, blobs) =>
  repairMedia({ stories: openStoryRecords(store), library: openLibraryRecords(store), blobs });

async function openTarget(storage: Config['storage'], { logger }: CommandContext) {
  if (storage.kind === 'servers') await refuseUsedRedis(storage.redisUrl, { logger });
  return openStore(storage, { logger });
}

async function verify(from: string, context: CommandContext, release?: Release): Promise<ReadResult> {
  const progress = createProgress(context.say, systemClock);
  return readArchive(await openInput(from, context.signal), {
    onHeader: async (header) => {
      if (release) refuseNewer(header, release);
    },
    onDocuments: async (name, _docs, count) => progress(`checked ${name}`, count),
    onBlob: async (_info, _bytes, count) => progress('checked pictures and voices', count),
  });
}

async function openInput(from: string, signal: AbortSignal): Promise<Readable> {
  if (from === '-') {
    if (process.stdin.isTTY) throw new UsageError('With --in - the archive comes from standard input: pipe it in.');
    return process.stdin;
  }
  try {
    return (await open(from)).createReadStream({ signal });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${from} cannot be read (${why}).`, { cause: error });
  }
}
