import i18next from 'i18next';
import type { OpenedStory, Story } from '#contract/stories.ts';
import { dayIn } from '../../ui/days.ts';

/** Whether something of it is still to come. */
export const isUnderWay = (story: Pick<OpenedStory, 'picture' | 'narration'> & { readonly status?: Story['status'] }) =>
  story.status === 'writing' || story.picture.state === 'pending' || story.narration.state === 'pending';

/** An evening that goes past midnight is still that evening, in milliseconds. */
const eveningMs = 12 * 60 * 60 * 1000;

/** The story of this evening there: the newest of today, or of the hours before, that was told or is being told. */
export function tonightOf(stories: readonly Story[], now: Date, timeZone?: string): Story | undefined {
  return stories.find(({ status, createdAt }) => {
    const at = new Date(createdAt);
    const isRecent = dayIn(timeZone, at) === dayIn(timeZone, now) || now.getTime() - at.getTime() < eveningMs;
    return isRecent && (status === 'ready' || status === 'writing');
  });
}

/** What a story is called while it has no title. */
export const titleOf = ({ title, status }: Pick<Story, 'title' | 'status'>): string =>
  title ?? i18next.t(status === 'writing' ? 'stories:untitled.writing' : 'stories:untitled.untold');
