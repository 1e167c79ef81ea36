import { stopRun } from '#domain/runs/stop-run.ts';
import { countAnswer, countedFields } from '#domain/usage/usage-shares.ts';
import { isAppError } from '#platform/errors.ts';
import type { Range } from '#platform/store/store.ts';
import type { ChatPorts } from './chat-ports.ts';

const purgeAfterMs = 5_000;
/** A tombstone outlives what could still be written under it. */
const tombstoneMs = 60 * 60 * 1_000;
const batch = 500;

/** Removes what deleted conversations held. */
export class ConversationSweep {
  readonly #chat: ChatPorts;
  /** Tombstones under which this process has found nothing. */
  #purged = new Set<string>();

  constructor(chat: ChatPorts) {
    this.#chat = chat;
  }

  /** One pass. A conversation that fails is logged and left for the next; throws where the store cannot be reached. */
  async sweep(): Promise<void> {
    const { conversations } = this.#chat.records;
    const now = this.#chat.clock.now();
    const find = async (updatedAt: Range, direction: 'asc' | 'desc') =>
      (await conversations.find({ ...deletedConversations(updatedAt, direction), limit: batch })).items;
    // The newest first: those before them were purged when they were the newest, or are removed with their tombstone.
    const fresh = await find({ gt: now - tombstoneMs, lte: now - purgeAfterMs }, 'desc');
    this.#purged = this.#purged.intersection(new Set(fresh.map(({ _id }) => _id)));
    const unpurged = fresh.filter(({ _id }) => !this.#purged.has(_id));
    await this.#each(unpurged, async ({ _id }) => {
      if (await this.#purge(_id)) this.#purged.add(_id);
    });
    await this.#each(await find({ lte: now - tombstoneMs }, 'asc'), async ({ _id }) => {
      if (await this.#purge(_id)) await conversations.delete(_id);
    });
  }

  /** Removes what a deleted conversation holds, some at a time; true where nothing was left. */
  async #purge(conversationId: string): Promise<boolean> {
    const { records } = this.#chat;
    const live = await records.runs.find({ where: { slot: conversationId }, limit: 1, fields: ['status'] });
    for (const run of live.items) await stopRun(this.#chat, run._id);
    if (live.items.length > 0) return false;
    await this.#settleSpent(conversationId);
    const messages = await records.messages.deleteWhere({ conversationId }, 1_000);
    const runs = await records.runs.deleteWhere({ conversationId }, 1_000);
    if (messages + runs === 0) return true;
    this.#chat.metrics.sweepRepairs.inc({ kind: 'deleted' });
    return false;
  }

  /** What was spent on runs that ended a moment ago and are about to go. */
  async #settleSpent(conversationId: string): Promise<void> {
    const fields = ['ownerId', 'settled', 'reserved', 'usage', ...countedFields];
    let cursor: string | undefined;
    do {
      const page = await this.#chat.records.runs.find({ where: { conversationId }, limit: 1_000, fields, cursor });
      for (const run of page.items) {
        if (run.settled) continue;
        await this.#chat.budgets.settle(run);
        await countAnswer(this.#chat, run);
      }
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }

  async #each(
    records: ReadonlyArray<{ readonly _id: string }>,
    repair: (record: { readonly _id: string }) => Promise<void>,
  ): Promise<void> {
    for (const record of records) {
      try {
        await repair(record);
      } catch (error) {
        if (isAppError(error, 'store_unavailable')) throw error;
        this.#chat.logger.error('A deleted conversation could not be removed; the sweep tries again.', {
          'event.action': 'sweep',
          'lamplight.conversation.id': record._id,
          error,
        });
      }
    }
  }
}

const deletedConversations = (updatedAt: Range, direction: 'asc' | 'desc') => ({
  where: { deleted: true, updatedAt },
  sort: { by: ['updatedAt'], direction },
  fields: ['updatedAt'],
});
