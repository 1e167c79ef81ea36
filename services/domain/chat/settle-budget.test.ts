import { afterEach, describe, expect, it } from 'vitest';
import { attemptRun } from '#domain/runs/attempt-run.ts';
import { claimRun } from '#domain/runs/claim-run.ts';
import { runRecord } from '#domain/runs/run-record.fixture.ts';
import { RunsUnderWay } from '#domain/runs/runs-under-way.ts';
import { stopRun } from '#domain/runs/stop-run.ts';
import { sweepReservations } from '#domain/runs/sweep-reservations.ts';
import { openBudgetRecords } from '#domain/usage/budget-records.ts';
import { ModelError } from '#platform/models/models.ts';
import { waitFor } from '#tests/servers/child.ts';
import { deleteConversation } from './conversations.ts';
import { finish, PaidChat, prompt, said, usage } from './paid-chat.fixture.ts';

describe('what an answer took of a budget', () => {
  let paid: PaidChat;
  afterEach(() => paid.app.close());
  const open = async (...options: Parameters<typeof PaidChat.open>) => {
    paid = await PaidChat.open(...options);
  };

  it('is what the provider counted, by the time that readers are told of the end', async () => {
    await open();
    const seen: unknown[] = [];
    const { append } = paid.app.chat.runLog;
    paid.app.chat.runLog.append = async (runId, entry) => {
      if (entry.kind === 'done') seen.push(await paid.state());
      return append.call(paid.app.chat.runLog, runId, entry);
    };
    paid.work();
    await paid.ended(await paid.send());
    expect(seen).toEqual([{ used: 100, reserved: 0 }]);
    expect(await paid.state()).toEqual({ used: 100, reserved: 0 });
  });

  it('is nothing where the model fails before its first token', async () => {
    await open(
      {},
      // biome-ignore lint/correctness/useYield: it fails before.
      async function* () {
        throw new ModelError('model_unavailable', 'The provider is away.', { retryable: false });
      },
    );
    paid.work();
    expect(await paid.ended(await paid.send())).toMatchObject({ status: 'failed' });
    expect(await paid.state()).toEqual({ used: 0, reserved: 0 });
  });

  it('is an estimate where it is cut short', async () => {
    await open({}, async function* () {
      yield said;
      throw new ModelError('model_unavailable', 'The provider went away.', { retryable: false });
    });
    paid.work();
    const { usage } = await paid.ended(await paid.send());
    expect(usage).toEqual({ inputTokens: 86, outputTokens: 4, estimated: true });
    expect(await paid.state()).toEqual({ used: 90, reserved: 0 });
  });

  it.each([
    ['as many as its bytes tell, where it is no English', '文'.repeat(70), 60],
    ['no more than was held', 'x'.repeat(5_000), 1_000],
  ])('is of an answer that is cut short %s', async (_what, text, outputTokens) => {
    await open({}, async function* () {
      yield { ...said, text };
      throw new ModelError('model_unavailable', 'The provider went away.', { retryable: false });
    });
    paid.work();
    const { usage } = await paid.ended(await paid.send());
    expect(usage).toEqual({ inputTokens: 86, outputTokens, estimated: true });
  });

  it('is nothing where it is stopped while it waits', async () => {
    await open();
    const run = await paid.send();
    await stopRun(paid.app.chat, run._id);
    expect(await paid.ended(run)).toMatchObject({ status: 'stopped' });
    expect(await paid.state()).toEqual({ used: 0, reserved: 0 });
  });

  it('is its prompt where it is stopped before the first word: to send and stop is no way around a budget', async () => {
    await open();
    const asked = Promise.withResolvers<void>();
    paid.app.chat.models.stream = ({ signal }) => ({
      [Symbol.asyncIterator]: () => ({
        next: () =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason));
            asked.resolve();
          }),
      }),
    });
    paid.work();
    const run = await paid.send();
    await asked.promise;
    await stopRun(paid.app.chat, run._id);
    const { status, usage } = await paid.ended(run);
    expect([status, usage]).toEqual(['stopped', { inputTokens: 86, outputTokens: 0, estimated: true }]);
    expect(await paid.state()).toEqual({ used: 86, reserved: 0 });
  });

  it('is counted for every attempt that had begun to answer: the provider bills them', async () => {
    await open();
    const run = await paid.send();
    const output = [{ index: 0, kind: 'text', text: 'x'.repeat(35) }];
    const dead = { status: 'running', attempt: 1, leaseUntil: 5, output, length: 35 };
    await paid.app.chat.records.runs.update(run._id, { set: dead });
    const taken = await claimRun(paid.app.chat, { runId: run._id, leaseUntil: 5 });
    expect(taken).toMatchObject({ attempt: 2, spent: { calls: 1, outputTokens: 10 }, reserved: run.reserved });
    await paid.app.chat.records.runs.update(run._id, { set: { status: 'queued' } });
    paid.work();
    const { usage } = await paid.ended(run);
    expect(usage, 'two prompts, and what both wrote').toEqual({ inputTokens: 140, outputTokens: 40, estimated: true });
    expect(await paid.state()).toEqual({ used: 180, reserved: 0 });
  });

  it('is counted for an attempt that was handed back', async () => {
    let calls = 0;
    await open({}, async function* () {
      calls += 1;
      yield said;
      if (calls === 1) await new Promise(() => {});
      yield finish;
    });
    const first = new RunsUnderWay(paid.app.chat);
    const stop = new AbortController();
    const run = await paid.send();
    const stream = paid.app.chat.models.stream;
    paid.app.chat.models.stream = (request) => {
      const aborted = new Promise<never>((_resolve, reject) => {
        request.signal.addEventListener('abort', () => reject(request.signal.reason));
      });
      const events = stream(request)[Symbol.asyncIterator]();
      return { [Symbol.asyncIterator]: () => ({ next: () => Promise.race([events.next(), aborted]) }) };
    };
    const made = attemptRun(paid.app.chat, first, { runId: run._id }, stop.signal);
    await waitFor(async () => (await paid.app.chat.runLog.last(run._id))?.kind === 'output');
    stop.abort();
    await made;
    expect(await paid.app.chat.records.runs.get(run._id)).toMatchObject({ spent: { calls: 1, outputTokens: 4 } });
    paid.work();
    expect((await paid.ended(run)).usage).toEqual({ inputTokens: 140, outputTokens: 34, estimated: true });
  });

  it('is counted where an answer is given up, as far as its text tells', async () => {
    await open();
    const run = await paid.send();
    const output = [{ index: 0, kind: 'text', text: 'x'.repeat(35) }];
    const dead = { status: 'running', attempt: 3, crashes: 2, leaseUntil: 5, output, length: 35 };
    await paid.app.chat.records.runs.update(run._id, { set: dead });
    await claimRun(paid.app.chat, { runId: run._id, leaseUntil: 5 });
    expect(await paid.ended(run)).toMatchObject({
      status: 'interrupted',
      usage: { inputTokens: prompt, outputTokens: 10, estimated: true },
    });
    expect(await paid.state()).toEqual({ used: prompt + 10, reserved: 0 });
  });

  it('is counted where its conversation is deleted before it has settled', async () => {
    await open();
    const run = await paid.send();
    await paid.app.chat.records.runs.update(run._id, {
      set: { ...{ status: 'complete', slot: run._id, endedAt: Date.now() }, usage: usage },
    });
    await deleteConversation(paid.app.chat, paid.ada, run.conversationId);
    await paid.app.chat.records.conversations.update(run.conversationId, { increment: { updatedAt: -60_000 } });
    await waitFor(async () => {
      await paid.app.sweep.sweep();
      return (await paid.app.chat.records.runs.get(run._id)) === undefined;
    });
    expect(await paid.state()).toEqual({ used: 100, reserved: 0 });
  });

  it('is settled by the sweep where an ended run still holds it, as after a backup of the moment', async () => {
    await open();
    const reserved = { ...(await paid.app.chat.budgets.reserve(paid.ada, 'run', 500)), maxOutputTokens: 400 };
    const over = { status: 'complete', slot: 'run', settled: true, usage: usage } as const;
    await paid.app.chat.records.runs.insert(runRecord({ ownerId: paid.ada.id, reserved, ...over }));
    await sweepReservations(paid.app.chat, { alone: true });
    expect(await paid.state()).toEqual({ used: 100, reserved: 0 });
  });

  it('is forgotten with the budgets of people who were not here for 40 days', async () => {
    const time = { now: Date.now() };
    await open({ clock: { now: () => time.now, monotonic: () => time.now, after: () => () => {} } });
    const run = await paid.send();
    await stopRun(paid.app.chat, run._id);
    await paid.send();
    const records = openBudgetRecords(paid.app.foundation.store);
    const day = 24 * 3_600_000;
    time.now += 40 * day;
    await sweepReservations(paid.app.chat);
    expect(await records.get(paid.ada.id)).toBeDefined();
    time.now += 1;
    await sweepReservations(paid.app.chat);
    expect(await records.get(paid.ada.id), 'an answer is still under way').toMatchObject({ running: 1 });
    const { items } = await paid.app.chat.records.runs.find({ where: { status: 'queued' }, limit: 1 });
    await stopRun(paid.app.chat, items[0]?._id ?? '');
    await sweepReservations(paid.app.chat);
    expect(await records.get(paid.ada.id)).toBeUndefined();
  });
});
