import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountCollections } from '#domain/accounts/account-records.ts';
import { type AuditRecord, auditCollection } from '#domain/audit/audit-records.ts';
import { answerQueue } from '#domain/chat/chat-topics.ts';
import { sendMessage } from '#domain/chat/send-message.ts';
import { isLive } from '#domain/runs/run-records.ts';
import { ScriptedModels } from '#tests/protocol/scripted-models.ts';
import { Freezable, settle, VirtualTime } from '#tests/protocol/virtual-time.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { startScheduler } from './start-scheduler.ts';

describe('the scheduler', () => {
  let time: VirtualTime;
  let app: TestChat;
  const models = new ScriptedModels();
  beforeEach(async () => {
    time = new VirtualTime();
    app = await createTestChat({ clock: new Freezable(time).clock(0), models, guestSessionMs: 10_000 });
    models.onCall = (call) => call.finish();
  });
  afterEach(() => app.close());

  const pass = async (ms: number) => {
    await settle();
    await time.advance(ms);
    await settle();
  };
  const send = async () => (await sendMessage(app.chat, await app.signIn(), { text: 'Hello' })).run;

  it('takes over at once what a process left that had the store alone', async () => {
    const { _id } = await send();
    await app.chat.records.runs.update(_id, { set: { status: 'running', attempt: 1, leaseUntil: 1e13 } });
    app.startWorker();
    await app.startScheduler();
    await pass(1_000);
    expect(await app.chat.records.runs.get(_id)).toMatchObject({ status: 'complete', attempt: 2 });
  });

  it('takes nothing over at its start where others may be at work', async () => {
    const { _id } = await send();
    await app.chat.records.runs.update(_id, { set: { status: 'running', attempt: 1, leaseUntil: 1e13 } });
    app.startWorker();
    await startScheduler(app.foundation, { alone: false });
    await pass(20_000);
    expect(await app.chat.records.runs.get(_id)).toMatchObject({ status: 'running', attempt: 1 });
  });

  it('sweeps again and again, also after a pass that failed', async () => {
    const { find } = app.chat.records.runs;
    let failing = true;
    app.chat.records.runs.find = (query) =>
      failing ? Promise.reject(new Error('The store is away.')) : find.call(app.chat.records.runs, query);
    await startScheduler(app.foundation, { alone: false });
    await pass(2_000);
    expect(app.lines.filter(({ message }) => message.startsWith('A sweep did not finish')).length).toBeGreaterThan(1);
    failing = false;
    const { _id } = await send();
    app.startWorker();
    await pass(5_000);
    const run = await app.chat.records.runs.get(_id);
    expect(run && isLive(run)).toBe(false);
  });

  it('lets an answer that lost its worker wait for no other repair', async () => {
    const { runs, messages } = app.chat.records;
    const [ended, orphan] = [await send(), await send()];
    await runs.update(ended._id, { set: { status: 'complete', slot: ended._id, endedAt: 0, settled: false } });
    await runs.update(orphan._id, { set: { status: 'running', attempt: 1, leaseUntil: app.chat.clock.now() } });
    const slow = Promise.withResolvers<undefined>();
    const { update } = messages;
    messages.update = (id, ...change) => (id === ended.messageId ? slow.promise : update.call(messages, id, ...change));
    app.startWorker();
    await startScheduler(app.foundation, { alone: false });
    await pass(12_000);
    expect(await runs.get(orphan._id)).toMatchObject({ status: 'complete', attempt: 2 });
    expect(await runs.get(ended._id)).toMatchObject({ settled: false });
    slow.resolve(undefined);
    await pass(1_000);
    expect(await runs.get(ended._id)).toMatchObject({ settled: true });
  });

  it('removes sessions that ran out', async () => {
    await app.signIn();
    await startScheduler(app.foundation, { alone: false });
    await pass(180_000);
    expect(await app.foundation.store.collection(accountCollections.sessions).count({})).toBe(0);
  });

  it('removes entries of the audit log that are old enough, and no others', async () => {
    const kept = async () => (await app.foundation.audit.list({ limit: 10 })).items.map(({ action }) => action);
    const at = app.chat.clock.now() - 400 * 24 * 3_600_000 - 1;
    const old = { _id: 'old', at, action: 'sign_in', outcome: 'success', details: {}, traceId: '' } as const;
    await app.foundation.store.collection<AuditRecord>(auditCollection).insert(old);
    await app.foundation.audit.record({ action: 'sign_out', outcome: 'success' });
    expect(await kept()).toEqual(['sign_out', 'sign_in']);
    await startScheduler(app.foundation, { alone: false });
    await pass(1_000);
    expect(await kept()).toEqual(['sign_out']);
  });

  it('tells how many jobs wait, and nothing more once it stops', async () => {
    await send();
    await startScheduler(app.foundation, { alone: false });
    const { metrics } = app.foundation.telemetry;
    const waiting = new RegExp(`^lamplight_queue_\\w+\\{.*queue="${answerQueue.name}".*state="waiting".*\\} 1$`, 'm');
    expect((await metrics.expose()).body).toMatch(waiting);
    await app.foundation.lifecycle.stop();
    expect((await metrics.expose()).body).not.toContain('state="waiting"');
    await pass(10_000);
  });
});
