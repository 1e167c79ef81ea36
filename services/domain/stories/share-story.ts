import type { OpenedStory } from '#contract/stories.ts';
import { tellPerson } from '#domain/runs/tell-person.ts';
import { AppError, notFound } from '#platform/errors.ts';
import { getOwnStory, hasOwner, isThere } from './find-story.ts';
import { presentOpened } from './present-story.ts';
import { storyLinkUrl } from './story-links.ts';
import type { StoryPorts } from './story-ports.ts';

/** Makes the present link of a story open it, and gives its address. Throws `not_found`, `conflict` while it is written. */
export async function shareStory(ports: StoryPorts, ownerId: string, id: string): Promise<{ url: string }> {
  const story = await getOwnStory(ports, ownerId, id);
  if (story.status !== 'ready')
    throw new AppError('conflict', 'Only a story that is written to its end can be shared.');
  if (!story.shared) {
    const shared = await ports.stories.stories.update(id, { set: { shared: true } }, { deleted: false });
    if (!shared) throw notFound('story');
    await tellPerson(ports.chat, ownerId, { kind: 'story_changed', storyId: id });
    return { url: storyLinkUrl(ports, shared) };
  }
  return { url: storyLinkUrl(ports, story) };
}

/** Withdraws the link of a story, and the addresses of its picture and voice that were given out. Throws `not_found`. */
export async function unshareStory(ports: StoryPorts, ownerId: string, id: string): Promise<void> {
  await getOwnStory(ports, ownerId, id);
  const change = { set: { shared: false }, increment: { linkVersion: 1 } };
  const withdrawn = await ports.stories.stories.update(id, change, { deleted: false, shared: true }, ['_id']);
  if (withdrawn) await tellPerson(ports.chat, ownerId, { kind: 'story_changed', storyId: id });
}

/** The story that a link leads to. Throws `link_invalid`, whatever is wrong with it. */
export async function openStory(ports: StoryPorts, token: string): Promise<OpenedStory> {
  const [, id = '', version = '', signature = ''] = /^([\w-]{1,64})\.(\d{1,15})\.([\w-]+)$/.exec(token) ?? [];
  const linkVersion = Number(version);
  // Signed as it is spelt: another spelling of the number is not ours.
  if (!ports.accounts.keys.verify('story', `${id}.${version}`, signature)) throw linkInvalid();
  const story = await ports.stories.stories.get(id);
  if (!story?.shared || story.status !== 'ready' || story.linkVersion !== linkVersion || !isThere(ports, story))
    throw linkInvalid();
  if (!(await hasOwner(ports, story))) throw linkInvalid();
  return presentOpened(ports, story);
}

const linkInvalid = (): AppError =>
  new AppError('link_invalid', 'This story is no longer here, or its link was withdrawn.');
