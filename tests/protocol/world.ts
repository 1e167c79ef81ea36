import type { Principal } from '#domain/accounts/principal.ts';
import { withKinds } from '#domain/chat/answer-kind.ts';
import type { ChatPorts, ChatTools } from '#domain/chat/chat-ports.ts';
import { chatCollections, openChatRecords } from '#domain/chat/chat-records.ts';
import { answerQueue } from '#domain/chat/chat-topics.ts';
import { deleteConversation } from '#domain/chat/conversations.ts';
import { sendMessage } from '#domain/chat/send-message.ts';
import { ConversationSweep } from '#domain/chat/sweep-conversations.ts';
import { openTestLimits } from '#domain/limits/rate-limits.fixture.ts';
import { attemptRun } from '#domain/runs/attempt-run.ts';
import { isLive, type RunRecord } from '#domain/runs/run-records.ts';
import { personNotice } from '#domain/runs/run-topics.ts';
import { RunsUnderWay } from '#domain/runs/runs-under-way.ts';
import { stopRun } from '#domain/runs/stop-run.ts';
import { RunSweep, sweepEveryMs } from '#domain/runs/sweep-runs.ts';
import { generousSettings } from '#domain/settings/generous-settings.fixture.ts';
import { type BudgetRecord, budgetCollection, openBudgetRecords } from '#domain/usage/budget-records.ts';
import { Budgets } from '#domain/usage/budgets.ts';
import { openUsageRecords, usageCollections } from '#domain/usage/usage-records.ts';
import { LocalBroadcast } from '#platform/broadcast/local-broadcast.ts';
import { isAppError, storeUnavailable } from '#platform/errors.ts';
import type { Models } from '#platform/models/models.ts';
import { LocalQueue } from '#platform/queue/local-queue.ts';
import type { Consumer } from '#platform/queue/queue.ts';
import { LocalRunLog } from '#platform/run-log/local-run-log.ts';
import { RunLogUnavailable } from '#platform/run-log/run-log.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { FollowedAnswer } from './followed-answer.ts';
import { ScriptedModels } from './scripted-models.ts';
import { FlushableRunLog, Trouble, troubled } from './troubled-ports.ts';
import { Freezable, settle, VirtualTime } from './virtual-time.ts';

interface Worker {
  readonly process: Freezable;
  readonly consumer: Consumer;
}

const owner: Principal = {
  id: 'ada',
  name: 'Ada',
  role: 'guest',
  timeZone: 'UTC',
  sessionId: 's',
  expiresAt: Number.MAX_SAFE_INTEGER,
};
const text = 'Tell me something.';

/** Two workers, a sweep and some readers around one answer, on the embedded adapters, in time that stands still by itself. */
export class World {
  readonly time = new VirtualTime();
  readonly models = new ScriptedModels();
  readonly readers = Array.from({ length: 3 }, () => new FollowedAnswer());
  readonly logTrouble = new Trouble();
  readonly storeTrouble = new Trouble();
  readonly logger = collectingLogger();
  readonly #store: Store;
  readonly #runLog: FlushableRunLog;
  readonly #ports: Omit<ChatTools, 'records' | 'budgets' | 'usage' | 'clock' | 'runLog'>;
  readonly #calm = new Trouble();
  readonly #workers: Worker[] = [];
  readonly skews: readonly number[];
  #ids = 0;
  /** Which worker asked the model last. */
  #atWork = 0;

  static async create(skews: readonly number[], metrics: Metrics): Promise<World> {
    const world = new World(
      await openSqliteStore({ file: ':memory:', logger: collectingLogger().logger }),
      skews,
      metrics,
    );
    await world.#store.prepare([
      ...Object.values(chatCollections),
      ...Object.values(usageCollections),
      budgetCollection,
    ]);
    world.#startWorker(0);
    world.#startWorker(1);
    world.#startSweep(skews[2] ?? 0);
    return world;
  }

  private constructor(store: Store, skews: readonly number[], metrics: Metrics) {
    this.#store = store;
    this.skews = skews;
    const clock = new Freezable(this.time).clock(0);
    const { logger } = this.logger;
    this.#runLog = new FlushableRunLog(new LocalRunLog({ clock, logger }));
    this.#ports = {
      queue: new LocalQueue({ clock, logger, random: () => 0.5 }),
      broadcast: new LocalBroadcast({ logger }),
      models: this.models,
      logger,
      metrics,
      newId: () => `id-${String(this.#ids++).padStart(4, '0')}`,
      runtime: { current: () => generousSettings },
      messageLimit: openTestLimits().rates.messages,
      settings: {
        systemText: '',
        contextMessages: 10,
        maxRunMs: 600_000,
        maxOutputLength: 100_000,
        maxReplyTokens: 1_000,
      },
    };
    this.#ports.broadcast.subscribe(personNotice, ({ notice }) => {
      if (notice.kind === 'run_ended') for (const reader of this.readers) reader.poke();
    });
  }

  /** Chat as a process that nothing happens to sees it. */
  get chat(): ChatPorts {
    return this.#portsOf(new Freezable(this.time), 0, this.#calm);
  }

  /** Chat as the servers' troubles show it to those who read answers. */
  get readersChat(): ChatPorts {
    return this.#portsOf(new Freezable(this.time), 0, this.storeTrouble);
  }

  send = (clientMessageId: string) => sendMessage(this.chat, owner, { text, clientMessageId });

  async run(id: string): Promise<RunRecord | undefined> {
    return this.chat.records.runs.get(id);
  }

  budget(): Promise<BudgetRecord | undefined> {
    return openBudgetRecords(this.#store).get(owner.id);
  }

  flushLog(): void {
    this.#runLog.flush();
  }

  loseEndOfLog = (runId: string, entries: number) => this.#runLog.loseEnd(runId, entries);

  get atWork(): number {
    return this.#atWork;
  }

  worker(index: number): Worker | undefined {
    return this.#workers[index];
  }

  killWorker(index: number): void {
    this.#workers[index]?.process.kill();
    this.#startWorker(index);
  }

  /** SIGTERM: it has no time to finish, hands back and is replaced. */
  async replaceWorker(index: number): Promise<void> {
    void this.#workers[index]?.consumer.drain(0);
    this.#startWorker(index);
    await settle();
  }

  async connect(reader: FollowedAnswer, runId: string, claimed?: string): Promise<void> {
    const run = await this.run(runId);
    if (run) reader.connect(this.readersChat, run, claimed);
    await settle();
  }

  stop = (runId: string) => stopRun(this.chat, runId);

  async deleteConversation(id: string): Promise<void> {
    await deleteConversation(this.chat, owner, id).catch((error: unknown) => {
      if (!isAppError(error, 'not_found')) throw error;
    });
  }

  /** All troubles end; whoever was frozen goes on; what a model is asked, it answers at once. */
  async heal(): Promise<void> {
    for (const trouble of [this.logTrouble, this.storeTrouble])
      Object.assign(trouble, { down: false, repliesToLose: 0 });
    this.models.onCall = (call) => call.finish();
    for (const { process } of this.#workers) process.thaw();
    for (const call of this.models.calls) call.finish();
    await settle();
  }

  async isAtRest(runId: string): Promise<boolean> {
    const run = await this.run(runId);
    const readersDone = this.readers.every((reader) => reader.ended || reader.gone);
    return readersDone && (run === undefined || (!isLive(run) && run.settled));
  }

  async close(): Promise<void> {
    for (const reader of this.readers) reader.drop();
    for (const { process } of this.#workers) process.kill();
    await this.#store.close();
  }

  #portsOf(process: Freezable, skewMs: number, store: Trouble, models: Models = this.models): ChatPorts {
    const records = openChatRecords(this.#store);
    const unavailable = () => storeUnavailable(new Error('The store is in trouble.'));
    const lost = () => new RunLogUnavailable(new Error('The log is in trouble.'));
    const log = store === this.#calm ? this.#calm : this.logTrouble;
    const clock = process.clock(skewMs);
    const usage = openUsageRecords(this.#store);
    const budgets = troubled(openBudgetRecords(this.#store), process, store, unavailable);
    return withKinds({
      ...this.#ports,
      models,
      budgets: new Budgets({ ...this.#ports, records: budgets, clock }),
      usage: { ...usage, shares: troubled(usage.shares, process, store, unavailable) },
      clock,
      runLog: troubled(this.#runLog, process, log, lost),
      records: {
        conversations: troubled(records.conversations, process, store, unavailable),
        messages: troubled(records.messages, process, store, unavailable),
        runs: troubled(records.runs, process, store, unavailable),
      },
    });
  }

  #startWorker(index: number): void {
    const process = new Freezable(this.time);
    const stream: ScriptedModels['stream'] = (request) => {
      this.#atWork = index;
      return this.models.stream(request);
    };
    const { list, get, default: chosen } = this.models;
    const models = { list, get, default: chosen, stream };
    const chat = this.#portsOf(process, this.skews[index] ?? 0, this.storeTrouble, models);
    const underWay = new RunsUnderWay(chat);
    const consumer = chat.queue.consume(answerQueue, { concurrency: 10 }, (job, signal) =>
      attemptRun(chat, underWay, job.data, signal),
    );
    this.#workers[index] = { process, consumer };
  }

  #startSweep(skewMs: number): void {
    const process = new Freezable(this.time);
    const chat = this.#portsOf(process, skewMs, this.storeTrouble);
    for (const sweep of [new RunSweep(chat), new ConversationSweep(chat)]) {
      const again = () =>
        void sweep
          .sweep()
          .catch(() => {})
          .then(() => chat.clock.after(sweepEveryMs, again));
      again();
    }
  }
}
