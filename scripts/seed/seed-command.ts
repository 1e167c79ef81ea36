import { LibraryError } from '#domain/library/library-files.ts';
import { libraryCollections, openLibraryRecords } from '#domain/library/library-records.ts';
import { type SeedCounts, seedLibrary } from '#domain/library/seed-library.ts';
import { systemClock } from '#platform/clock.ts';
import { loadConfig } from '#platform/config/load-config.ts';
import { isAppError } from '#platform/errors.ts';
import { openStore } from '#platform/store/open-store.ts';
import { readArguments } from '../archive/read-arguments.ts';
import { type CommandContext, UsageError } from '../archive/run-command.ts';

const usage = `Usage: node scripts/seed.ts

Makes the library that everybody has what the files of LIBRARY_DIR say: adds, changes, and removes what is no longer there. Nothing
is changed while a file has a mistake. It takes the settings that the services take: MONGODB_URI and REDIS_URL, or DATA_DIR, where
Lamplight must not run meanwhile.

  --help  show this`;

export async function seed(args: readonly string[], { environment, logger }: CommandContext): Promise<void> {
  const { help } = readArguments(args, { help: { type: 'boolean' } }, usage);
  if (help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const { storage, stories } = loadConfig(environment);
  const store = await openStore(storage, { logger }).catch((error: unknown) => {
    // Another process uses the folder, which its message says.
    if (error instanceof Error && !isAppError(error)) throw new UsageError(error.message, { cause: error });
    throw error;
  });
  try {
    // Before the first start there is nothing yet.
    await store.prepare(Object.values(libraryCollections));
    const library = openLibraryRecords(store);
    const result = await seedLibrary({ library, clock: systemClock }, stories.libraryDir);
    for (const [kind, counts] of Object.entries(result)) process.stdout.write(`${kind}: ${inWords(counts)}\n`);
  } catch (error) {
    if (!(error instanceof LibraryError)) throw error;
    throw new UsageError(error.message, { cause: error });
  } finally {
    await store.close();
  }
}

const inWords = ({ added, changed, removed }: SeedCounts): string =>
  `${added} added, ${changed} changed, ${removed} removed`;
