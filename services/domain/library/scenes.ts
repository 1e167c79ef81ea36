import type { z } from 'zod';
import type { newScene, Scene, sceneChange, scenePage } from '#contract/story-parts.ts';
import { notFound } from '#platform/errors.ts';
import { keepItem } from './keep-item.ts';
import type { LibraryTools, Person } from './library-ports.ts';
import { type ListQuery, listItems } from './list-items.ts';
import { presentScene } from './present-library.ts';

export async function listScenes(
  { library }: LibraryTools,
  { id }: Person,
  query: ListQuery,
): Promise<z.output<typeof scenePage>> {
  const { items, ...rest } = await listItems(library.scenes, id, query);
  return { items: items.map(presentScene), ...rest };
}

/** Throws `too_many_items`. */
export async function createScene(
  { library, chat }: LibraryTools,
  { id: ownerId }: Person,
  text: z.output<typeof newScene>,
): Promise<Scene> {
  const scene = { _id: chat.newId(), ownerId, createdAt: chat.clock.now(), ...text };
  return presentScene(await keepItem(library.scenes, scene, 'scenes'));
}

/** Changes one's own. Throws `not_found`, also for the library's. */
export async function changeScene(
  { library }: LibraryTools,
  { id: ownerId }: Person,
  id: string,
  change: z.output<typeof sceneChange>,
): Promise<Scene> {
  const changed = await library.scenes.update(id, { set: change }, { ownerId });
  if (!changed) throw notFound('scene');
  return presentScene(changed);
}

/** Throws `not_found`, also for the library's. Stories that it is in stay as they are. */
export async function deleteScene({ library }: LibraryTools, { id: ownerId }: Person, id: string): Promise<void> {
  if (!(await library.scenes.delete(id, { ownerId }))) throw notFound('scene');
}
