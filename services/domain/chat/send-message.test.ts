import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '#domain/accounts/principal.ts';
import { isLive } from '#domain/runs/run-records.ts';
import { getRun, stopRun } from '#domain/runs/stop-run.ts';
import { storeUnavailable } from '#platform/errors.ts';
import { ScriptedModels } from '#tests/protocol/scripted-models.ts';
import { Trouble, troubled } from '#tests/protocol/troubled-ports.ts';
import { Freezable, VirtualTime } from '#tests/protocol/virtual-time.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { createConversation, deleteConversation, getConversation, listMessages } from './conversations.ts';
import { retryMessage } from './retry-message.ts';
import { sendMessage } from './send-message.ts';

describe('messages', () => {
  const copies = new Trouble();
  const queue = new Trouble();
  const models = new ScriptedModels();
  let app: TestChat;
  let ada: Principal;
  beforeEach(async () => {
    Object.assign(copies, { down: false, repliesToLose: 0 });
    Object.assign(queue, { down: false, repliesToLose: 0 });
    models.onCall = () => {};
    const alive = new Freezable(new VirtualTime());
    const away = () => storeUnavailable(new Error('away'));
    app = await createTestChat({
      models,
      ports: (ports) => ({
        records: { ...ports.records, messages: troubled(ports.records.messages, alive, copies, away) },
        queue: new Proxy(ports.queue, {
          get: (target, key) => {
            const member: unknown = Reflect.get(target, key);
            if (key === 'add' && queue.down) return () => Promise.reject(new Error('The queue is away.'));
            return typeof member === 'function' ? member.bind(target) : member;
          },
        }),
      }),
    });
    ada = await app.signIn();
  });
  afterEach(() => app.close());

  const send = (request: object = {}, who = ada) => sendMessage(app.chat, who, { text: 'Hello', ...request });
  const refused = (code: string) => expect.objectContaining({ code });
  const run = async (id: string) => {
    const found = await app.chat.records.runs.get(id);
    if (!found) throw new Error(`There is no run ${id}.`);
    return found;
  };
  const ended = (id: string) => waitFor(async () => !isLive(await run(id)), { what: 'the run to end' });
  const answerAtOnce = () => {
    models.onCall = (call) => call.finish();
    app.startWorker();
  };
  const stop = async (request?: object) => {
    const { run: sent } = await send(request);
    await stopRun(app.chat, sent._id);
    return run(sent._id);
  };

  it('begin a conversation that is there at once, called by its first line', async () => {
    const { run: sent, repeated } = await send({ text: '  Tea, please\nand cake' });
    expect(repeated).toBe(false);
    expect(await getConversation(app.chat, ada, sent.conversationId)).toMatchObject({ title: 'Tea, please' });
    const { items } = await listMessages(app.chat, ada, sent.conversationId, { limit: 10 });
    expect(items.map(({ role, status }) => [role, status])).toEqual([
      ['assistant', 'running'],
      ['user', 'complete'],
    ]);
    expect(items[0]).toMatchObject({ id: sent.messageId, parentId: sent.userMessageId, runId: sent._id, text: '' });
  });

  it('give an empty conversation its title, unless its owner named it', async () => {
    const [empty, named] = [await createConversation(app.chat, ada), await createConversation(app.chat, ada, 'Mine')];
    for (const { id } of [empty, named]) await send({ conversationId: id });
    expect((await getConversation(app.chat, ada, empty.id)).title).toBe('Hello');
    expect((await getConversation(app.chat, ada, named.id)).title).toBe('Mine');
  });

  it('are taken once for each clientMessageId, also where repeats come together', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => send({ clientMessageId: 'm' })));
    expect(new Set(all.map(({ run: { _id } }) => _id)).size).toBe(1);
    expect(all.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect((await send({ clientMessageId: 'm' })).repeated).toBe(true);
    expect(await app.chat.records.runs.count({})).toBe(1);
    const eve = await app.signIn('Eve');
    expect((await send({ clientMessageId: 'm' }, eve)).repeated, 'IDs of others do not count').toBe(false);
  });

  it('cost nothing of those a minute where they are repeats, however many come together', async () => {
    await app.foundation.runtime.change({ messagesPerMinute: 5 });
    await send({ clientMessageId: 'm' });
    await Promise.all(Array.from({ length: 20 }, () => send({ clientMessageId: 'm' })));
    expect(await app.chat.messageLimit.peek(ada.id)).toMatchObject({ used: 1 });
    for (let count = 0; count < 4; count += 1) await send();
    await expect(send()).rejects.toEqual(refused('rate_limited'));
    expect((await send({ clientMessageId: 'm' })).repeated).toBe(true);
  });

  it('cost nothing of those a minute where we fail: sent or retried', async () => {
    const { _id, messageId } = await stop();
    await app.foundation.runtime.change({ messagesPerMinute: 5 });
    const { runs } = app.chat.records;
    const { insert } = runs;
    runs.insert = () => Promise.reject(storeUnavailable(new Error('away')));
    for (let count = 0; count < 10; count += 1) {
      await expect(send()).rejects.toEqual(refused('store_unavailable'));
      await expect(retryMessage(app.chat, ada, messageId)).rejects.toEqual(refused('store_unavailable'));
    }
    runs.insert = insert;
    expect((await retryMessage(app.chat, ada, messageId)).retryOf).toBe(_id);
  });

  it('are repeated even where the conversation is gone, or has an answer under way', async () => {
    const { run: sent } = await send({ clientMessageId: 'm' });
    await deleteConversation(app.chat, ada, sent.conversationId);
    expect((await send({ clientMessageId: 'm' })).run._id).toBe(sent._id);
  });

  it('are refused where a clientMessageId comes with something else', async () => {
    await send({ clientMessageId: 'm' });
    for (const other of [{ text: 'Other' }, { model: 'scripted' }, { conversationId: 'none' }]) {
      await expect(send({ clientMessageId: 'm', ...other })).rejects.toEqual(refused('message_id_reused'));
    }
  });

  it('wait for the answer under way in their conversation', async () => {
    const { run: first } = await send();
    const { conversationId } = first;
    await expect(send({ conversationId })).rejects.toEqual(refused('answer_running'));
    await stopRun(app.chat, first._id);
    const tries = await Promise.allSettled([
      send({ conversationId }),
      send({ conversationId }),
      send({ conversationId }),
    ]);
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(tries.filter(({ status }) => status === 'rejected')).toHaveLength(2);
  });

  it('follow the answer before them', async () => {
    const first = await stop();
    const second = await stop({ conversationId: first.conversationId });
    expect(second).toMatchObject({ parentId: first.messageId, depth: 2 });
    expect(second.newTitle).toBeUndefined();
  });

  it('are refused where the conversation is someone else’s, deleted or none, or the model unknown', async () => {
    const { conversationId } = await stop();
    const eve = await app.signIn('Eve');
    await expect(send({ conversationId }, eve)).rejects.toEqual(refused('not_found'));
    await expect(send({ conversationId: 'none' })).rejects.toEqual(refused('not_found'));
    await expect(send({ model: 'none' })).rejects.toEqual(refused('unknown_model'));
    await deleteConversation(app.chat, ada, conversationId);
    await expect(send({ conversationId })).rejects.toEqual(refused('not_found'));
    expect(await app.chat.records.runs.count({})).toBe(1);
  });

  it('are accepted where only the store of runs took them: the sweep does the rest', async () => {
    copies.down = queue.down = true;
    const { run: sent } = await send();
    expect(await app.chat.queue.counts({ name: 'answer', data: expect.anything() })).toMatchObject({ waiting: 0 });
    copies.down = queue.down = false;
    answerAtOnce();
    await waitFor(async () => {
      await app.sweep.sweep();
      return !isLive(await run(sent._id));
    });
    const { items } = await listMessages(app.chat, ada, sent.conversationId, { limit: 10 });
    expect(items.map(({ status }) => status)).toEqual(['complete', 'complete']);
  });

  describe('that were stopped', () => {
    it('end at once while they wait', async () => {
      const stopped = await stop();
      expect(stopped).toMatchObject({ status: 'stopped', attempt: 0, slot: stopped._id, settled: true });
      answerAtOnce();
      const { run: next } = await send();
      await ended(next._id);
      expect((await run(stopped._id)).attempt).toBe(0);
    });

    it('end with what they have while they run, and stay as they ended', async () => {
      app.startWorker();
      const before = models.calls.length;
      const { run: sent } = await send();
      const call = await waitFor(() => models.calls[before]);
      await waitFor(async () => (await app.chat.runLog.last(sent._id))?.kind === 'output');
      await stopRun(app.chat, sent._id);
      await ended(sent._id);
      const stopped = await run(sent._id);
      expect(stopped).toMatchObject({ status: 'stopped', output: [{ text: call.text }] });
      await stopRun(app.chat, sent._id);
      expect(await run(sent._id)).toMatchObject({ endedAt: stopped.endedAt, status: 'stopped' });
    });

    it('stay marked where the worker cannot be told: it learns it when it renews', async () => {
      const { run: sent } = await send();
      await app.chat.records.runs.update(sent._id, { set: { status: 'running', attempt: 1 } });
      const broadcast = Object.assign(Object.create(app.chat.broadcast), {
        publish: () => Promise.reject(new Error('The broadcast is away.')),
      });
      await stopRun({ ...app.chat, broadcast }, sent._id);
      expect(await run(sent._id)).toMatchObject({ status: 'running', stopRequested: true });
      expect(app.lines.some(({ message }) => message.startsWith('The worker was not told'))).toBe(true);
    });

    it('are no business of strangers', async () => {
      const { run: sent } = await send();
      await expect(getRun(app.chat, await app.signIn('Eve'), sent._id)).rejects.toEqual(refused('not_found'));
      await expect(getRun(app.chat, ada, 'none')).rejects.toEqual(refused('not_found'));
    });

    it('may be retried, as siblings, one at a time', async () => {
      const first = await stop();
      const tries = await Promise.allSettled([1, 2, 3].map(() => retryMessage(app.chat, ada, first.messageId)));
      const made = tries.flatMap((tried) => (tried.status === 'fulfilled' ? [tried.value] : []));
      const failed = tries.flatMap((tried) => (tried.status === 'rejected' ? [tried.reason] : []));
      expect(made).toHaveLength(1);
      expect(failed).toEqual([refused('answer_running'), refused('answer_running')]);
      expect(made[0]).toMatchObject({ userMessageId: first.userMessageId, depth: first.depth, text: first.text });
      const { items } = await listMessages(app.chat, ada, first.conversationId, { limit: 10 });
      expect(items.filter(({ parentId }) => parentId === first.userMessageId)).toHaveLength(2);
      await stopRun(app.chat, made[0]?._id ?? '');
      const next = await stop({ conversationId: first.conversationId });
      expect(next.parentId, 'the next message follows the latest answer').toBe(made[0]?.messageId);
    });

    it('may not be retried in a conversation that was deleted', async () => {
      const first = await stop();
      await deleteConversation(app.chat, ada, first.conversationId);
      await expect(retryMessage(app.chat, ada, first.messageId)).rejects.toEqual(refused('not_found'));
    });
  });

  it('may be retried only where their answer ended short', async () => {
    const { run: waiting } = await send();
    await expect(retryMessage(app.chat, ada, waiting.messageId)).rejects.toEqual(refused('not_retryable'));
    answerAtOnce();
    await ended(waiting._id);
    await expect(retryMessage(app.chat, ada, waiting.messageId)).rejects.toEqual(refused('not_retryable'));
    await expect(retryMessage(app.chat, ada, waiting.userMessageId)).rejects.toEqual(refused('not_found'));
    await expect(retryMessage(app.chat, ada, 'none')).rejects.toEqual(refused('not_found'));
  });
});
