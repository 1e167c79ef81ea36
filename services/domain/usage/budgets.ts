import type { TokenUsage } from '#contract/conversations.ts';
import type { CurrentSettings } from '#domain/settings/runtime-settings.ts';
import type { Clock } from '#platform/clock.ts';
import type { Collection, Page } from '#platform/store/store.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { type BudgetHolder, budgetOf } from './budget-limits.ts';
import type { BudgetRecord } from './budget-records.ts';
import { budgetSpent, tooManyAnswers } from './budget-refusals.ts';
import { type Day, daysBefore, LocalDays } from './local-days.ts';

export interface BudgetsOptions {
  readonly records: Collection<BudgetRecord>;
  readonly runtime: CurrentSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'budgetTokens' | 'budgetRefusals'>;
}

/** What a run holds of its owner's budget. */
export interface Reserved {
  /** The date whose budget it is, where the person lives. */
  readonly day: Day;
  readonly tokens: number;
}

/** A run as far as its reservation goes. */
export interface ReservedRun {
  readonly _id: string;
  readonly ownerId: string;
  readonly reserved?: Reserved | undefined;
}

export interface OpenReservations {
  readonly personId: string;
  readonly reservations: ReadonlyArray<{ readonly runId: string; readonly at: number }>;
}

export interface BudgetState {
  readonly day: Day;
  readonly budget: number;
  readonly used: number;
  readonly reserved: number;
  readonly left: number;
  readonly resetsAt: number;
}

/**
 * Dates that are kept behind today's: on three of them it is today somewhere, and whoever moves there and back finds what was
 * spent.
 */
const keptDays = 2;

/**
 * The tokens that people may take a day and the answers that they may have under way. Reserved before a run is stored,
 * settled once it has ended; each is one conditional update of the person's document, so that of parallel sends none
 * gets what another has, and a repeated settlement counts nothing.
 */
export class Budgets {
  readonly #options: BudgetsOptions;
  readonly #days = new LocalDays();

  constructor(options: BudgetsOptions) {
    this.#options = options;
  }

  /**
   * Holds `tokens` of today's budget for a run. What is held for it already, by who began it before, stays as it is: only what was said then
   * settles it. Throws `too_many_answers`, `budget_spent`, `store_unavailable`.
   */
  async reserve(person: BudgetHolder, runId: string, tokens: number): Promise<Reserved> {
    const { records, runtime, clock, metrics } = this.#options;
    const now = clock.now();
    const day = this.#days.dayOf(now, person.timeZone);
    const running = runtime.current().runningAnswers;
    const asked = { runId, day, tokens, now, budget: budgetOf(runtime, person), running };
    const hold = {
      set: { [`reservations.${runId}`]: { day, tokens, at: now } },
      increment: { [`days.${day}.held`]: tokens, running: 1 },
    };
    const covered = {
      [`days.${day}.held`]: { lte: asked.budget - tokens },
      [`reservations.${runId}`]: { absent: true },
      running: { lt: running },
    } as const;
    while (!(await records.update(person.id, hold, covered, ['_id']))) {
      const record = await records.get(person.id);
      const earlier = record?.reservations[runId];
      if (earlier) return { day: earlier.day, tokens: earlier.tokens };
      this.#refuse(person, asked, record);
      if (!record?.days[day] && (await this.#openDay(person.id, asked, record))) break;
    }
    metrics.budgetTokens.inc({ step: 'reserved' }, tokens);
    return { day, tokens };
  }

  /** Gives back what was reserved for a run that certainly was not stored. */
  async cancel({ _id, ownerId, reserved }: ReservedRun): Promise<void> {
    if (reserved) await this.#drop(ownerId, _id, reserved, {});
  }

  /** Gives back what is held for a run that was not found, whose process has probably died before it stored it. */
  async releaseOrphan(personId: string, runId: string): Promise<boolean> {
    const reserved = (await this.#options.records.get(personId, ['reservations']))?.reservations[runId];
    if (!reserved) return false;
    return this.#drop(personId, runId, reserved, { [`released.${runId}`]: reserved.day });
  }

  /** Who has answers under way, as far as their budgets tell, and since when. */
  async withReservations(limit: number, cursor: string | undefined): Promise<Page<OpenReservations>> {
    const fields = ['reservations'];
    const page = await this.#options.records.find({ where: { running: { gt: 0 } }, limit, cursor, fields });
    const items = page.items.map(({ _id, reservations }) => ({
      personId: _id,
      reservations: Object.entries(reservations).map(([runId, { at }]) => ({ runId, at })),
    }));
    return { ...page, items };
  }

  /** Removes budgets whose last day was opened before `openedBefore`, `limit` of them at most. */
  async removeUnused(openedBefore: number, limit: number): Promise<void> {
    const { records } = this.#options;
    const unused = { openedAt: { lt: openedBefore } };
    const { items } = await records.find({ where: unused, limit, fields: ['running'] });
    for (const { _id } of items) await records.delete(_id, { ...unused, running: 0 });
  }

  /** Removes all that is kept of a person's budget: of one who is gone, whose answers have ended. */
  async forget(personId: string): Promise<void> {
    await this.#options.records.delete(personId);
  }

  /** Counts what an ended run took, in place of what it held, once however often it is called. Without usage it took nothing. */
  async settle(run: ReservedRun & { readonly usage?: TokenUsage | undefined }): Promise<void> {
    const { _id, ownerId, reserved, usage } = run;
    if (!reserved) return;
    const { records, metrics, logger } = this.#options;
    const { day, tokens } = reserved;
    const taken = usage ? usage.inputTokens + usage.outputTokens : 0;
    const place = `reservations.${_id}`;
    const settled = await records.update(
      ownerId,
      {
        unset: [place],
        increment: { [`days.${day}.committed`]: taken, [`days.${day}.held`]: taken - tokens, running: -1 },
      },
      { [`${place}.tokens`]: tokens },
      ['_id'],
    );
    if (!settled && !(await this.#settleReleased(ownerId, _id, day, taken))) return;
    if (taken > 0) metrics.budgetTokens.inc({ step: 'settled' }, taken);
    if (taken <= tokens) return;
    logger.warn('An answer took more tokens than were held for it; all of them were counted.', {
      'event.action': 'budget_overrun',
      'lamplight.run.id': _id,
      'lamplight.count': taken - tokens,
    });
  }

  /** What a person has today. */
  async stateOf(person: BudgetHolder): Promise<BudgetState> {
    const { records, runtime, clock } = this.#options;
    const now = clock.now();
    const day = this.#days.dayOf(now, person.timeZone);
    const { committed = 0, held = 0 } = (await records.get(person.id, ['days']))?.days[day] ?? {};
    const budget = budgetOf(runtime, person);
    const resetsAt = this.#days.endOf(now, person.timeZone);
    return { day, budget, used: committed, reserved: held - committed, left: Math.max(0, budget - held), resetsAt };
  }

  #refuse(person: BudgetHolder, asked: Asked, record: BudgetRecord | undefined): void {
    const { metrics } = this.#options;
    const { day, now, budget, tokens: wanted } = asked;
    if ((record?.running ?? 0) >= asked.running) {
      metrics.budgetRefusals.inc({ kind: 'answers' });
      throw tooManyAnswers(record?.running ?? 0);
    }
    const held = record?.days[day]?.held ?? 0;
    if (held + wanted <= budget) return;
    metrics.budgetRefusals.inc({ kind: 'tokens' });
    const msToReset = this.#days.endOf(now, person.timeZone) - now;
    throw budgetSpent({ wanted, left: Math.max(0, budget - held), budget, msToReset });
  }

  /** Begins a person's day with its first reservation; false where another was first. */
  async #openDay(
    personId: string,
    { runId, day, tokens, now, running }: Asked,
    record: BudgetRecord | undefined,
  ): Promise<boolean> {
    const { records } = this.#options;
    const opened = { committed: 0, held: tokens };
    const reservation = { day, tokens, at: now };
    if (!record) {
      const fresh = { days: { [day]: opened }, reservations: { [runId]: reservation }, released: {}, running: 1 };
      return (await records.insertMissing([{ _id: personId, ...fresh, openedAt: now }])) === 1;
    }
    const change = {
      set: { [`days.${day}`]: opened, [`reservations.${runId}`]: reservation, openedAt: now },
      unset: pastOf(record, daysBefore(day, keptDays)),
      increment: { running: 1 },
    };
    const condition = { [`days.${day}.held`]: { absent: true }, running: { lt: running } } as const;
    return (await records.update(personId, change, condition, ['_id'])) !== undefined;
  }

  async #drop(personId: string, runId: string, { day, tokens }: Reserved, set: Record<string, string>) {
    const place = `reservations.${runId}`;
    const change = { set, unset: [place], increment: { [`days.${day}.held`]: -tokens, running: -1 } };
    const condition = { [`${place}.tokens`]: tokens };
    return (await this.#options.records.update(personId, change, condition, ['_id'])) !== undefined;
  }

  /** The run was stored after its reservation had been given up: what it took is counted all the same. */
  async #settleReleased(personId: string, runId: string, day: Day, taken: number): Promise<boolean> {
    const place = `released.${runId}`;
    const change = {
      unset: [place],
      increment: { [`days.${day}.committed`]: taken, [`days.${day}.held`]: taken },
    };
    return (await this.#options.records.update(personId, change, { [place]: day }, ['_id'])) !== undefined;
  }
}

interface Asked extends Reserved {
  readonly runId: string;
  readonly now: number;
  readonly budget: number;
  readonly running: number;
}

/** Paths of what lies before a day and is waited for by no run. */
function pastOf({ days, reservations, released }: BudgetRecord, first: Day): readonly string[] {
  const awaited = new Set(Object.values(reservations).map((reservation) => reservation.day));
  const isPast = (day: Day) => day < first && !awaited.has(day);
  return [
    ...Object.keys(days)
      .filter(isPast)
      .map((day) => `days.${day}`),
    ...Object.entries(released)
      .filter(([, day]) => isPast(day))
      .map(([runId]) => `released.${runId}`),
  ];
}
