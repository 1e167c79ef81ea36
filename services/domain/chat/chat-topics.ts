import { type AttemptJob, type JobData, jobs } from '#contract/jobs.ts';
import type { QueueSpec } from '#platform/queue/queue.ts';

export const answerQueue: QueueSpec<AttemptJob> = { name: 'answer', data: jobs.answer };
export const titleQueue: QueueSpec<JobData<'title'>> = { name: 'title', data: jobs.title };
