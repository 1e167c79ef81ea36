import { followUpNames } from '#contract/stories.ts';
import { doFollowUp } from '#domain/stories/follow-ups/do-follow-up.ts';
import { follows } from '#domain/stories/follow-ups/follow-ups.ts';
import { followUpQueues } from '#domain/stories/story-topics.ts';
import type { Consumer } from '#platform/queue/queue.ts';
import type { Foundation } from '#services/foundation/foundation.ts';

/** With the two of accounts as many as there are connections to the mail server: those never wait for stories. */
const storyMailsAtATime = 3;

/** Takes the jobs of what follows stories, each kind beside the others: a mail does not wait behind voices. */
export function consumeFollowUps({ stories, config }: Pick<Foundation, 'stories' | 'config'>): Consumer[] {
  const { concurrency } = config.stories;
  return followUpNames.map((name) => {
    const most = name === 'mail' ? Math.min(storyMailsAtATime, concurrency) : concurrency;
    return stories.chat.queue.consume(followUpQueues[name], { concurrency: most }, (job, signal) =>
      doFollowUp(stories, name, follows[name], job, signal),
    );
  });
}
