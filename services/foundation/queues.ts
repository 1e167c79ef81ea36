import { mailQueue } from '#domain/accounts/links.ts';
import { answerQueue, titleQueue } from '#domain/chat/chat-topics.ts';
import { dueStoryQueue, followUpQueues, storyQueue } from '#domain/stories/story-topics.ts';
import type { QueueSpec } from '#platform/queue/queue.ts';

/** Every queue that jobs of this release go to: what is not on this list is neither counted nor shown when its jobs fail. */
export const queues: readonly QueueSpec<unknown>[] = [
  answerQueue,
  titleQueue,
  mailQueue,
  storyQueue,
  dueStoryQueue,
  ...Object.values(followUpQueues),
];
