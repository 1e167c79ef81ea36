import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RuntimeSettings } from '#contract/administration.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import type { BudgetHolder } from './budget-limits.ts';
import { budgetCollection } from './budget-records.ts';
import { ada, noon, testBudgets, usage } from './budgets.fixture.ts';

const hour = 3_600_000;

describe('a budget', () => {
  let store: Store;
  let world: ReturnType<typeof testBudgets>;
  const open = (settings: Partial<RuntimeSettings> = {}) => {
    world?.metrics.close();
    world = testBudgets(store, settings);
  };
  beforeEach(async () => {
    store = await openSqliteStore({ file: ':memory:', logger: collectingLogger().logger });
    await store.prepare([budgetCollection]);
    open();
  });
  afterEach(async () => {
    world.metrics.close();
    await store.close();
  });

  const reserve = async (runId: string, tokens: number, person: BudgetHolder = ada) => ({
    _id: runId,
    ownerId: person.id,
    reserved: await world.budgets.reserve(person, runId, tokens),
  });
  const state = async (person: BudgetHolder = ada) => {
    const { used, reserved, left } = await world.budgets.stateOf(person);
    return { used, reserved, left };
  };
  const refusal = (tokens: number, person: BudgetHolder = ada) =>
    world.budgets.reserve(person, 'refused', tokens).then(
      () => expect.unreachable('It was not refused.'),
      (error: unknown) => error,
    );

  it('is whole before anything is taken, and tells when it is again', async () => {
    expect(await world.budgets.stateOf({ ...ada, timeZone: 'Asia/Kolkata' })).toEqual({
      day: '2026-11-21',
      budget: 1_000,
      used: 0,
      reserved: 0,
      left: 1_000,
      resetsAt: Date.parse('2026-11-21T18:30:00Z'),
    });
  });

  it('holds what is reserved, and counts what was taken in its place', async () => {
    const run = await reserve('r', 400);
    expect(run.reserved).toEqual({ day: '2026-11-21', tokens: 400 });
    expect(await state()).toEqual({ used: 0, reserved: 400, left: 600 });
    await world.budgets.settle({ ...run, usage: usage(100, 50) });
    expect(await state()).toEqual({ used: 150, reserved: 0, left: 850 });
    expect(await world.counted('lamplight_budget_tokens_total', 'reserved')).toBe(400);
    expect(await world.counted('lamplight_budget_tokens_total', 'settled')).toBe(150);
  });

  it('counts an answer once, however often it is settled', async () => {
    const run = { ...(await reserve('r', 400)), usage: usage(100, 50) };
    await reserve('other', 10);
    for (let times = 0; times < 3; times += 1) await world.budgets.settle(run);
    expect(await state()).toEqual({ used: 150, reserved: 10, left: 840 });
    expect(await world.records.get('ada')).toMatchObject({ running: 1 });
  });

  it('gets back what an answer did not take that ended with nothing', async () => {
    await world.budgets.settle(await reserve('r', 400));
    expect(await state()).toEqual({ used: 0, reserved: 0, left: 1_000 });
  });

  it('leaves a run alone that held nothing: it is from before there were budgets', async () => {
    await reserve('r', 400);
    await world.budgets.settle({ _id: 'old', ownerId: 'ada', usage: usage(100, 50) });
    await world.budgets.cancel({ _id: 'old', ownerId: 'ada' });
    expect(await state()).toEqual({ used: 0, reserved: 400, left: 600 });
  });

  it('refuses what it does not cover, with what is left, when there is more, and in how many seconds', async () => {
    await reserve('r', 995);
    world.time.now = noon + 7 * hour;
    expect(await refusal(6)).toMatchObject({
      code: 'budget_spent',
      message:
        'You have 5 of 1,000 tokens left today, and this answer may take 6. There is more at midnight (in 5 hours).',
      retryAfter: 5 * 3_600,
    });
    expect(await state()).toEqual({ used: 0, reserved: 995, left: 5 });
    await reserve('fits', 5);
    expect(await state()).toEqual({ used: 0, reserved: 1_000, left: 0 });
    expect(await world.counted('lamplight_budget_refusals_total', 'tokens')).toBe(1);
    expect(await world.counted('lamplight_budget_tokens_total', 'reserved')).toBe(1_000);
  });

  it.each([
    [1_000, 'in 1 second'],
    [59 * 60_000, 'in 59 minutes'],
    [13.4 * hour, 'in 14 hours'],
  ])('says how long %d ms are', async (ms, words) => {
    world.time.now = Date.parse('2026-11-22T00:00:00Z') - ms;
    await reserve('r', 1_000);
    expect(await refusal(1)).toMatchObject({ message: expect.stringContaining(`(${words})`) });
  });

  it('does not promise more at midnight for what no day covers', async () => {
    expect(await refusal(1_001)).toMatchObject({
      code: 'budget_spent',
      message: expect.stringMatching(/^This answer may take 1,001 tokens, and you have 1,000 a day\./),
    });
    expect(await world.records.get('ada')).toBeUndefined();
  });

  it('is the person’s where one was given, else the role’s, as both are at that moment', async () => {
    await expect(reserve('r', 501, { ...ada, role: 'guest' })).rejects.toMatchObject({ code: 'budget_spent' });
    await reserve('r', 500, { ...ada, role: 'guest' });
    expect(await state({ ...ada, dailyTokenBudget: 300 }), 'less than is held').toEqual({
      used: 0,
      reserved: 500,
      left: 0,
    });
    await expect(reserve('s', 1, { ...ada, dailyTokenBudget: 300 })).rejects.toMatchObject({ code: 'budget_spent' });
    await expect(reserve('s', 1, { ...ada, dailyTokenBudget: 0 })).rejects.toMatchObject({ code: 'budget_spent' });
    await reserve('s', 5_000, { ...ada, dailyTokenBudget: 5_500 });
  });

  it('counts in full what a provider counted beyond what was held, and says so once', async () => {
    const run = { ...(await reserve('r', 400)), usage: usage(900, 600) };
    await world.budgets.settle(run);
    await world.budgets.settle(run);
    expect(await state()).toEqual({ used: 1_500, reserved: 0, left: 0 });
    const warnings = world.lines.filter(({ fields }) => fields['event.action'] === 'budget_overrun');
    expect(warnings).toMatchObject([{ level: 'warn', fields: { 'lamplight.run.id': 'r', 'lamplight.count': 1_100 } }]);
  });

  it('gives back what was held for a run that was refused', async () => {
    const run = await reserve('r', 400);
    await world.budgets.cancel(run);
    await world.budgets.cancel(run);
    expect(await state()).toEqual({ used: 0, reserved: 0, left: 1_000 });
    expect(await world.records.get('ada')).toMatchObject({ running: 0, reservations: {}, released: {} });
  });

  it('counts a run that came to be after what it held was given up', async () => {
    const run = { ...(await reserve('r', 400)), usage: usage(100, 50) };
    expect(await world.budgets.releaseOrphan('ada', 'r')).toBe(true);
    expect(await world.budgets.releaseOrphan('ada', 'r')).toBe(false);
    expect(await state()).toEqual({ used: 0, reserved: 0, left: 1_000 });
    for (let times = 0; times < 2; times += 1) await world.budgets.settle(run);
    expect(await state()).toEqual({ used: 150, reserved: 0, left: 850 });
    expect(await world.records.get('ada')).toMatchObject({ running: 0, released: {} });
  });

  describe('as to how many answers run', () => {
    it('refuses more than are allowed, until one has ended', async () => {
      open({ runningAnswers: 2 });
      const run = await reserve('a', 1);
      await reserve('b', 1);
      expect(await refusal(1)).toMatchObject({
        code: 'too_many_answers',
        message: 'You have 2 answers under way, as many as allowed. Wait for one, or stop it.',
        retryAfter: 5,
      });
      expect(await world.counted('lamplight_budget_refusals_total', 'answers')).toBe(1);
      await world.budgets.settle(run);
      await reserve('c', 1);
    });

    it('counts those that began before midnight, and in another time zone', async () => {
      open({ runningAnswers: 1 });
      const run = await reserve('before', 10);
      world.time.now = noon + 12 * hour;
      expect(await refusal(1)).toMatchObject({ code: 'too_many_answers' });
      expect(await refusal(1, { ...ada, timeZone: 'Pacific/Kiritimati' })).toMatchObject({ code: 'too_many_answers' });
      await world.budgets.settle({ ...run, usage: usage(3, 4) });
      await reserve('after', 20);
      expect((await world.records.get('ada'))?.days).toEqual({
        '2026-11-21': { committed: 7, held: 7 },
        '2026-11-22': { committed: 0, held: 20 },
      });
    });
  });

  describe('as to days', () => {
    it('is whole again after midnight where the person lives', async () => {
      const zones = ['Pacific/Kiritimati', 'Asia/Kolkata', 'America/St_Johns'];
      for (const timeZone of zones) {
        const person = { ...ada, id: timeZone, timeZone };
        world.time.now = noon;
        const { resetsAt } = await world.budgets.stateOf(person);
        world.time.now = resetsAt - 1;
        await reserve('r', 1_000, person);
        expect(await refusal(1, person)).toMatchObject({ code: 'budget_spent', retryAfter: 1 });
        world.time.now = resetsAt;
        await reserve('s', 1_000, person);
        expect(await state(person), timeZone).toEqual({ used: 0, reserved: 1_000, left: 0 });
      }
    });

    it('counts an answer to the day on which it was asked for', async () => {
      const run = await reserve('r', 400);
      world.time.now = noon + 13 * hour;
      await reserve('s', 100);
      await world.budgets.settle({ ...run, usage: usage(200, 50) });
      expect(await state()).toEqual({ used: 0, reserved: 100, left: 900 });
      expect((await world.records.get('ada'))?.days['2026-11-21']).toEqual({ committed: 250, held: 250 });
    });

    it('is not whole again for whoever moves to where another date is, and back', async () => {
      world.time.now = Date.parse('2026-11-21T10:30:00Z');
      const zones = ['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago'];
      for (const [index, timeZone] of zones.entries()) await reserve(`r${index}`, 1_000, { ...ada, timeZone });
      for (const timeZone of [...zones, 'Asia/Kolkata', 'America/St_Johns'])
        expect(await refusal(1, { ...ada, timeZone })).toMatchObject({ code: 'budget_spent' });
    });

    it('keeps no more days than can still be today, but those that a run waits for', async () => {
      const waiting = await reserve('waiting', 1);
      world.time.now += 24 * hour;
      await world.budgets.settle({ ...(await reserve('quick', 1)), usage: usage(1, 0) });
      await reserve('orphan', 1);
      await world.budgets.releaseOrphan('ada', 'orphan');
      for (let days = 0; days < 3; days += 1) {
        world.time.now += 24 * hour;
        await reserve(`later${days}`, 1);
      }
      const { days = {}, released } = (await world.records.get('ada')) ?? {};
      expect(Object.keys(days)).toEqual(['2026-11-21', '2026-11-23', '2026-11-24', '2026-11-25']);
      expect(released).toEqual({});
      await world.budgets.settle({ ...waiting, usage: usage(1, 0) });
      world.time.now += 24 * hour;
      await reserve('last', 1);
      expect(Object.keys((await world.records.get('ada'))?.days ?? {})).not.toContain('2026-11-21');
    });
  });
});
