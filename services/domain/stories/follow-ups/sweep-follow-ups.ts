import { isAppError } from '#platform/errors.ts';
import type { StoryPorts } from '../story-ports.ts';
import type { StoryRecord } from '../story-records.ts';
import { askForFollowUps } from './ask-for-follow-ups.ts';
import { endFollowing } from './end-follow-up.ts';
import { pendingOf } from './follow-up-states.ts';

export const followUpsEveryMs = 10_000;
/** What ended less long ago has just been asked for. */
const freshMs = 5_000;
const batch = 200;
/** After as many in a row each further one would wait in vain. */
const queueIsAway = 3;
const fields = ['followUps', 'traceId', 'deleted', 'expiresAt', 'endedAt'];

/**
 * Asks again for what is to follow stories: its jobs were lost, or it waited for something. A pass takes a batch and the next one goes on
 * behind it, so that much work under way costs little and hides nothing.
 */
export class FollowUpSweep {
  readonly #ports: StoryPorts;
  #cursor: string | undefined;

  constructor(ports: StoryPorts) {
    this.#ports = ports;
  }

  /** One pass. A story that fails is logged and left for the next; throws where the store cannot be reached. */
  async sweep(): Promise<void> {
    const { stories, chat } = this.#ports;
    const { items, nextCursor } = await stories.stories.find({
      where: { following: true },
      sort: { by: ['endedAt'], direction: 'asc' },
      limit: batch,
      cursor: this.#cursor,
      fields,
    });
    this.#cursor = nextCursor;
    const now = chat.clock.now();
    let refused = 0;
    for (const story of items) {
      const { deleted, expiresAt, endedAt = 0 } = story;
      if (deleted || expiresAt <= now || now - endedAt < freshMs) continue;
      refused = (await this.#goesOn(story)) ? 0 : refused + 1;
      if (refused === queueIsAway) return;
    }
  }

  async #goesOn(story: StoryRecord): Promise<boolean> {
    try {
      if (pendingOf(story.followUps).length === 0) await endFollowing(this.#ports, story);
      else await askForFollowUps(this.#ports, story);
      return true;
    } catch (error) {
      if (isAppError(error, 'store_unavailable')) throw error;
      this.#ports.chat.logger.error('What follows a story could not be asked for; the sweep tries again.', {
        'event.action': 'sweep',
        'lamplight.story.id': story._id,
        error,
      });
      return false;
    }
  }
}
