import type { z } from 'zod';
import type { characterText, StorySettings, sceneText } from '#contract/story-parts.ts';
import type { StoryPorts } from '#domain/stories/story-ports.ts';
import { notFound } from '#platform/errors.ts';
import type { Collection } from '#platform/store/store.ts';
import { type LibraryRecords, libraryOwner } from './library-records.ts';
import { fillText } from './prompt-variables.ts';

/** What reads the library alone takes. */
export type LibraryPorts = Pick<StoryPorts, 'library'>;

export type CharacterText = z.output<typeof characterText>;
export type SceneText = z.output<typeof sceneText>;

/** The characters of these ids in their order, once each. Throws `not_found` where one is neither the person's nor the library's. */
export async function resolveCharacters(
  { library }: LibraryPorts,
  personId: string,
  ids: readonly string[],
): Promise<CharacterText[]> {
  const found = await resolve(library.characters, personId, ids);
  return found.map((character) => {
    if (!character) throw notFound('character');
    return textOfCharacter(character);
  });
}

/** The scenes of these ids, in the same way. */
export async function resolveScenes(
  { library }: LibraryPorts,
  personId: string,
  ids: readonly string[],
): Promise<SceneText[]> {
  const found = await resolve(library.scenes, personId, ids);
  return found.map((scene) => {
    if (!scene) throw notFound('scene');
    return textOfScene(scene);
  });
}

/**
 * The characters that are still there: what was deleted, or left the library, since its id was kept is left out. Another's is never
 * among them.
 */
export async function presentCharacters(
  { library }: LibraryPorts,
  personId: string,
  ids: readonly string[],
): Promise<CharacterText[]> {
  const found = await resolve(library.characters, personId, ids);
  return found.flatMap((character) => (character ? [textOfCharacter(character)] : []));
}

/** The scenes that are still there. */
export async function presentScenes(
  { library }: LibraryPorts,
  personId: string,
  ids: readonly string[],
): Promise<SceneText[]> {
  const found = await resolve(library.scenes, personId, ids);
  return found.flatMap((scene) => (scene ? [textOfScene(scene)] : []));
}

/** The text of one's own prompt or one of the library's, filled in. Throws `not_found`, and `invalid_request` as `fillText` does. */
export async function fillPrompt(
  { library }: LibraryPorts,
  personId: string,
  promptId: string,
  values: Readonly<Record<string, string>>,
): Promise<string> {
  const [prompt] = await resolve(library.prompts, personId, [promptId]);
  if (!prompt) throw notFound('prompt');
  return fillText(prompt.text, values);
}

/** How a person's stories are written: what they set, over what fits most; the language is that of their mails. */
export async function settingsOf(
  { library, accounts }: LibraryPorts & { readonly accounts: Pick<StoryPorts['accounts'], 'records'> },
  { id }: { readonly id: string },
): Promise<StorySettings> {
  const [stored, person] = await Promise.all([
    library.storySettings.get(id),
    accounts.records.people.get(id, ['language']),
  ]);
  return {
    readerName: '',
    readerAge: 6,
    language: person?.language ?? 'en',
    minutes: 5,
    themes: [],
    avoid: [],
    style: '',
    ...(stored?.settings as Partial<StorySettings> | undefined),
  };
}

const textOfCharacter = ({ name, who, traits }: CharacterText): CharacterText => ({ name, who, traits });
const textOfScene = ({ place, mood, events }: SceneText): SceneText => ({ place, mood, events });

type Kind = 'characters' | 'scenes' | 'prompts';
type RecordOf<K extends Kind> = LibraryRecords[K] extends Collection<infer T> ? T : never;

/** By id, in order and once each; undefined in the place of what is not there for this person. */
async function resolve<T extends RecordOf<Kind>>(
  collection: Collection<T>,
  personId: string,
  ids: readonly string[],
): Promise<Array<T | undefined>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return [];
  const found = await collection.getMany(wanted);
  const seen = found.filter(({ ownerId }) => ownerId === personId || ownerId === libraryOwner);
  const byId = new Map(seen.map((record) => [record._id, record]));
  return wanted.map((id) => byId.get(id));
}
