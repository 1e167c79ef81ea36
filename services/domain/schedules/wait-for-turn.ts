import type { StoryPorts } from '#domain/stories/story-ports.ts';
import { storyQueue } from '#domain/stories/story-topics.ts';
import { wait } from '#platform/models/back-off.ts';

/** Between two looks, with jitter: the due stories of a whole evening look at one queue. */
const leastWaitMs = 150;
const mostWaitMs = 500;

/** What waiting takes. */
export interface TurnPorts {
  readonly chat: Pick<StoryPorts['chat'], 'queue' | 'runtime' | 'clock'>;
}

/** The queue did not say how many stories wait in it. */
export class QueueAway extends Error {}

/**
 * Waits until fewer stories are queued than may be written at a time: then no worker runs out of them, and one that somebody asks for
 * waits behind few. As many jobs as look at once may begin one more each. False where it was not so for `patienceMs`. Throws `QueueAway`,
 * and the signal's reason.
 */
export async function waitForTurn({ chat }: TurnPorts, signal: AbortSignal, patienceMs: number): Promise<boolean> {
  const begin = chat.clock.monotonic();
  for (;;) {
    signal.throwIfAborted();
    if ((await countQueued(chat, signal)) < chat.runtime.current().runningStories) return true;
    if (chat.clock.monotonic() - begin >= patienceMs) return false;
    await wait(leastWaitMs + Math.random() * (mostWaitMs - leastWaitMs), chat.clock, signal);
  }
}

async function countQueued({ queue }: TurnPorts['chat'], signal: AbortSignal): Promise<number> {
  try {
    return (await queue.counts(storyQueue)).waiting;
  } catch (cause) {
    signal.throwIfAborted();
    throw new QueueAway('The queue does not say how many stories wait.', { cause });
  }
}
