import { afterEach, beforeEach, expect, it } from 'vitest';
import { runRecord } from '#domain/runs/run-record.fixture.ts';
import { AppError } from '#platform/errors.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { copyAnswer, copyRun } from './copy-run.ts';

let app: TestChat;
beforeEach(async () => {
  app = await createTestChat();
});
afterEach(() => app.close());

it('writes the answer also where the first copy, of the run as it was sent, comes only while it is written', async () => {
  const { chat } = app;
  const sent = runRecord({ newTitle: 'Hi' });
  const { messages } = chat.records;
  // A slow store: the first copy, for which nobody waits, arrives right after the end found no message.
  const late = new Proxy(messages, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key);
      if (key !== 'update') return typeof member === 'function' ? member.bind(target) : member;
      return async (...args: Parameters<typeof messages.update>) => {
        const updated = await messages.update(...args);
        if (!updated) await copyRun(chat, sent);
        return updated;
      };
    },
  });
  const output = [{ index: 0, kind: 'text', text: 'All is well.' } as const];
  const ended = { ...sent, status: 'complete', attempt: 1, output, length: 12, slot: sent._id } as const;
  await copyAnswer({ ...chat, records: { ...chat.records, messages: late } }, ended);
  expect(await messages.get(sent.messageId)).toMatchObject({ status: 'complete', parts: [{ text: 'All is well.' }] });
});

it('leaves no message without its conversation where the store goes away between the two', async () => {
  const { chat } = app;
  const sent = runRecord({ newTitle: 'Hi' });
  const { conversations, messages } = chat.records;
  const away = new Proxy(conversations, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key);
      if (key === 'insertMissing') return () => Promise.reject(new AppError('store_unavailable'));
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  const troubled = { ...chat, records: { ...chat.records, conversations: away } };
  await expect(copyRun(troubled, sent)).rejects.toThrow(AppError);
  // What comes later looks for the message alone.
  expect(await messages.get(sent.messageId)).toBeUndefined();
  await copyAnswer(chat, { ...sent, status: 'complete', attempt: 1, slot: sent._id });
  expect(await conversations.get(sent.conversationId)).toMatchObject({ title: 'Hi' });
  expect(await messages.get(sent.messageId)).toMatchObject({ status: 'complete' });
});
