import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storeUnavailable } from '#platform/errors.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import { newTrace, runInTrace } from '#platform/telemetry/trace.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { Audit } from './audit.ts';
import { type AuditRecord, auditCollection } from './audit-records.ts';

const dayMs = 24 * 3_600_000;

describe('the audit log', () => {
  let store: Store;
  let audit: Audit;
  let now = 0;
  let ids = 0;
  let { logger, lines } = collectingLogger();
  const clock = { now: () => now, monotonic: () => now, after: () => () => {} };

  beforeEach(async () => {
    [now, ids] = [dayMs * 1_000, 0];
    ({ logger, lines } = collectingLogger());
    store = await openSqliteStore({ file: ':memory:', logger });
    await store.prepare([auditCollection]);
    audit = new Audit({ store, clock, logger, newId: () => `e${String(ids++).padStart(5, '0')}` });
  });
  afterEach(() => store.close());

  const list = async (query: { action?: string; personId?: string; limit?: number; cursor?: string } = {}) =>
    audit.list({ limit: 30, ...query });

  it('tells who did what to whom, from where, and in which trace; the latest first', async () => {
    await audit.record({ action: 'sign_in', outcome: 'failure' });
    now += 1;
    const trace = newTrace();
    const entry = { actorId: 'ada', subjectId: 'bob', address: '192.0.2.1', details: { from: 'user', to: 'admin' } };
    await runInTrace(trace, () => audit.record({ action: 'role_change', outcome: 'success', ...entry }));
    expect((await list()).items).toEqual([
      {
        id: 'e00001',
        at: new Date(now).toISOString(),
        action: 'role_change',
        outcome: 'success',
        ...entry,
        traceId: trace.traceId,
      },
      {
        id: 'e00000',
        at: new Date(now - 1).toISOString(),
        action: 'sign_in',
        outcome: 'failure',
        details: {},
        traceId: '',
      },
    ]);
  });

  it('is found by action, and by person as the one who did it or to whom it was done', async () => {
    for (const [actorId, subjectId, action] of [
      ['ada', 'ada', 'sign_in'],
      ['ada', 'bob', 'role_change'],
      ['bob', 'bob', 'sign_in'],
      ['cyd', 'ada', 'account_disable'],
    ] as const) {
      now += 1;
      await audit.record({ action, outcome: 'success', actorId, subjectId });
    }
    const found = async (query: Parameters<typeof list>[0]) => (await list(query)).items.map(({ id }) => id);
    expect(await found({ action: 'sign_in' })).toEqual(['e00002', 'e00000']);
    expect(await found({ personId: 'ada' })).toEqual(['e00003', 'e00001', 'e00000']);
    expect(await found({ personId: 'ada', action: 'sign_in' })).toEqual(['e00000']);
    expect(await found({ personId: 'nobody' })).toEqual([]);
    const first = await list({ personId: 'ada', limit: 2 });
    expect(await found({ personId: 'ada', limit: 2, cursor: first.nextCursor ?? '' })).toEqual(['e00000']);
  });

  it('fails nothing where it cannot be written, but is missed loudly', async () => {
    const collection: Store['collection'] = (spec) =>
      Object.assign(store.collection(spec), { insert: () => Promise.reject(storeUnavailable(new Error('away'))) });
    const away = new Audit({ store: { ...store, collection }, clock, logger, newId: () => 'x' });
    await away.record({ action: 'key_create', outcome: 'success', actorId: 'ada', details: { name: 'secret-name' } });
    expect(lines).toMatchObject([{ level: 'error', fields: { 'event.action': 'audit', 'user.id': 'ada' } }]);
    expect(JSON.stringify(lines[0]?.message)).not.toContain('secret-name');
  });

  it('makes a deleted person unknown, with their address, and leaves what others did', async () => {
    await audit.record({
      action: 'sign_in',
      outcome: 'success',
      actorId: 'ada',
      subjectId: 'ada',
      address: '192.0.2.1',
    });
    await audit.record({ action: 'sign_in', outcome: 'failure', subjectId: 'ada', address: '192.0.2.1' });
    await audit.record({
      action: 'budget_change',
      outcome: 'success',
      actorId: 'root',
      subjectId: 'ada',
      address: '192.0.2.9',
    });
    await audit.record({ action: 'sign_in', outcome: 'success', actorId: 'bob', address: '192.0.2.2' });
    let passes = 0;
    while ((await audit.anonymise('ada', 1)) > 0) passes += 1;
    expect(passes).toBe(3);
    const entries: AuditRecord[] = [];
    for await (const entry of store.collection<AuditRecord>(auditCollection).scan()) entries.push(entry);
    expect(entries.map(({ actorId, subjectId, address }) => [actorId, subjectId, address])).toEqual([
      ['deleted', 'deleted', undefined],
      [undefined, 'deleted', undefined],
      ['root', 'deleted', '192.0.2.9'],
      ['bob', undefined, '192.0.2.2'],
    ]);
  });

  it('keeps entries for 400 days', async () => {
    await audit.record({ action: 'sign_in', outcome: 'success' });
    now += 400 * dayMs;
    await audit.record({ action: 'sign_out', outcome: 'success' });
    expect(await audit.sweep(10)).toBe(0);
    now += 1;
    expect(await audit.sweep(10)).toBe(1);
    expect((await list()).items.map(({ action }) => action)).toEqual(['sign_out']);
  });
});
