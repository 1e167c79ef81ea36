import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { isLive, type RunRecord } from '#domain/runs/run-records.ts';
import type { BudgetRecord } from '#domain/usage/budget-records.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { settle } from './virtual-time.ts';
import { World } from './world.ts';

/** How many histories are made up and checked; the same again with PROTOCOL_SEED. */
const histories = Number(process.env['PROTOCOL_HISTORIES'] ?? 2_000);
const longestRecoveryMs = 180_000;

type Step = { readonly name: string; readonly n: number; readonly ms: number };

/** What can happen, by name; `n` chooses among what there is. */
const happenings: Readonly<Record<string, (world: World, run: RunRecord, step: Step) => Promise<unknown> | unknown>> = {
  advance: (world, _run, { ms }) => world.time.advance(ms),
  'advance a little': (world, _run, { ms }) => world.time.advance(ms % 60),
  say: (world, _run, { n }) => openCall(world, n)?.say(n % 7 === 0 ? 'thinking' : 'text', `${n} words, `),
  'say half a pair at a time': (world, _run, { n }) => {
    const call = openCall(world, n);
    call?.say('text', '\ud83d');
    call?.say('text', n % 5 === 0 ? 'no pair' : '\ude00');
  },
  finish: (world, _run, { n }) => openCall(world, n)?.finish(),
  'let a lease lapse': (world) => world.time.advance(12_000),
  'kill the worker at work': (world) => world.killWorker(world.atWork),
  'freeze the worker at work': (world) => world.worker(world.atWork)?.process.freeze(),
  'kill a worker': (world, _run, { n }) => world.killWorker(n % 2),
  'freeze a worker': (world, _run, { n }) => world.worker(n % 2)?.process.freeze(),
  'thaw the workers': (world) => [0, 1].map((index) => world.worker(index)?.process.thaw()),
  'replace a worker': (world, _run, { n }) => world.replaceWorker(n % 2),
  'flush the log': (world) => world.flushLog(),
  'lose the end of the log': (world, run, { n }) => world.loseEndOfLog(run._id, 1 + (n % 5)),
  'lose replies of the log': (world, _run, { n }) => Object.assign(world.logTrouble, { repliesToLose: n % 4 }),
  'lose replies of the store': (world, _run, { n }) => Object.assign(world.storeTrouble, { repliesToLose: n % 4 }),
  'take the log away': (world) => Object.assign(world.logTrouble, { down: true }),
  'bring the log back': (world) => Object.assign(world.logTrouble, { down: false }),
  'take the store away': (world) => Object.assign(world.storeTrouble, { down: true }),
  'bring the store back': (world) => Object.assign(world.storeTrouble, { down: false }),
  'connect a reader': (world, run, { n }) => world.connect(reader(world, n), run._id),
  'drop a reader': (world, _run, { n }) => reader(world, n).drop(),
  'slow a reader': (world, _run, { n }) => reader(world, n).setWritable(false),
  'drain a reader': (world, _run, { n }) => reader(world, n).setWritable(true),
  'claim a position': (world, run, { n }) => world.connect(reader(world, n), run._id, claims[n % claims.length]),
  'send it again': async (world, run) => {
    // A conversation that was deleted is forgotten with all that was sent to it.
    if (await world.run(run._id)) expect((await world.send('m1')).run._id).toBe(run._id);
  },
};
const claims = ['', 'nonsense', '1-99999', '9-3', '0-0', '1-0', '1-18446744073709551615', '-1-5'];

/** What makes a worker fall silent, or seem to. Without any of it no answer is taken from its worker, however wrong the clocks are. */
const silencing = /kill|freeze|store|replace/;

/** What ends the history for the person, at a random place in it. */
const wishes = ['none', 'none', 'none', 'stop', 'delete'] as const;

const openCall = (world: World, n: number) => {
  const open = world.models.calls.filter((call) => call.open);
  return open[n % Math.max(1, open.length)];
};
const reader = (world: World, n: number) => world.readers[n % world.readers.length] ?? expect.unreachable();

const step: fc.Arbitrary<Step> = fc.record({
  // What makes an answer grow is as frequent as what disturbs it.
  name: fc.oneof(
    fc.constantFrom('advance', 'advance a little', 'say', 'say', 'say half a pair at a time', 'connect a reader'),
    fc.constantFrom(...Object.keys(happenings)),
  ),
  n: fc.nat(1_000),
  ms: fc.integer({ min: 1, max: 4_000 }),
});
const skew = fc.constantFrom(0, 0, 2_500, -2_500, 60_000, -60_000);

const history = fc.record({
  steps: fc.array(step, { minLength: 5, maxLength: 40 }),
  skews: fc.tuple(skew, skew, fc.constantFrom(0, 500, -500)),
  /** A quarter of the histories silence no worker. */
  calm: fc.nat(3).map((n) => n === 0),
  wish: fc.constantFrom(...wishes),
  wishAt: fc.nat(40),
});

const metrics = createMetrics({ service: 'test', version: '0' });

/** Nothing that is shown was made up: it is the beginning of what one call to the model said. */
function checkShown(world: World): void {
  for (const { text, breach } of world.readers) {
    expect(breach).toBeUndefined();
    const truthful = text === '' || world.models.calls.some((call) => call.text.startsWith(text));
    expect(truthful, `shown: ${JSON.stringify(text)}`).toBe(true);
  }
}

const outcomeOf = ({ status, attempt, output, length, error }: RunRecord) => ({
  status,
  attempt,
  output,
  length,
  error,
});

interface Story {
  readonly steps: readonly Step[];
  readonly calm: boolean;
  readonly wish: string;
  readonly wishAt: number;
}

async function play(world: World, { steps: all, calm, wish, wishAt }: Story): Promise<void> {
  const steps = all.filter(({ name }) => !calm || !silencing.test(name));
  const { run } = await world.send('m1');
  let ended: ReturnType<typeof outcomeOf> | undefined;
  for (const [index, taken] of steps.entries()) {
    if (index === wishAt && wish === 'stop') await world.stop(run._id);
    if (index === wishAt && wish === 'delete') await world.deleteConversation(run.conversationId);
    await happenings[taken.name]?.(world, run, taken);
    await settle();
    checkShown(world);
    const stored = await world.run(run._id);
    if (ended && stored) expect(outcomeOf(stored), 'a run ends once').toEqual(ended);
    if (stored && !isLive(stored)) ended ??= outcomeOf(stored);
  }
  if (calm) expect((await world.run(run._id))?.crashes ?? 0, 'nobody took it over').toBe(0);
  await recover(world, run);
  await checkEnd(world, run, wish === 'delete' && wishAt < steps.length);
}

/** Everything works again: then everything comes to rest. */
async function recover(world: World, run: RunRecord): Promise<void> {
  await world.heal();
  for (const each of world.readers) {
    each.setWritable(true);
    await world.connect(each, run._id);
  }
  const start = world.time.ms;
  while (!(await world.isAtRest(run._id))) {
    if (world.time.ms - start > longestRecoveryMs) break;
    await world.time.advance(1_000);
    await settle();
  }
}

async function checkEnd(world: World, { _id, messageId, userMessageId }: RunRecord, deleted: boolean): Promise<void> {
  const run = await world.run(_id);
  checkBudget(await world.budget(), run);
  if (deleted && run === undefined) return;
  if (run === undefined) throw new Error('The run has vanished.');
  expect(isLive(run), `the run is ${run.status}`).toBe(false);
  expect(run.slot).toBe(run._id);
  checkShown(world);
  const stored = run.output.map(({ text }) => text).join('');
  expect(stored.length).toBe(run.length);
  const source = world.models.calls.filter((call) => call.text.startsWith(stored));
  if (run.status === 'complete') expect(source.some((call) => call.text === stored)).toBe(true);
  else expect(stored === '' || source.length > 0).toBe(true);
  for (const each of world.readers) {
    if (deleted && each.gone) continue;
    expect(each.ended?.message.status).toBe(run.status);
    expect(each.text).toBe(stored);
  }
  if (deleted) return;
  expect(run.settled).toBe(true);
  const { items } = await world.chat.records.messages.find({
    where: { conversationId: run.conversationId },
    limit: 10,
  });
  expect(items.map((message) => message._id).sort()).toEqual([messageId, userMessageId].sort());
  const answer = items.find((message) => message._id === messageId);
  expect(answer?.parts.map(({ text }) => text).join('')).toBe(stored);
  expect(answer?.status).toBe(run.status);
}

/** Whatever happened to the answer, nothing of its person's budget is held any more, and what it took was counted once. */
function checkBudget(budget: BudgetRecord | undefined, run: RunRecord | undefined): void {
  expect(budget).toMatchObject({ reservations: {}, released: {}, running: 0 });
  for (const { committed, held } of Object.values(budget?.days ?? {})) {
    expect(held).toBe(committed);
    if (run) expect(committed).toBe((run.usage?.inputTokens ?? 0) + (run.usage?.outputTokens ?? 0));
  }
}

describe('the protocol of an answer', () => {
  afterAll(() => metrics.close());

  it(`holds in ${histories} made-up histories`, { timeout: 600_000 }, async () => {
    const seed = process.env['PROTOCOL_SEED'];
    const property = fc.asyncProperty(history, async ({ skews, ...story }) => {
      const world = await World.create(skews, metrics);
      try {
        await play(world, story);
      } finally {
        await world.close();
      }
    });
    await fc.assert(property, { numRuns: histories, ...(seed !== undefined && { seed: Number(seed) }) });
  });
});
