import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openTestLimits } from '#domain/limits/rate-limits.fixture.ts';
import { concludeRun } from '#domain/runs/conclude-run.ts';
import { isLive } from '#domain/runs/run-records.ts';
import { sweepReservations } from '#domain/runs/sweep-reservations.ts';
import { RunSweep } from '#domain/runs/sweep-runs.ts';
import { generousSettings } from '#domain/settings/generous-settings.fixture.ts';
import type { BudgetRecord } from '#domain/usage/budget-records.ts';
import { budgetCollection, openBudgetRecords } from '#domain/usage/budget-records.ts';
import { Budgets } from '#domain/usage/budgets.ts';
import { openUsageRecords, usageCollections } from '#domain/usage/usage-records.ts';
import { LocalBroadcast } from '#platform/broadcast/local-broadcast.ts';
import { isAppError } from '#platform/errors.ts';
import { LocalQueue } from '#platform/queue/local-queue.ts';
import { LocalRunLog } from '#platform/run-log/local-run-log.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import { createMetrics, type Metrics } from '#platform/telemetry/metrics.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { ScriptedModels } from '#tests/protocol/scripted-models.ts';
import { Freezable, settle, VirtualTime } from '#tests/protocol/virtual-time.ts';
import { withKinds } from './answer-kind.ts';
import type { ChatPorts } from './chat-ports.ts';
import { chatCollections, openChatRecords } from './chat-records.ts';
import { sendMessage } from './send-message.ts';

const histories = Number(process.env['BUDGET_HISTORIES'] ?? 300);
/** Two answers and a half. */
const budget = 2_600;
const mostRunning = 3;
const afterMidnightMs = 2 * 3_600_000;
const ada = {
  id: 'ada',
  name: 'Ada',
  role: 'user',
  timeZone: 'UTC',
  sessionId: 's',
  expiresAt: Number.MAX_SAFE_INTEGER,
} as const;

/** After so many calls to the store (half calls: before one, or before its reply) a process is killed, or stands still for long. */
interface Fate {
  readonly after: number;
  readonly end: 'never' | 'killed' | 'frozen';
}
interface Plan extends Fate {
  readonly conversation: number;
  readonly clientMessage: number;
  /** How wrong the clock of the sender is: for some it is tomorrow. */
  readonly skewMs: number;
  /** Tokens that the answer takes; none where it fails. */
  readonly output: number;
  /** Who ends the answer. */
  readonly ender: Fate;
}

const fate = {
  after: fc.nat(14),
  end: fc.constantFrom('never', 'never', 'killed', 'frozen'),
} as const;
const plan: fc.Arbitrary<Plan> = fc.record({
  ...fate,
  conversation: fc.nat(3),
  clientMessage: fc.nat(5),
  skewMs: fc.constantFrom(0, 0, afterMidnightMs),
  output: fc.nat(900),
  ender: fc.record(fate),
});

/** A process as the store knows it: each of its calls waits for its turn among all others, and for the process to run. */
class Process {
  readonly freezable: Freezable;
  readonly #turns: fc.Scheduler;
  readonly #fate: Fate;
  #calls = 0;

  constructor(time: VirtualTime, turns: fc.Scheduler, fateOfIt: Fate) {
    this.freezable = new Freezable(time);
    this.#turns = turns;
    this.#fate = fateOfIt;
  }

  through<T extends object>(port: T, look: () => Promise<void>): T {
    return new Proxy(port, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          await this.#turns.schedule(Promise.resolve());
          await this.#step();
          const result: unknown = await member.apply(target, args);
          await look();
          await this.#step();
          return result;
        };
      },
    });
  }

  async #step(): Promise<void> {
    this.#calls += 1;
    if (this.#calls === this.#fate.after && this.#fate.end === 'killed') this.freezable.kill();
    if (this.#calls === this.#fate.after && this.#fate.end === 'frozen') this.freezable.freeze();
    await (this.freezable.dead ? new Promise(() => {}) : this.freezable.running());
  }
}

class World {
  readonly time = new VirtualTime();
  readonly processes: Process[] = [];
  readonly chat: ChatPorts;
  readonly #store: Store;
  readonly #turns: fc.Scheduler;
  readonly #metrics: Metrics;
  /** Whoever stood still for so long that what it had reserved was given up may take more than there is. */
  strict = true;

  constructor(store: Store, turns: fc.Scheduler, metrics: Metrics) {
    this.#store = store;
    this.#turns = turns;
    this.#metrics = metrics;
    this.chat = this.#portsOf((port) => port, 0);
  }

  /** Chat in a process of its own. */
  process(fateOfIt: Fate, skewMs = 0): ChatPorts {
    const process = new Process(this.time, this.#turns, fateOfIt);
    this.processes.push(process);
    return this.#portsOf((port) => process.through(port, () => this.look()), skewMs);
  }

  budget(): Promise<BudgetRecord | undefined> {
    return openBudgetRecords(this.#store).get(ada.id);
  }

  async look(): Promise<void> {
    const record = await this.budget();
    if (!record) return;
    const reservations = Object.values(record.reservations);
    expect(record.running).toBe(reservations.length);
    expect(record.running).toBeLessThanOrEqual(mostRunning);
    const reserved = reservations.reduce((sum, { tokens }) => sum + tokens, 0);
    const days = Object.values(record.days);
    expect(days.reduce((sum, { held }) => sum + held, 0)).toBe(
      days.reduce((sum, { committed }) => sum + committed, 0) + reserved,
    );
    if (this.strict) for (const { held } of days) expect(held).toBeLessThanOrEqual(budget);
  }

  #portsOf(through: <T extends object>(port: T) => T, skewMs: number): ChatPorts {
    const { logger } = collectingLogger();
    const clock = new Freezable(this.time).clock(skewMs);
    const records = openChatRecords(this.#store);
    const budgets = { guest: 0, user: budget, manager: 0, admin: 0 };
    const runtime = { current: () => ({ ...generousSettings, runningAnswers: mostRunning, budgets }) };
    const shared = { clock, logger, runtime, metrics: this.#metrics };
    let ids = 0;
    const number = this.processes.length;
    return withKinds({
      ...shared,
      records: {
        conversations: through(records.conversations),
        messages: through(records.messages),
        runs: through(records.runs),
      },
      budgets: new Budgets({ ...shared, records: through(openBudgetRecords(this.#store)) }),
      usage: openUsageRecords(this.#store),
      messageLimit: openTestLimits().rates.messages,
      queue: new LocalQueue({ clock, logger, random: () => 0.5 }),
      runLog: new LocalRunLog({ clock, logger }),
      broadcast: new LocalBroadcast({ logger }),
      models: new ScriptedModels(),
      newId: () => `id-${number}-${ids++}`,
      settings: { systemText: '', contextMessages: 10, maxRunMs: 600_000, maxOutputLength: 9, maxReplyTokens: 1_000 },
    });
  }
}

const refusals = new Set(['answer_running', 'message_id_reused', 'not_found', 'too_many_answers', 'budget_spent']);

async function send(world: World, plan: Plan): Promise<void> {
  const chat = world.process(plan, plan.skewMs);
  const request = { text: 'Hello', clientMessageId: `m${plan.clientMessage}`, conversationId: `c${plan.conversation}` };
  try {
    const { run } = await sendMessage(chat, ada, request);
    const ender = world.process(plan.ender);
    const spent = plan.output === 0 ? {} : { spent: { calls: 1, outputTokens: plan.output } };
    await concludeRun(ender, run, { status: 'queued' }, { status: 'complete', ...spent });
  } catch (error) {
    if (!isAppError(error) || !refusals.has(error.code)) throw error;
  }
}

async function untilAllWait(turns: fc.Scheduler): Promise<void> {
  do {
    while (turns.count() > 0) await turns.waitOne();
    await settle();
  } while (turns.count() > 0);
}

async function play(world: World, plans: readonly Plan[], turns: fc.Scheduler): Promise<void> {
  for (let n = 0; n <= 3; n += 1) {
    const record = { _id: `c${n}`, ownerId: ada.id, title: 't', titleSource: 'person', deleted: false } as const;
    await world.chat.records.conversations.insert({ ...record, createdAt: 0, updatedAt: 0 });
  }
  const sends = plans.map((each) => send(world, each));
  await untilAllWait(turns);
  // Some wake up only after what they had reserved was given up.
  await world.time.advance(60_000);
  world.strict = false;
  await sweepReservations(world.chat);
  await world.look();
  for (let at = 0; at < world.processes.length; at += 1) {
    world.processes[at]?.freezable.thaw();
    await untilAllWait(turns);
  }
  await Promise.all(sends.filter((_each, n) => plans[n]?.end !== 'killed' && plans[n]?.ender.end !== 'killed'));
}

async function checkEnd(world: World): Promise<void> {
  const { runs } = world.chat.records;
  const all = async () => (await runs.find({ where: {}, limit: 1_000 })).items;
  for (const run of await all()) {
    if (isLive(run)) await concludeRun(world.chat, run, { status: 'queued' }, { status: 'stopped' });
  }
  await world.time.advance(2 * afterMidnightMs);
  await new RunSweep(world.chat).repair();
  const open = Object.keys((await world.budget())?.reservations ?? {});
  expect(await runs.getMany(open), 'what ended was settled').toEqual([]);
  await sweepReservations(world.chat);
  const record = await world.budget();
  const ended = await all();
  const taken = ended.reduce((sum, { usage }) => sum + (usage ? usage.inputTokens + usage.outputTokens : 0), 0);
  const committed = Object.values(record?.days ?? {}).reduce((sum, day) => sum + day.committed, 0);
  expect(committed, 'each answer was counted once').toBe(taken);
  if (record) expect(record).toMatchObject({ reservations: {}, running: 0 });
  for (const { held, committed: spent } of Object.values(record?.days ?? {})) expect(held).toBe(spent);
  for (const run of ended) expect(run.settled).toBe(true);
}

describe('the budget of a person whose sends cross, and whose processes die or stand still at any step', () => {
  it(`is never overdrawn and ends right in ${histories} made-up histories`, { timeout: 300_000 }, async () => {
    const metrics = createMetrics({ service: 'test', version: '0' });
    const property = fc.asyncProperty(
      fc.scheduler(),
      fc.array(plan, { minLength: 1, maxLength: 7 }),
      async (turns, plans) => {
        const store = await openSqliteStore({ file: ':memory:', logger: collectingLogger().logger });
        await store.prepare([...Object.values(chatCollections), ...Object.values(usageCollections), budgetCollection]);
        const world = new World(store, turns, metrics);
        try {
          await play(world, plans, turns);
          await checkEnd(world);
        } finally {
          await store.close();
        }
      },
    );
    try {
      await fc.assert(property, { numRuns: histories });
    } finally {
      metrics.close();
    }
  });
});
