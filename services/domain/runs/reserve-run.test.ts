import { afterEach, describe, expect, it } from 'vitest';
import { PaidChat, prompt, reply, text } from '#domain/chat/paid-chat.fixture.ts';
import { retryMessage } from '#domain/chat/retry-message.ts';
import { sendMessage } from '#domain/chat/send-message.ts';
import { storeUnavailable } from '#platform/errors.ts';
import { stopRun } from './stop-run.ts';
import { sweepReservations } from './sweep-reservations.ts';

const systemText = 'Be kind.';

describe('what is held of a budget for an answer', () => {
  let paid: PaidChat;
  afterEach(() => paid.app.close());
  const open = async (...options: Parameters<typeof PaidChat.open>) => {
    paid = await PaidChat.open(...options);
  };

  it('is held before it is made: its prompt, rather too high, and the longest reply', async () => {
    await open();
    const run = await paid.send();
    expect(run.reserved).toMatchObject({ tokens: prompt + reply, maxOutputTokens: reply });
    expect(await paid.state()).toEqual({ used: 0, reserved: prompt + reply });
  });

  it('has what was said before in it, as it was counted', async () => {
    await open({ settings: { systemText } });
    const consumer = paid.work();
    const first = await paid.send();
    expect(first.reserved?.tokens).toBe(prompt + 3 + reply);
    await paid.ended(first);
    await consumer.drain(0);
    const second = await paid.send({ conversationId: first.conversationId });
    expect(second.reserved?.tokens, 'what the first took, and the message').toBe(100 + prompt + 3 + reply);
    await stopRun(paid.app.chat, second._id);
    const third = await paid.send({ conversationId: first.conversationId });
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
    await open();
    paid.app.chat.models.get = () => small;
    expect((await paid.send({ text: 'é'.repeat(900) })).reserved).toMatchObject({ tokens: 500, maxOutputTokens: 100 });
    paid.app.chat.models.get = () => ({ ...small, maxOutputTokens: 7 });
    expect((await paid.send()).reserved).toMatchObject({ tokens: prompt + 7, maxOutputTokens: 7 });
  });

  it('bounds the reply that is paid.asked of the model', async () => {
    await open();
    paid.work();
    await paid.ended(await paid.send());
    expect(paid.asked).toEqual([reply]);
  });

  it('is refused where the budget does not cover it: nothing is stored, and its id may be used again', async () => {
    await open({ limits: { guestDailyTokens: prompt + reply - 1 } });
    const request = { text, clientMessageId: 'm' };
    await expect(sendMessage(paid.app.chat, paid.ada, request)).rejects.toMatchObject({ code: 'budget_spent' });
    expect((await paid.app.chat.records.runs.find({ where: {}, limit: 10 })).items).toEqual([]);
    await paid.app.foundation.runtime.change({ budgets: { guest: prompt + reply } });
    expect(await sendMessage(paid.app.chat, paid.ada, request)).toMatchObject({ repeated: false });
    expect(await sendMessage(paid.app.chat, paid.ada, request), 'a repeat asks for nothing').toMatchObject({
      repeated: true,
    });
    expect(await paid.state()).toEqual({ used: 0, reserved: prompt + reply });
  });

  it('is given back at once where the message is refused', async () => {
    await open();
    const { conversationId } = await paid.send();
    await expect(paid.send({ conversationId })).rejects.toMatchObject({ code: 'answer_running' });
    expect(await paid.state()).toEqual({ used: 0, reserved: prompt + reply });
  });

  it('stays held where nobody knows whether the message was stored, until the sweep has looked', async () => {
    const time = { now: Date.now() };
    const clock = { now: () => time.now, monotonic: () => time.now, after: () => () => {} };
    await open({ clock });
    const { runs } = paid.app.chat.records;
    const insert = runs.insert.bind(runs);
    for (const stored of [true, false]) {
      runs.insert = async (run) => {
        if (stored) await insert(run);
        throw storeUnavailable(new Error('The reply is lost.'));
      };
      await expect(paid.send()).rejects.toMatchObject({ code: 'store_unavailable' });
    }
    expect(await paid.state()).toEqual({ used: 0, reserved: 2 * (prompt + reply) });
    time.now += 29_000;
    await sweepReservations(paid.app.chat);
    expect(await paid.state(), 'it may be about to be stored').toEqual({ used: 0, reserved: 2 * (prompt + reply) });
    time.now += 1_000;
    await sweepReservations(paid.app.chat);
    expect(await paid.state(), 'one was').toEqual({ used: 0, reserved: prompt + reply });
  });

  it('is given back at the start of a process that has the store alone', async () => {
    await open();
    await paid.app.chat.budgets.reserve(paid.ada, 'of a process that died', 500);
    await paid.app.startScheduler();
    expect(await paid.state()).toEqual({ used: 0, reserved: 0 });
  });

  it('is held for a retry as for the message before', async () => {
    await open();
    const first = await paid.send();
    await stopRun(paid.app.chat, first._id);
    const retried = await retryMessage(paid.app.chat, paid.ada, first.messageId);
    expect(retried.reserved).toEqual(first.reserved);
    expect(await paid.app.chat.records.runs.get(retried._id)).toMatchObject({ reserved: first.reserved });
    await stopRun(paid.app.chat, retried._id);
    await paid.app.foundation.runtime.change({ budgets: { guest: prompt } });
    await expect(retryMessage(paid.app.chat, paid.ada, first.messageId)).rejects.toMatchObject({
      code: 'budget_spent',
    });
  });
});
