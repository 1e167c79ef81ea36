import { LibraryError } from '#domain/library/library-files.ts';
import { seedFirstLibrary } from '#domain/library/seed-library.ts';
import type { Foundation } from './foundation.ts';

/**
 * After the migrations: takes the library of `LIBRARY_DIR` in where none ever was. Where its files are not right, the process prints
 * every mistake and ends with code 78 (`EX_CONFIG`).
 */
export async function ensureLibrary({
  stories: { library },
  clock,
  config,
  telemetry,
}: Pick<Foundation, 'stories' | 'clock' | 'config' | 'telemetry'>): Promise<void> {
  try {
    const seeded = await seedFirstLibrary({ library, clock }, config.stories.libraryDir);
    if (!seeded) return;
    const added = Object.values(seeded).reduce((sum, counts) => sum + counts.added, 0);
    telemetry.logger.info('The library was taken in.', { 'event.action': 'library_seed', 'lamplight.count': added });
  } catch (error) {
    if (!(error instanceof LibraryError)) throw error;
    process.stderr.write(`${error.message}\nLIBRARY_DIR names the folder that it is in.\n`);
    process.exit(78);
  }
}
