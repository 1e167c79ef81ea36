import type { JobData } from '#contract/jobs.ts';
import { jobs } from '#contract/jobs.ts';
import type { QueueSpec } from '#platform/queue/queue.ts';

export const titleQueue: QueueSpec<JobData<'title'>> = { name: 'title', data: jobs.title };
