import type { z } from 'zod';
import type { Character, characterChange, characterPage, newCharacter } from '#contract/story-parts.ts';
import { notFound } from '#platform/errors.ts';
import { asSeen, deleteBlob, pictureUrl } from './character-pictures.ts';
import { keepItem } from './keep-item.ts';
import type { LibraryTools, Person } from './library-ports.ts';
import type { CharacterRecord } from './library-records.ts';
import { type ListQuery, listItems } from './list-items.ts';
import { presentCharacter } from './present-library.ts';

const present = (ports: LibraryTools, record: CharacterRecord): Character =>
  presentCharacter(record, pictureUrl(ports, record));

export async function listCharacters(
  ports: LibraryTools,
  { id }: Person,
  query: ListQuery,
): Promise<z.output<typeof characterPage>> {
  const { items, ...rest } = await listItems(ports.library.characters, id, query);
  return { items: items.map((record) => present(ports, record)), ...rest };
}

/** Throws `too_many_items`. */
export async function createCharacter(
  ports: LibraryTools,
  { id: ownerId }: Person,
  text: z.output<typeof newCharacter>,
): Promise<Character> {
  const { library, chat } = ports;
  const character = { _id: chat.newId(), ownerId, createdAt: chat.clock.now(), ...text };
  return present(ports, await keepItem(library.characters, character, 'characters'));
}

/** Changes one's own. Throws `not_found`, also for the library's. */
export async function changeCharacter(
  ports: LibraryTools,
  { id: ownerId }: Person,
  id: string,
  change: z.output<typeof characterChange>,
): Promise<Character> {
  const changed = await ports.library.characters.update(id, { set: change }, { ownerId });
  if (!changed) throw notFound('character');
  return present(ports, changed);
}

/** Deletes one's own with its picture. Throws `not_found`, also for the library's. Stories that it is in stay as they are. */
export async function deleteCharacter(ports: LibraryTools, { id: ownerId }: Person, id: string): Promise<void> {
  const { library } = ports;
  for (;;) {
    const character = await library.characters.get(id, ['ownerId', 'picture']);
    if (character?.ownerId !== ownerId) throw notFound('character');
    // Where it got another picture just now, that one is to go with it.
    if (!(await library.characters.delete(id, asSeen(character)))) continue;
    // A stop before this leaves a blob that nothing refers to, which is swept.
    if (character.picture) await deleteBlob(ports, character.picture.blobId);
    return;
  }
}
