import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '#contract/socket.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { personNotice } from '#domain/runs/run-topics.ts';
import { stopRun } from '#domain/runs/stop-run.ts';
import { ScriptedModels } from '#tests/protocol/scripted-models.ts';
import { Freezable, settle, VirtualTime } from '#tests/protocol/virtual-time.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import {
  createConversation,
  deleteConversation,
  getConversation,
  listConversations,
  listMessages,
  renameConversation,
} from './conversations.ts';
import { copyRun } from './copy-run.ts';
import { sendMessage } from './send-message.ts';

const hour = 3_600_000;

describe('conversations', () => {
  let time: VirtualTime;
  let app: TestChat;
  let ada: Principal;
  let notices: Notice[];
  beforeEach(async () => {
    time = new VirtualTime();
    notices = [];
    app = await createTestChat({ clock: new Freezable(time).clock(0), models: new ScriptedModels() });
    app.chat.broadcast.subscribe(personNotice, ({ notice }) => notices.push(notice));
    ada = await app.signIn();
  });
  afterEach(() => app.close());

  const titles = async (query: { q?: string; limit?: number } = {}) =>
    (await listConversations(app.chat, ada, { limit: 10, ...query })).items.map(({ title }) => title);
  const send = async (more = {}) => (await sendMessage(app.chat, ada, { text: 'Hello', ...more })).run;
  const notFound = expect.objectContaining({ code: 'not_found' });

  it('are found by whom their first run names, also before their first copy', async () => {
    const run = await send();
    await settle();
    await app.chat.records.conversations.delete(run.conversationId);
    const eve = await app.signIn();
    await expect(getConversation(app.chat, eve, run.conversationId)).rejects.toEqual(notFound);
    await app.chat.records.conversations.delete(run.conversationId);
    expect(await getConversation(app.chat, ada, run.conversationId)).toMatchObject({ id: run.conversationId });
    expect(await titles()).toEqual(['Hello']);
    await expect(getConversation(app.chat, ada, 'nobody has this')).rejects.toEqual(notFound);
  });

  it('come the latest first, in pages that new messages do not disturb', async () => {
    const made = [];
    for (const title of ['one', 'two', 'three']) {
      made.push(await createConversation(app.chat, ada, title));
      await time.advance(1_000);
    }
    const first = await listConversations(app.chat, ada, { limit: 2 });
    expect(first.items.map(({ title }) => title)).toEqual(['three', 'two']);
    await send({ conversationId: made[2]?.id });
    const second = await listConversations(app.chat, ada, { limit: 2, cursor: first.nextCursor });
    expect(second).toMatchObject({ items: [{ title: 'one' }] });
    await time.advance(1_000);
    await send({ conversationId: made[0]?.id });
    expect(await titles()).toEqual(['one', 'three', 'two']);
  });

  it('are found by words of their titles, and only their owner’s', async () => {
    await createConversation(app.chat, ada, 'Café au lait');
    await createConversation(app.chat, await app.signIn('Eve'), 'Café noir');
    expect(await titles({ q: 'cafe' })).toEqual(['Café au lait']);
    expect(await titles({ q: 'lait caf' })).toEqual(['Café au lait']);
    expect(await titles({ q: 'noir' })).toEqual([]);
    expect(await titles({ q: '" OR 1 *' })).toEqual([]);
    expect(await titles({ q: '!?' })).toEqual([]);
  });

  it('are renamed by their owner, which open pages are told', async () => {
    const { id } = await createConversation(app.chat, ada);
    expect(await renameConversation(app.chat, ada, id, 'Mine')).toMatchObject({ id, title: 'Mine' });
    await settle();
    expect(notices).toEqual([{ kind: 'conversation_changed', conversationId: id, title: 'Mine' }]);
    await send({ conversationId: id });
    expect(await titles()).toEqual(['Mine']);
    await expect(renameConversation(app.chat, await app.signIn('Eve'), id, 'Yours')).rejects.toEqual(notFound);
  });

  it('remember the model of their last message', async () => {
    const { conversationId } = await send({ model: 'scripted' });
    expect((await getConversation(app.chat, ada, conversationId)).model).toBe('scripted');
  });

  describe('that are deleted', () => {
    it('are gone at once, stop their answer, and are told of', async () => {
      const run = await send();
      await deleteConversation(app.chat, ada, run.conversationId);
      for (const look of [getConversation, deleteConversation])
        await expect(look(app.chat, ada, run.conversationId)).rejects.toEqual(notFound);
      await expect(listMessages(app.chat, ada, run.conversationId, { limit: 1 })).rejects.toEqual(notFound);
      await expect(renameConversation(app.chat, ada, run.conversationId, 'x')).rejects.toEqual(notFound);
      expect([await titles(), await titles({ q: 'hello' })]).toEqual([[], []]);
      expect((await app.chat.records.runs.get(run._id))?.status).toBe('stopped');
      await settle();
      expect(notices).toContainEqual({ kind: 'conversation_deleted', conversationId: run.conversationId });
    });

    it('lose their messages and answers in the sweep, and their tombstone after an hour', async () => {
      const { records } = app.chat;
      const run = await send();
      const kept = await send();
      await deleteConversation(app.chat, ada, run.conversationId);
      await app.sweep.sweep();
      expect(await records.runs.get(run._id), 'what is under way may still need it').toBeDefined();
      await time.advance(5_000);
      await app.sweep.sweep();
      expect(await records.runs.get(run._id)).toBeUndefined();
      expect(await records.messages.getMany([run.userMessageId, run.messageId])).toEqual([]);
      expect(await records.conversations.get(run.conversationId)).toMatchObject({ deleted: true, title: '' });
      await time.advance(hour);
      await app.sweep.sweep();
      expect(await records.conversations.get(run.conversationId)).toBeUndefined();
      expect(await records.messages.getMany([kept.userMessageId, kept.messageId])).toHaveLength(2);
    });

    it('stay deleted and nameless where a late step writes what it still had to write', async () => {
      const run = await send();
      await deleteConversation(app.chat, ada, run.conversationId);
      await copyRun(app.chat, run);
      expect(await app.chat.records.conversations.get(run.conversationId)).toMatchObject({ deleted: true, title: '' });
      await time.advance(5_000);
      await app.sweep.sweep();
      expect(await app.chat.records.messages.getMany([run.userMessageId, run.messageId])).toEqual([]);
    });

    it('lose also an answer that was sent for while they were deleted', async () => {
      const first = await send();
      await stopRun(app.chat, first._id);
      const [sent] = await Promise.allSettled([
        send({ conversationId: first.conversationId }),
        deleteConversation(app.chat, ada, first.conversationId),
      ]);
      for (let pass = 0; pass < 3; pass += 1) {
        await time.advance(5_000);
        await app.sweep.sweep();
      }
      expect(await app.chat.records.runs.count({})).toBe(0);
      expect(await app.chat.records.messages.count({})).toBe(0);
      expect(['fulfilled', 'rejected']).toContain(sent?.status);
    });
  });
});
