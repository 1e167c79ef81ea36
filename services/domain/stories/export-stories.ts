import { settingsOf } from '#domain/library/resolve.ts';
import type { Find, Page } from '#platform/store/store.ts';
import { listStories } from './find-story.ts';
import type { StoryPorts } from './story-ports.ts';

const atATime = 50;

/** A person's stories, as they see them; without the addresses of pictures and voices, which open to whoever has them. */
export async function* storiesOf(ports: StoryPorts, ownerId: string): AsyncGenerator<unknown> {
  for await (const { picture, narration, ...story } of each((page) => listStories(ports, ownerId, page)))
    yield { ...story, picture: { ...picture, url: undefined }, narration: { ...narration, url: undefined } };
}

type Material = 'characters' | 'scenes' | 'prompts' | 'schedules' | 'storySettings' | 'storyMemories';

/** What a person's stories are made of and begun by, by the name that it has in an export. */
export function materialOf(ports: StoryPorts, ownerId: string): Readonly<Record<Material, AsyncIterable<unknown>>> {
  const { characters, scenes, prompts } = ports.library;
  const query = { where: { ownerId }, sort: { by: ['createdAt'], direction: 'asc' } } as const;
  const owned = (find: (query: Find) => Promise<Page<Owned>>) => presented(each((page) => find({ ...page, ...query })));
  return {
    characters: owned((one) => characters.find(one)),
    scenes: owned((one) => scenes.find(one)),
    prompts: owned((one) => prompts.find(one)),
    schedules: owned((one) => ports.schedules.find(one)),
    storySettings: settings(ports, ownerId),
    storyMemories: memories(ports, ownerId),
  };
}

interface Owned {
  readonly _id: string;
  readonly ownerId: string;
  readonly createdAt: number;
}

/** How we keep it is nobody's business: ids of pictures, versions, what is due. */
const ours = new Set([
  '_id',
  'ownerId',
  'createdAt',
  'picture',
  'version',
  'slot',
  'due',
  'dueSince',
  'nextAt',
  'skipAt',
  'last',
]);

async function* presented(items: AsyncIterable<Owned>): AsyncGenerator<unknown> {
  for await (const item of items) {
    const theirs = Object.entries(item).filter(([name]) => !ours.has(name));
    yield { id: item._id, createdAt: new Date(item.createdAt).toISOString(), ...Object.fromEntries(theirs) };
  }
}

async function* settings(ports: StoryPorts, ownerId: string): AsyncGenerator<unknown> {
  yield await settingsOf(ports, { id: ownerId });
}

/** What is kept of stories longer than they are, so that the next is another: each with the schedule that it is of, where it is of one. */
async function* memories({ stories }: StoryPorts, ownerId: string): AsyncGenerator<unknown> {
  for await (const { _id, stories: remembered } of each((page) =>
    stories.memories.find({ ...page, where: { ownerId } }),
  ))
    yield { ...(_id !== ownerId && { scheduleId: _id }), stories: remembered };
}

async function* each<T>(
  read: (page: { readonly limit: number; readonly cursor: string | undefined }) => Promise<Page<T>>,
): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const page = await read({ limit: atATime, cursor });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}
