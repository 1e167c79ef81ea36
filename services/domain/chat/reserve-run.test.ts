import { afterEach, describe, expect, it } from 'vitest';
import type { Principal } from '#domain/accounts/principal.ts';
import { openBudgetRecords } from '#domain/usage/budget-records.ts';
import { storeUnavailable } from '#platform/errors.ts';
import { ModelError, type ModelEvent, type Models } from '#platform/models/models.ts';
import { ScriptedModels } from '#tests/protocol/scripted-models.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTestChat, type TestChat, type TestChatOptions } from '#tests/servers/test-chat.ts';
import { AnswersUnderWay, answerRun } from './answer-run.ts';
import { isLive, type RunRecord } from './chat-records.ts';
import { answerQueue } from './chat-topics.ts';
import { claimRun } from './claim-run.ts';
import { deleteConversation } from './conversations.ts';
import { retryMessage } from './retry-message.ts';
import { runRecord } from './run-record.fixture.ts';
import { sendMessage } from './send-message.ts';
import { stopRun } from './stop-run.ts';
import { sweepReservations } from './sweep-reservations.ts';

const text = 'Hello'.repeat(60);
/** 300 bytes of text and what its form takes. */
const prompt = 116;
const reply = 1_000;
const systemText = 'Be kind.';

describe('what an answer takes of a budget', () => {
  let app: TestChat;
  let ada: Principal;
  let asked: Array<number | undefined>;
  afterEach(() => app.close());

  const finish = (inputTokens: number, outputTokens: number): ModelEvent => ({
    type: 'finish',
    model: 'scripted',
    reason: 'stop',
    usage: { inputTokens, outputTokens, estimated: false },
  });
  const said: ModelEvent = { type: 'output', kind: 'text', text: 'Good evening.' };
  /** A model that does `what` each time it is asked. */
  const answering = (what: () => AsyncIterable<ModelEvent>): Models =>
    Object.assign(new ScriptedModels(), {
      stream: ({ maxOutputTokens }: { maxOutputTokens?: number }) => {
        asked.push(maxOutputTokens);
        return what();
      },
    });
  const well = () =>
    answering(async function* () {
      yield said;
      yield finish(70, 30);
    });
  async function open(options: TestChatOptions = {}): Promise<void> {
    asked = [];
    app = await createTestChat({ models: well(), ...options });
    ada = await app.signIn();
  }
  const work = () => {
    const underWay = new AnswersUnderWay(app.chat);
    return app.chat.queue.consume(answerQueue, { concurrency: 5 }, (job, signal) =>
      answerRun(app.chat, underWay, job.data, signal),
    );
  };
  const send = async (more = {}) => (await sendMessage(app.chat, ada, { text, ...more })).run;
  const state = async () => {
    const { used, reserved } = await app.chat.budgets.stateOf(ada);
    return { used, reserved };
  };
  const ended = ({ _id }: Pick<RunRecord, '_id'>) =>
    waitFor(async () => {
      const run = await app.chat.records.runs.get(_id);
      return run && !isLive(run) && run.settled ? run : undefined;
    });

  it('is held before it is made: its prompt, rather too high, and the longest reply', async () => {
    await open();
    const run = await send();
    expect(run.reserved).toMatchObject({ tokens: prompt + reply, maxOutputTokens: reply });
    expect(await state()).toEqual({ used: 0, reserved: prompt + reply });
  });

  it('has what was said before in it, as it was counted', async () => {
    await open({ settings: { systemText } });
    const consumer = work();
    const first = await send();
    expect(first.reserved?.tokens).toBe(prompt + 3 + reply);
    await ended(first);
    await consumer.drain(0);
    const second = await send({ conversationId: first.conversationId });
    expect(second.reserved?.tokens, 'what the first took, and the message').toBe(100 + prompt + 3 + reply);
    await stopRun(app.chat, second._id);
    const third = await send({ conversationId: first.conversationId });
    expect(third.reserved?.tokens, 'what the second was estimated at, and the message').toBe(
      100 + 2 * (prompt + 3) + reply,
    );
  });

  it('is no more than the model can read and has room to write', async () => {
    const small = {
      id: 'scripted',
      name: 'Small',
      contextTokens: 400,
      vision: false,
      price: { inputPerMillion: 0, outputPerMillion: 0 },
      demo: false,
    };
    await open({ models: Object.assign(well(), { get: () => small }) });
    expect((await send({ text: 'é'.repeat(900) })).reserved).toMatchObject({ tokens: 500, maxOutputTokens: 100 });
    app.chat.models.get = () => ({ ...small, maxOutputTokens: 7 });
    expect((await send()).reserved).toMatchObject({ tokens: prompt + 7, maxOutputTokens: 7 });
  });

  it('bounds the reply that is asked of the model', async () => {
    await open();
    work();
    await ended(await send());
    expect(asked).toEqual([reply]);
  });

  it('is what the provider counted, by the time that readers are told of the end', async () => {
    await open();
    const seen: unknown[] = [];
    const { append } = app.chat.runLog;
    app.chat.runLog.append = async (runId, entry) => {
      if (entry.kind === 'done') seen.push(await state());
      return append.call(app.chat.runLog, runId, entry);
    };
    work();
    await ended(await send());
    expect(seen).toEqual([{ used: 100, reserved: 0 }]);
    expect(await state()).toEqual({ used: 100, reserved: 0 });
  });

  it('is nothing where the model fails before its first token', async () => {
    await open({
      // biome-ignore lint/correctness/useYield: it fails before.
      models: answering(async function* () {
        throw new ModelError('model_unavailable', 'The provider is away.', { retryable: false });
      }),
    });
    work();
    expect(await ended(await send())).toMatchObject({ status: 'failed' });
    expect(await state()).toEqual({ used: 0, reserved: 0 });
  });

  it('is an estimate where it is cut short', async () => {
    await open({
      models: answering(async function* () {
        yield said;
        throw new ModelError('model_unavailable', 'The provider went away.', { retryable: false });
      }),
    });
    work();
    const { usage } = await ended(await send());
    expect(usage).toEqual({ inputTokens: 86, outputTokens: 4, estimated: true });
    expect(await state()).toEqual({ used: 90, reserved: 0 });
  });

  it('is nothing where it is stopped while it waits', async () => {
    await open();
    const run = await send();
    await stopRun(app.chat, run._id);
    expect(await ended(run)).toMatchObject({ status: 'stopped' });
    expect(await state()).toEqual({ used: 0, reserved: 0 });
  });

  it('is refused where the budget does not cover it: nothing is stored, and its id may be used again', async () => {
    await open({ limits: { guestDailyTokens: prompt + reply - 1 } });
    const request = { text, clientMessageId: 'm' };
    await expect(sendMessage(app.chat, ada, request)).rejects.toMatchObject({ code: 'budget_spent' });
    expect((await app.chat.records.runs.find({ where: {}, limit: 10 })).items).toEqual([]);
    await app.foundation.runtime.change({ budgets: { guest: prompt + reply } });
    expect(await sendMessage(app.chat, ada, request)).toMatchObject({ repeated: false });
    expect(await sendMessage(app.chat, ada, request), 'a repeat asks for nothing').toMatchObject({ repeated: true });
    expect(await state()).toEqual({ used: 0, reserved: prompt + reply });
  });

  it('is given back at once where the message is refused', async () => {
    await open();
    const { conversationId } = await send();
    await expect(send({ conversationId })).rejects.toMatchObject({ code: 'answer_running' });
    expect(await state()).toEqual({ used: 0, reserved: prompt + reply });
  });

  it('stays held where nobody knows whether the message was stored, until the sweep has looked', async () => {
    const time = { now: Date.now() };
    const clock = { now: () => time.now, monotonic: () => time.now, after: () => () => {} };
    await open({ clock });
    const { runs } = app.chat.records;
    const insert = runs.insert.bind(runs);
    for (const stored of [true, false]) {
      runs.insert = async (run) => {
        if (stored) await insert(run);
        throw storeUnavailable(new Error('The reply is lost.'));
      };
      await expect(send()).rejects.toMatchObject({ code: 'store_unavailable' });
    }
    expect(await state()).toEqual({ used: 0, reserved: 2 * (prompt + reply) });
    time.now += 29_000;
    await sweepReservations(app.chat);
    expect(await state(), 'it may be about to be stored').toEqual({ used: 0, reserved: 2 * (prompt + reply) });
    time.now += 1_000;
    await sweepReservations(app.chat);
    expect(await state(), 'one was').toEqual({ used: 0, reserved: prompt + reply });
  });

  it('is given back at the start of a process that has the store alone', async () => {
    await open();
    await app.chat.budgets.reserve(ada, 'of a process that died', 500);
    await app.startScheduler();
    expect(await state()).toEqual({ used: 0, reserved: 0 });
  });

  it('is held for a retry as for the message before', async () => {
    await open();
    const first = await send();
    await stopRun(app.chat, first._id);
    const retried = await retryMessage(app.chat, ada, first.messageId);
    expect(retried.reserved).toEqual(first.reserved);
    expect(await app.chat.records.runs.get(retried._id)).toMatchObject({ reserved: first.reserved });
    await stopRun(app.chat, retried._id);
    await app.foundation.runtime.change({ budgets: { guest: prompt } });
    await expect(retryMessage(app.chat, ada, first.messageId)).rejects.toMatchObject({ code: 'budget_spent' });
  });

  it('is counted for every attempt that had begun to answer: the provider bills them', async () => {
    await open();
    const run = await send();
    const output = [{ index: 0, kind: 'text', text: 'x'.repeat(35) }];
    const dead = { status: 'running', attempt: 1, leaseUntil: 5, output, length: 35 };
    await app.chat.records.runs.update(run._id, { set: dead });
    const taken = await claimRun(app.chat, { runId: run._id, leaseUntil: 5 });
    expect(taken).toMatchObject({ attempt: 2, spent: { calls: 1, outputTokens: 10 }, reserved: run.reserved });
    await app.chat.records.runs.update(run._id, { set: { status: 'queued' } });
    work();
    const { usage } = await ended(run);
    expect(usage, 'two prompts, and what both wrote').toEqual({ inputTokens: 140, outputTokens: 40, estimated: true });
    expect(await state()).toEqual({ used: 180, reserved: 0 });
  });

  it('is counted for an attempt that was handed back', async () => {
    let calls = 0;
    await open({
      models: answering(async function* () {
        calls += 1;
        yield said;
        if (calls === 1) await new Promise(() => {});
        yield finish(70, 30);
      }),
    });
    const first = new AnswersUnderWay(app.chat);
    const stop = new AbortController();
    const run = await send();
    const stream = app.chat.models.stream;
    app.chat.models.stream = (request) => {
      const aborted = new Promise<never>((_resolve, reject) => {
        request.signal.addEventListener('abort', () => reject(request.signal.reason));
      });
      const events = stream(request)[Symbol.asyncIterator]();
      return { [Symbol.asyncIterator]: () => ({ next: () => Promise.race([events.next(), aborted]) }) };
    };
    const made = answerRun(app.chat, first, { runId: run._id }, stop.signal);
    await waitFor(async () => (await app.chat.runLog.last(run._id))?.kind === 'output');
    stop.abort();
    await made;
    expect(await app.chat.records.runs.get(run._id)).toMatchObject({ spent: { calls: 1, outputTokens: 4 } });
    work();
    expect((await ended(run)).usage).toEqual({ inputTokens: 140, outputTokens: 34, estimated: true });
  });

  it('is counted where an answer is given up, as far as its text tells', async () => {
    await open();
    const run = await send();
    const output = [{ index: 0, kind: 'text', text: 'x'.repeat(35) }];
    const dead = { status: 'running', attempt: 3, crashes: 2, leaseUntil: 5, output, length: 35 };
    await app.chat.records.runs.update(run._id, { set: dead });
    await claimRun(app.chat, { runId: run._id, leaseUntil: 5 });
    expect(await ended(run)).toMatchObject({
      status: 'interrupted',
      usage: { inputTokens: prompt, outputTokens: 10, estimated: true },
    });
    expect(await state()).toEqual({ used: prompt + 10, reserved: 0 });
  });

  it('is counted where its conversation is deleted before it has settled', async () => {
    await open();
    const run = await send();
    await app.chat.records.runs.update(run._id, {
      set: { ...{ status: 'complete', slot: run._id, endedAt: Date.now() }, usage: finishUsage },
    });
    await deleteConversation(app.chat, ada, run.conversationId);
    await app.chat.records.conversations.update(run.conversationId, { increment: { updatedAt: -60_000 } });
    await waitFor(async () => {
      await app.sweep.sweep();
      return (await app.chat.records.runs.get(run._id)) === undefined;
    });
    expect(await state()).toEqual({ used: 100, reserved: 0 });
  });
  const finishUsage = { inputTokens: 70, outputTokens: 30, estimated: false };

  it('is settled by the sweep where an ended run still holds it, as after a backup of the moment', async () => {
    await open();
    const reserved = { ...(await app.chat.budgets.reserve(ada, 'run', 500)), maxOutputTokens: 400 };
    const over = { status: 'complete', slot: 'run', settled: true, usage: finishUsage } as const;
    await app.chat.records.runs.insert(runRecord({ ownerId: ada.id, reserved, ...over }));
    await sweepReservations(app.chat, { alone: true });
    expect(await state()).toEqual({ used: 100, reserved: 0 });
  });

  it('is forgotten with the budgets of people who were not here for 40 days', async () => {
    const time = { now: Date.now() };
    await open({ clock: { now: () => time.now, monotonic: () => time.now, after: () => () => {} } });
    const run = await send();
    await stopRun(app.chat, run._id);
    await send();
    const records = openBudgetRecords(app.foundation.store);
    const day = 24 * 3_600_000;
    time.now += 40 * day;
    await sweepReservations(app.chat);
    expect(await records.get(ada.id)).toBeDefined();
    time.now += 1;
    await sweepReservations(app.chat);
    expect(await records.get(ada.id), 'an answer is still under way').toMatchObject({ running: 1 });
    const { items } = await app.chat.records.runs.find({ where: { status: 'queued' }, limit: 1 });
    await stopRun(app.chat, items[0]?._id ?? '');
    await sweepReservations(app.chat);
    expect(await records.get(ada.id)).toBeUndefined();
  });
});
