import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Audit } from '#domain/audit/audit.ts';
import { auditCollection } from '#domain/audit/audit-records.ts';
import { systemClock } from '#platform/clock.ts';
import { LocalQueue } from '#platform/queue/local-queue.ts';
import type { QueueSpec } from '#platform/queue/queue.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { waitFor } from '#tests/servers/child.ts';
import { listDeadLetters, retryDeadLetter } from './dead-letters.ts';

const data = z.looseObject({ id: z.string() });
const spec = (name: string): QueueSpec<z.output<typeof data>> => ({ name, data });
const actor = { id: 'root', address: '192.0.2.1' };

async function openPorts() {
  const { logger } = collectingLogger();
  const clock = systemClock;
  const store = await openSqliteStore({ file: ':memory:', logger });
  await store.prepare([auditCollection]);
  const queue = new LocalQueue({ logger, clock, random: Math.random });
  const queues = [spec('one'), spec('two')];
  let ids = 0;
  const ports = { queue, queues, audit: new Audit({ store, clock, logger, newId: () => `e${ids++}` }) };
  const die = async (name: string, id: string, carried: object, message: string) => {
    const consumer = queue.consume(spec(name), { concurrency: 1 }, () => Promise.reject(new Error(message)));
    const before = (await queue.counts(spec(name))).dead;
    await queue.add(spec(name), { id, ...carried }, { id });
    await waitFor(async () => (await queue.counts(spec(name))).dead > before, { what: 'a dead letter' });
    await consumer.drain(0);
  };
  return { ports, die, store };
}

describe('dead letters', () => {
  it('come of every queue, and say nothing but ids, kinds and what failed', async () => {
    const { ports, die, store } = await openPorts();
    const personal = {
      text: 'My secret',
      email: 'ada@example.org',
      ids: ['x'],
      to: { personId: 'ada' },
      kindly: 'yes',
    };
    await die(
      'one',
      'a',
      { kind: 'link', runId: 'r', attemptId: 3, ...personal },
      `550 <ada@example.org>: ${'no '.repeat(400)}`,
    );
    await die('two', 'b', {}, 'Away.');
    const { items } = await listDeadLetters(ports);
    expect(items.map(({ id }) => id).toSorted()).toEqual(['a', 'b']);
    const letter = items.find(({ id }) => id === 'a');
    expect(letter).toMatchObject({ queue: 'one', subject: { id: 'a', kind: 'link', runId: 'r' }, attempts: 1 });
    expect(Object.keys(letter?.subject ?? {})).toHaveLength(3);
    expect(letter?.error).toMatch(/^550 <\(address\)>: no no/);
    expect(letter?.error.length).toBeLessThanOrEqual(500);
    await Promise.all([ports.queue.close(), store.close()]);
  });

  it('are tried again once, with an entry in the audit log', async () => {
    const { ports, die, store } = await openPorts();
    await die('one', 'a', {}, 'Away.');
    const retry = (queue: string, id: string) => retryDeadLetter(ports, actor, { queue, id });
    for (const [queue, id] of [
      ['two', 'a'],
      ['none', 'a'],
      ['one', 'b'],
    ] as const)
      await expect(retry(queue, id)).rejects.toMatchObject({ code: 'not_found' });
    const results = await Promise.allSettled([retry('one', 'a'), retry('one', 'a'), retry('one', 'a')]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await ports.audit.list({ limit: 10 })).items).toMatchObject([
      { action: 'dead_letter_retry', actorId: 'root', subjectId: 'a', details: { queue: 'one' }, address: '192.0.2.1' },
    ]);
    await Promise.all([ports.queue.close(), store.close()]);
  });
});
