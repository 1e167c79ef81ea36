import { afterEach, describe, expect, it } from 'vitest';
import { isAppError } from '#platform/errors.ts';
import { openMongoStore } from '#platform/store/mongo-store.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Collection, Store } from '#platform/store/store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { startMongo } from '#tests/servers/programs.ts';
import { type BudgetRecord, budgetCollection } from './budget-records.ts';
import { ada, testBudgets, usage } from './budgets.fixture.ts';

const sends = 100;
const { logger } = collectingLogger();

/** Lets others come between any two calls, as they do where the store is another process, and looks after each of them. */
const jostled = (records: Collection<BudgetRecord>, look: () => Promise<void>): Collection<BudgetRecord> =>
  new Proxy(records, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        for (let turns = Math.floor(3 * Math.random()); turns > 0; turns -= 1) await turn();
        const result: unknown = await member.apply(target, args);
        await look();
        return result;
      };
    },
  });
const turn = () => new Promise((resolve) => setImmediate(resolve));
const places: Readonly<Record<string, () => Promise<{ store: Store; stop(): Promise<void> } | undefined>>> = {
  SQLite: async () => ({ store: await openSqliteStore({ file: ':memory:', logger }), stop: async () => {} }),
  MongoDB: async () => {
    const server = await startMongo();
    return server && { store: await openMongoStore({ uri: `${server.url}budgets`, logger }), stop: server.stop };
  },
};

describe.each(Object.entries(places))('a hundred sends at once, on %s', (_, open) => {
  let close = async () => {};
  afterEach(() => close());

  it('never take more than there is, at any instant, and are each counted once', { timeout: 60_000 }, async ({
    skip,
  }) => {
    const place = await open();
    if (!place) return skip('no MongoDB, and nothing that speaks its protocol');
    const { store } = place;
    await store.prepare([budgetCollection]);
    let samples = 0;
    let [mostHeld, mostRunning] = [0, 0];
    const look = async () => {
      const record = await world.records.get(ada.id);
      const { committed = 0, held = 0 } = record?.days['2026-11-21'] ?? {};
      const reservations = Object.values(record?.reservations ?? {});
      expect(held).toBeLessThanOrEqual(1_000);
      expect(committed + reservations.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(held);
      expect(record?.running ?? 0).toBe(reservations.length);
      expect(reservations.length).toBeLessThanOrEqual(4);
      [mostHeld, mostRunning] = [Math.max(mostHeld, held), Math.max(mostRunning, reservations.length)];
      samples += 1;
    };
    const world = testBudgets(store, { runningAnswers: 4 }, (records) => jostled(records, look));
    close = async () => {
      world.metrics.close();
      await store.close();
      await place.stop();
    };
    const { budgets, records } = world;

    const refusals = { budget_spent: 0, too_many_answers: 0 };
    let spent = 0;
    const send = async (number: number) => {
      const run = { _id: `run-${number}`, ownerId: ada.id };
      for (;;) {
        try {
          const reserved = await budgets.reserve(ada, run._id, 60 + (number % 7));
          const took = number % 5 === 0 ? undefined : usage(20, 5 + (number % 30));
          const ended = { ...run, reserved, usage: took };
          await Promise.all([budgets.settle(ended), budgets.settle(ended)]);
          spent += took ? took.inputTokens + took.outputTokens : 0;
          return;
        } catch (error) {
          if (!isAppError(error) || !(error.code in refusals)) throw error;
          refusals[error.code as keyof typeof refusals] += 1;
          if (error.code === 'budget_spent') return;
        }
      }
    };
    await Promise.all(Array.from({ length: sends }, (_each, number) => send(number)));
    expect(samples).toBeGreaterThan(2 * sends);
    expect(mostHeld).toBeGreaterThan(900);
    expect(mostRunning).toBeGreaterThan(1);
    expect(refusals.budget_spent).toBeGreaterThan(10);
    expect(refusals.too_many_answers).toBeGreaterThan(0);
    expect(await records.get(ada.id)).toMatchObject({
      days: { '2026-11-21': { committed: spent, held: spent } },
      reservations: {},
      running: 0,
    });
  });
});
