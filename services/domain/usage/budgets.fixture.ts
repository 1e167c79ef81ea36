import type { RuntimeSettings } from '#contract/administration.ts';
import { generousSettings } from '#domain/settings/generous-settings.fixture.ts';
import type { Clock } from '#platform/clock.ts';
import type { Collection, Store } from '#platform/store/store.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import type { BudgetHolder } from './budget-limits.ts';
import { type BudgetRecord, openBudgetRecords } from './budget-records.ts';
import { Budgets } from './budgets.ts';

export const ada: BudgetHolder = { id: 'ada', role: 'user', timeZone: 'UTC' };
export const noon = Date.parse('2026-11-21T12:00:00Z');
export const usage = (inputTokens: number, outputTokens: number) => ({ inputTokens, outputTokens, estimated: false });

/** Budgets on a store, in a time and with settings that a test sets. */
export function testBudgets(
  store: Store,
  settings: Partial<RuntimeSettings> = {},
  through: (records: Collection<BudgetRecord>) => Collection<BudgetRecord> = (records) => records,
) {
  const records = openBudgetRecords(store);
  const time = { now: noon };
  const clock: Clock = { now: () => time.now, monotonic: () => time.now, after: () => () => {} };
  const { logger, lines } = collectingLogger();
  const metrics = createMetrics({ service: 'test', version: '0' });
  const budget = { guest: 500, user: 1_000, manager: 1_000, admin: 1_000 };
  const current: RuntimeSettings = { ...generousSettings, runningAnswers: 1_000, budgets: budget, ...settings };
  const runtime = { current: () => current };
  return {
    budgets: new Budgets({ records: through(records), runtime, clock, logger, metrics }),
    records,
    time,
    lines,
    metrics,
    /** What a metric has counted. */
    async counted(name: string, label: string): Promise<number> {
      const { body } = await metrics.expose();
      return Number(new RegExp(`^${name}\\{.*"${label}".*\\} (\\d+)$`, 'm').exec(body)?.[1] ?? 0);
    },
  };
}
