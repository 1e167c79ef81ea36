import type { z } from 'zod';
import type { StorySettings, storySettingsChange } from '#contract/story-parts.ts';
import type { LibraryTools, Person } from './library-ports.ts';
import { settingsOf } from './resolve.ts';

/** Changes how a person's stories are written; what is not named stays. */
export async function changeStorySettings(
  ports: LibraryTools,
  person: Person,
  change: z.output<typeof storySettingsChange>,
): Promise<StorySettings> {
  const { storySettings } = ports.library;
  // Two requests may be the first: what is set is set on whichever record there is then.
  await storySettings.insertMissing([{ _id: person.id, settings: {} }]);
  const set = Object.fromEntries(Object.entries(change).map(([name, value]) => [`settings.${name}`, value]));
  if (Object.keys(set).length > 0) await storySettings.update(person.id, { set });
  return settingsOf(ports, person);
}
