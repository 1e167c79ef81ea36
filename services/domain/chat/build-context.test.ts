import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runRecord } from '#domain/runs/run-record.fixture.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { ScriptedModels } from '#tests/protocol/scripted-models.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { buildContext } from './build-context.ts';
import type { ChatSettings } from './chat-ports.ts';
import { copyRun } from './copy-run.ts';

describe('what a model is given', () => {
  let app: TestChat;
  beforeEach(async () => {
    app = await createTestChat({ models: new ScriptedModels() });
  });
  afterEach(() => app.close());

  /** An exchange as it stands after its answer, behind another where `after` names one. */
  async function exchange(name: string, answer: string, after?: RunRecord, changes: Partial<RunRecord> = {}) {
    const run = runRecord({
      _id: name,
      slot: name,
      clientMessageId: name,
      text: `${name}?`,
      userMessageId: `${name}-question`,
      messageId: `${name}-answer`,
      status: 'complete',
      output: answer === '' ? [] : [{ index: 0, kind: 'text', text: answer }],
      length: answer.length,
      depth: after ? after.depth + 2 : 0,
      ...(after && { parentId: after.messageId }),
      ...changes,
    });
    await app.chat.records.runs.insert(run);
    await copyRun(app.chat, run);
    return run;
  }
  const next = (after: RunRecord, changes: Partial<RunRecord> = {}) =>
    runRecord({ _id: 'next', text: 'Next?', depth: after.depth + 2, parentId: after.messageId, ...changes });
  const given = async (run: RunRecord, settings: Partial<ChatSettings> = {}, models = app.chat.models) => {
    const chat = { ...app.chat, models, settings: { ...app.chat.settings, ...settings } };
    return (await buildContext(chat, run)).map(({ role, content }) => `${role}: ${content}`);
  };
  const reads = (contextTokens: number) => {
    const models = new ScriptedModels();
    const info = {
      ...models.list()[0],
      id: 'scripted',
      name: 's',
      contextTokens,
      vision: false,
      price: { inputPerMillion: 0, outputPerMillion: 0 },
      demo: true,
    };
    return Object.assign(models, { get: () => info });
  };

  it('is the system text and the message, at the start', async () => {
    expect(await given(runRecord())).toEqual(['user: Hello']);
    expect(await given(runRecord(), { systemText: 'Be kind.' })).toEqual(['system: Be kind.', 'user: Hello']);
  });

  it('is the branch before the message, without siblings, empty answers and thinking', async () => {
    const a = await exchange('a', 'A!');
    await exchange('sibling', 'Not this', a);
    const retried = await exchange('b', '', a, { status: 'failed' });
    const b = await exchange('b2', 'B!', a, { text: 'b?', userMessageId: retried.userMessageId });
    await app.chat.records.messages.update(b.messageId, {
      set: {
        parts: [
          { kind: 'thinking', text: 'hm' },
          { kind: 'text', text: 'B!' },
        ],
      },
    });
    expect(await given(next(b))).toEqual(['user: a?', 'assistant: A!', 'user: b?', 'assistant: B!', 'user: Next?']);
    expect(await given(next(retried))).toEqual(['user: a?', 'assistant: A!', 'user: b?', 'user: Next?']);
  });

  it('has so many of the last messages as the settings allow', async () => {
    const b = await exchange('b', 'B!', await exchange('a', 'A!'));
    expect(await given(next(b), { contextMessages: 3 })).toEqual([
      'assistant: A!',
      'user: b?',
      'assistant: B!',
      'user: Next?',
    ]);
    expect(await given(next(b), { contextMessages: 0 })).toEqual(['user: Next?']);
  });

  it('has so many of the last messages as fit the model, and leaves room for the reply', async () => {
    const b = await exchange('b', 'B'.repeat(35), await exchange('a', 'A'.repeat(350)));
    const all = await given(next(b), {}, reads(1_000));
    expect(all).toHaveLength(5);
    expect(await given(next(b), {}, reads(60))).toEqual(['user: b?', `assistant: ${'B'.repeat(35)}`, 'user: Next?']);
    expect(await given(next(b), {}, reads(12))).toEqual(['user: Next?']);
  });

  it('is refused where the message alone is longer than the model reads', async () => {
    await expect(given(runRecord({ text: 'a'.repeat(400) }), {}, reads(100))).rejects.toMatchObject({
      code: 'context_exceeded',
    });
    await expect(given(runRecord(), { systemText: 'a'.repeat(400) }, reads(100))).rejects.toMatchObject({
      code: 'context_exceeded',
    });
  });

  it('has an answer whose copy is not written yet', async () => {
    const a = await exchange('a', 'A!');
    await app.chat.records.messages.update(a.messageId, { set: { status: 'running', parts: [] } });
    expect(await given(next(a))).toEqual(['user: a?', 'assistant: A!', 'user: Next?']);
    await app.chat.records.messages.delete(a.messageId);
    expect(await given(next(a))).toEqual(['user: a?', 'assistant: A!', 'user: Next?']);
  });

  it('ends where the branch was removed', async () => {
    const b = await exchange('b', 'B!', await exchange('a', 'A!'));
    await app.chat.records.runs.delete('a');
    expect(await given(next(b))).toEqual(['user: b?', 'assistant: B!', 'user: Next?']);
  });
});
