import { z } from 'zod';
import { id } from './pages.ts';

/** Make the next attempt of a run. `leaseUntil` is the lapsed lease that a takeover saw; absent for a queued run. */
const attempt = z.object({ runId: id, leaseUntil: z.number().optional() });
export type AttemptJob = z.infer<typeof attempt>;

/** The jobs by queue, with what each carries. A job is a hint: what it is about stands in the store. */
export const jobs = {
  /** Make an answer. */
  answer: attempt,
  /** Write a story. */
  story: attempt,
  /** Begin the story that a schedule is due: its ids were fixed when that was noted. */
  due_story: z.object({ scheduleId: id, storyId: id }),
  /** What follows a story, each by itself. */
  narration: z.object({ storyId: id }),
  picture: z.object({ storyId: id }),
  story_mail: z.object({ storyId: id }),
  story_notice: z.object({ storyId: id }),
  /** Write a conversation's title from its first exchange. */
  title: z.object({ conversationId: id, runId: id }),
  /** Send a mail. What it says, and to whom, is read from the store when it is sent: the id is that of the link or the person. */
  mail: z.object({ kind: z.enum(['link', 'password_changed']), id }),
} as const;

type JobQueue = keyof typeof jobs;
export type JobData<Q extends JobQueue> = z.infer<(typeof jobs)[Q]>;
