import type { OpenedStory, Story } from '#contract/stories.ts';

/** Whether something of it is still to come. */
export const isUnderWay = (story: Pick<OpenedStory, 'picture' | 'narration'> & { readonly status?: Story['status'] }) =>
  story.status === 'writing' || story.picture.state === 'pending' || story.narration.state === 'pending';

/** An evening that goes past midnight is still that evening, in milliseconds. */
const eveningMs = 12 * 60 * 60 * 1000;

/** The story of this evening: the newest of today, or of the hours before, that was told or is being told. */
export function tonightOf(stories: readonly Story[], now: Date): Story | undefined {
  return stories.find(({ status, createdAt }) => {
    const at = new Date(createdAt);
    const isRecent = at.toDateString() === now.toDateString() || now.getTime() - at.getTime() < eveningMs;
    return isRecent && (status === 'ready' || status === 'writing');
  });
}

/** What a story is called while it has no title. */
export const titleOf = ({ title, status }: Pick<Story, 'title' | 'status'>): string =>
  title ?? (status === 'writing' ? 'A story is being written' : 'A story that was not told');
