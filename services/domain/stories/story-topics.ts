import { type AttemptJob, type JobData, jobs } from '#contract/jobs.ts';
import type { QueueSpec } from '#platform/queue/queue.ts';

export const storyQueue: QueueSpec<AttemptJob> = { name: 'story', data: jobs.story };
export const dueStoryQueue: QueueSpec<JobData<'due_story'>> = { name: 'due_story', data: jobs.due_story };

/** What follows a story, by the name of its state. */
export const followUpQueues = {
  narration: { name: 'narration', data: jobs.narration },
  picture: { name: 'picture', data: jobs.picture },
  mail: { name: 'story_mail', data: jobs.story_mail },
  notice: { name: 'story_notice', data: jobs.story_notice },
} as const satisfies Record<string, QueueSpec<JobData<'narration'>>>;
