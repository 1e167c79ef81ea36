import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Principal } from '#domain/accounts/principal.ts';
import { directive } from '#tests/model-server/directive.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { deleteConversation, getConversation, renameConversation } from './conversations.ts';
import { sendMessage } from './send-message.ts';
import { provisionalTitle, writeTitle } from './titles.ts';

describe('a provisional title', () => {
  it.each([
    ['Hello', 'Hello'],
    ['  \n Tea for two  \n and cake', 'Tea for two'],
    ['Tea\r\nand cake', 'Tea'],
    ['a'.repeat(60), 'a'.repeat(60)],
    ['a'.repeat(61), `${'a'.repeat(59)}…`],
    [`${'word '.repeat(12)}`, 'word '.repeat(12).trim()],
    [`${'word '.repeat(13)}`, `${'word '.repeat(11).trim()}…`],
    [`short ${'a'.repeat(100)}`, `short ${'a'.repeat(53)}…`],
    ['😀'.repeat(40), `${'😀'.repeat(29)}…`],
  ])('of %j is %j', (text, title) => {
    expect(provisionalTitle(text)).toBe(title);
    expect(title.isWellFormed()).toBe(true);
  });
});

describe('the title of a conversation', () => {
  let app: TestChat;
  let ada: Principal;
  beforeAll(async () => {
    app = await createTestChat();
    app.startWorker();
    ada = await app.signIn();
  });
  afterAll(() => app.close());

  const send = async (text: string, more = {}) => (await sendMessage(app.chat, ada, { text, ...more })).run;
  const titleOf = async (id: string) => (await getConversation(app.chat, ada, id)).title;
  const ended = (id: string) =>
    waitFor(async () => (await app.chat.records.runs.get(id))?.settled, { what: 'the answer to be settled' });
  const never = new AbortController().signal;

  it('is written by the model after the first answer, once', async () => {
    const { _id, conversationId } = await send('Tell me of tea');
    await waitFor(async () => (await titleOf(conversationId)).startsWith('About'), { what: 'the title' });
    await ended(_id);
    const asked = app.modelServer.calls().length;
    await ended((await send('And of cake', { conversationId }))._id);
    expect(app.modelServer.calls()).toHaveLength(asked + 1);
    expect(await app.chat.queue.counts({ name: 'title', data: expect.anything() })).toMatchObject({ waiting: 0 });
  });

  it('stays where a person chose it, also while the model writes one', async () => {
    const { _id, conversationId } = await send('Tell me of coffee');
    await renameConversation(app.chat, ada, conversationId, 'Mine');
    await ended(_id);
    await writeTitle(app.chat, { conversationId, runId: _id }, never);
    expect(await titleOf(conversationId)).toBe('Mine');
  });

  it('stays provisional where the answer failed, or the model has none to give', async () => {
    const { _id, conversationId } = await send(`Tell me ${directive({ fault: '400' })}`);
    await ended(_id);
    expect(await titleOf(conversationId)).toMatch(/^Tell me/);
    await writeTitle(
      { ...app.chat, models: { ...app.chat.models, stream: silent } },
      { conversationId, runId: _id },
      never,
    );
    expect(await titleOf(conversationId)).toMatch(/^Tell me/);
  });

  it('is written for nothing that is gone', async () => {
    const { _id, conversationId } = await send('Tell me of cocoa');
    await ended(_id);
    await writeTitle(app.chat, { conversationId: 'none', runId: _id }, never);
    await writeTitle(app.chat, { conversationId, runId: 'none' }, never);
    await deleteConversation(app.chat, ada, conversationId);
    await writeTitle(app.chat, { conversationId, runId: _id }, never);
    expect((await app.chat.records.conversations.get(conversationId))?.title).toBe('');
  });

  it.each([
    ['“Tea for two.”', 'Tea for two'],
    ['"Tea"\n\nHere is why: …', 'Tea'],
    ['  «Thé»  ', 'Thé'],
    ['\u001b[2J\u202eTea\u2069\u0007', '[2JTea'],
    // No title goes on for so long: none is better than its beginning.
    ['Tea '.repeat(10_000), 'Tell me of titles'],
  ])('is taken from what a model says, as far as it is one (%#)', async (said, title) => {
    const { _id, conversationId } = await send('Tell me of titles');
    // The worker names it as well, in its own time.
    await waitFor(async () => (await titleOf(conversationId)).startsWith('About'), { what: 'a title of the worker' });
    const provisional = { title: 'Tell me of titles', titleSource: 'provisional' };
    await app.chat.records.conversations.update(conversationId, { set: provisional });
    async function* stream() {
      yield { type: 'output', kind: 'thinking', text: 'hm' } as const;
      yield { type: 'output', kind: 'text', text: said } as const;
    }
    await writeTitle({ ...app.chat, models: { ...app.chat.models, stream } }, { conversationId, runId: _id }, never);
    expect(await titleOf(conversationId)).toBe(title);
  });
});

async function* silent() {
  yield { type: 'output', kind: 'text', text: ' ." ' } as const;
}
