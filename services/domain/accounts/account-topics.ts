import { z } from 'zod';
import type { Topic } from '#platform/broadcast/broadcast.ts';

/** A session, or an API key, has ended: what was opened with it closes at once. */
export const sessionEnded: Topic<{ sessionId: string }> = {
  name: 'session-ended',
  data: z.object({ sessionId: z.string() }),
};

/** What is stored of a person has changed: nobody goes on believing what was there before, and their open streams are looked at again. */
export const personChanged: Topic<{ personId: string }> = {
  name: 'person-changed',
  data: z.object({ personId: z.string() }),
};
