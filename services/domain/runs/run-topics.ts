import { z } from 'zod';
import { type Notice, notice } from '#contract/socket.ts';
import type { Topic } from '#platform/broadcast/broadcast.ts';

/** To the workers: one of them may be making this answer. The run's stop flag is the record. */
export const stopRequested: Topic<{ runId: string }> = {
  name: 'stop-requested',
  data: z.object({ runId: z.string() }),
};

/** To the sockets of a person. */
export const personNotice: Topic<{ ownerId: string; notice: Notice }> = {
  name: 'notice',
  data: z.object({ ownerId: z.string(), notice }),
};
