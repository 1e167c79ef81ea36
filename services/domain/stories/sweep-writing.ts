import { kindOf } from '#domain/runs/run-kind.ts';
import { isLive } from '#domain/runs/run-records.ts';
import { inTraceOf } from '#domain/runs/run-trace.ts';
import { isAppError } from '#platform/errors.ts';
import type { StoryPorts } from './story-ports.ts';

export const sweepWritingEveryMs = 10_000;
/** One that began less long ago is ended by whoever ends its run. */
const freshMs = 60_000;
const batch = 500;

/**
 * Ends stories that are still said to be written although their run is over: a scheduler of a release before stories may have brought
 * the run to rest, which knew nothing of its story. A pass takes a batch and the next one goes on behind it, so that many that are
 * being written cost little and hide nothing.
 */
export class WritingSweep {
  readonly #ports: StoryPorts;
  #cursor: string | undefined;

  constructor(ports: StoryPorts) {
    this.#ports = ports;
  }

  /** One pass. A story that fails is logged and left for a later one; throws where the store cannot be reached. */
  async sweep(): Promise<void> {
    const { stories, chat } = this.#ports;
    const { items, nextCursor } = await stories.stories.find({
      where: { status: 'writing', createdAt: { lte: chat.clock.now() - freshMs } },
      sort: { by: ['createdAt'], direction: 'asc' },
      limit: batch,
      cursor: this.#cursor,
      fields: ['runId', 'deleted'],
    });
    this.#cursor = nextCursor;
    const ids = items.filter(({ deleted }) => !deleted).map(({ runId }) => runId);
    if (ids.length === 0) return;
    for (const run of await chat.records.runs.getMany(ids, ['status'])) if (!isLive(run)) await this.#end(run._id);
  }

  async #end(runId: string): Promise<void> {
    const { chat } = this.#ports;
    try {
      const run = await chat.records.runs.get(runId);
      if (!run) return;
      const kind = kindOf(chat, run);
      await inTraceOf(run, async () => {
        await kind.copyEnd(run);
        await kind.afterEnd(run);
      });
      chat.metrics.sweepRepairs.inc({ kind: 'story_end' });
    } catch (error) {
      if (isAppError(error, 'store_unavailable')) throw error;
      chat.logger.error('A story whose run is over could not be ended; the sweep tries again.', {
        'event.action': 'sweep',
        'lamplight.run.id': runId,
        error,
      });
    }
  }
}
