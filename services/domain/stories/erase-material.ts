import type { StoryPorts } from './story-ports.ts';

/** What stories of a person are made of and begun by: schedules, characters, scenes, prompts, settings, and what was told lately. */
const collectionsOf = ({ schedules, library, stories }: Pick<StoryPorts, 'schedules' | 'library' | 'stories'>) => [
  schedules,
  library.characters,
  library.scenes,
  library.prompts,
  stories.memories,
];

/** Removes some of it; pictures that nobody refers to any more go with the sweep of blobs. */
export async function eraseMaterial(ports: StoryPorts, ownerId: string, limit: number): Promise<void> {
  for (const collection of collectionsOf(ports)) await collection.deleteWhere({ ownerId }, limit);
  await ports.library.storySettings.delete(ownerId);
}

export async function hasMaterial(ports: StoryPorts, ownerId: string): Promise<boolean> {
  const counts = await Promise.all(collectionsOf(ports).map((collection) => collection.count({ ownerId })));
  return counts.some((count) => count > 0);
}
