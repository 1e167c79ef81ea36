import { afterEach, describe, expect, it } from 'vitest';
import { withKinds } from '#domain/chat/answer-kind.ts';
import { answerQueue } from '#domain/chat/chat-topics.ts';
import { sendMessage } from '#domain/chat/send-message.ts';
import { storeUnavailable } from '#platform/errors.ts';
import { type ChatRequest, ModelError, type ModelEvent, type Models } from '#platform/models/models.ts';
import { ScriptedModels } from '#tests/protocol/scripted-models.ts';
import { Trouble } from '#tests/protocol/troubled-ports.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTestChat, type TestChat, type TestChatOptions } from '#tests/servers/test-chat.ts';
import { attemptRun } from './attempt-run.ts';
import { isLive, type RunRecord } from './run-records.ts';
import { RunsUnderWay } from './runs-under-way.ts';

describe('making an answer', () => {
  let app: TestChat;
  let models: ScriptedModels;
  afterEach(() => app.close());

  async function open(options: TestChatOptions = {}): Promise<void> {
    models = new ScriptedModels();
    app = await createTestChat({ models, ...options });
  }
  const send = async (more = {}) => (await sendMessage(app.chat, await app.signIn(), { text: 'Hello', ...more })).run;
  /** Takes jobs until it is drained. */
  const work = () => {
    const underWay = new RunsUnderWay(app.chat);
    return app.chat.queue.consume(answerQueue, { concurrency: 5 }, (job, signal) =>
      attemptRun(app.chat, underWay, job.data, signal),
    );
  };
  const stored = async ({ _id }: RunRecord) => {
    const run = await app.chat.records.runs.get(_id);
    if (!run) throw new Error('The run is gone.');
    return run;
  };
  const ended = (run: RunRecord) =>
    waitFor(async () => {
      const now = await stored(run);
      return isLive(now) ? undefined : now;
    });
  const call = (index: number) => waitFor(() => models.calls[index], { what: `call ${index} to the model` });
  const logged = (action: string) => app.lines.filter(({ fields }) => fields['event.action'] === action);
  const saying = (stream: (request: ChatRequest) => AsyncIterable<ModelEvent>): Models =>
    Object.assign(new ScriptedModels(), { stream });

  it('is handed back where the process must stop, and made anew by another', async () => {
    await open();
    const first = work();
    const run = await send();
    (await call(0)).say('text', 'of the first');
    await first.drain(0);
    expect(await stored(run)).toMatchObject({ status: 'queued', attempt: 1, crashes: 0 });
    expect(logged('run_hand_back')).toHaveLength(1);
    models.onCall = (made) => made.finish();
    work();
    const done = await ended(run);
    expect(done).toMatchObject({ status: 'complete', attempt: 2, crashes: 0, output: [{ text: 'call 2: ' }] });
  });

  it('is handed back at once where the process stops as it takes it', async () => {
    await open();
    const run = await send();
    await attemptRun(app.chat, new RunsUnderWay(app.chat), { runId: run._id }, AbortSignal.abort());
    expect(await stored(run)).toMatchObject({ status: 'queued', attempt: 1, crashes: 0 });
    expect(models.calls).toEqual([]);
  });

  it('is handed back also where the queue is away: the sweep adds its job', async () => {
    await open();
    const run = await send();
    const queue = Object.assign(Object.create(app.chat.queue), { add: () => Promise.reject(new Error('away')) });
    const chat = withKinds({ ...app.chat, queue });
    await attemptRun(chat, new RunsUnderWay(chat), { runId: run._id }, AbortSignal.abort());
    expect(await stored(run)).toMatchObject({ status: 'queued' });
    expect(logged('run_trouble')).toHaveLength(1);
  });

  it('is left to whoever took it over', async () => {
    await open();
    const consumer = work();
    const run = await send();
    const made = await call(0);
    await waitFor(async () => (await app.chat.runLog.last(run._id))?.kind === 'output');
    await app.chat.records.runs.update(run._id, { increment: { attempt: 1 } });
    await app.chat.runLog.open(run._id, 2);
    made.say('text', 'in vain');
    await waitFor(() => logged('run_fenced').length === 1);
    expect(made.open).toBe(false);
    expect(await stored(run)).toMatchObject({ status: 'running', attempt: 2, output: [] });
    await consumer.drain(0);
  });

  it('ends at the longest output, which is kept', async () => {
    await open({ settings: { maxOutputLength: 20 } });
    work();
    const run = await send();
    (await call(0)).say('text', 'and more than twenty units');
    expect(await ended(run)).toMatchObject({
      status: 'failed',
      error: {
        code: 'answer_too_long',
        message: 'The answer reached the longest one allowed here. You can retry it.',
      },
      output: [{ text: 'call 1: and more than twenty units' }],
    });
  });

  it('ends after the longest time', async () => {
    await open({ settings: { maxRunMs: 30 } });
    work();
    expect(await ended(await send())).toMatchObject({
      status: 'failed',
      error: { code: 'answer_too_long' },
      length: 8,
    });
  });

  it.each([
    ['stop', 'empty'],
    ['content_filter', 'withheld'],
  ] as const)('fails where it is empty and ends with %s', async (reason, words) => {
    const usage = { inputTokens: 1, outputTokens: 0, thinkingTokens: 3, estimated: false };
    async function* stream() {
      yield { type: 'finish', model: 'scripted', reason, usage } as const;
    }
    await open({ models: saying(stream) });
    work();
    const run = await ended(await send());
    expect(run).toMatchObject({ status: 'failed', usage, error: { code: 'model_bad_reply' } });
    expect(run.error?.message).toContain(words);
  });

  it('keeps what there is where the model breaks off, and says why in plain words', async () => {
    async function* stream() {
      yield { type: 'output', kind: 'text', text: 'Once' } as const;
      throw new ModelError('model_unavailable', 'The connection broke.', { retryable: true });
    }
    await open({ models: saying(stream) });
    work();
    expect(await ended(await send())).toMatchObject({
      status: 'failed',
      error: { code: 'model_unavailable', message: 'The connection broke.' },
      output: [{ text: 'Once' }],
    });
  });

  it('fails without a word of it to the person where the fault is ours', async () => {
    const stream = () => {
      throw new TypeError('secret is not a function');
    };
    await open({ models: saying(stream) });
    work();
    const run = await ended(await send());
    expect(run).toMatchObject({ status: 'failed', error: { code: 'internal' } });
    expect(run.error?.message).not.toContain('secret');
    expect(app.lines.some(({ level, fields }) => level === 'error' && fields.error instanceof TypeError)).toBe(true);
  });

  it('names the model that stood in for the one that was asked', async () => {
    const usage = { inputTokens: 1, outputTokens: 1, estimated: true };
    async function* stream() {
      yield { type: 'output', kind: 'text', text: 'Once' } as const;
      yield { type: 'finish', model: 'stand-in', reason: 'stop', usage } as const;
    }
    await open({ models: saying(stream) });
    work();
    const run = await ended(await send());
    expect(run).toMatchObject({ status: 'complete', model: 'scripted', answeredBy: 'stand-in' });
    expect((await app.chat.records.messages.get(run.messageId))?.model).toBe('stand-in');
  });

  it('fails where the message is longer than the model reads', async () => {
    const small = Object.assign(new ScriptedModels(), {
      get: () => ({
        id: 'scripted',
        name: 's',
        contextTokens: 5,
        vision: false,
        price: { inputPerMillion: 0, outputPerMillion: 0 },
        demo: true,
      }),
    });
    await open({ models: small });
    work();
    expect(await ended(await send())).toMatchObject({ status: 'failed', error: { code: 'context_exceeded' } });
  });

  it('waits for a store that is away while it reads what was said before', async () => {
    const trouble = new Trouble();
    const away = () => storeUnavailable(new Error('away'));
    await open({
      ports: ({ records }) => {
        const find: typeof records.runs.find = async (query) => {
          // A range of depths is asked for by whoever reads a history.
          if (typeof query.where['depth'] === 'object') trouble.check(away);
          return records.runs.find(query);
        };
        const runs = new Proxy(records.runs, {
          get: (target, key) => {
            const member: unknown = key === 'find' ? find : Reflect.get(target, key);
            return typeof member === 'function' ? member.bind(target) : member;
          },
        });
        return { records: { ...records, runs } };
      },
    });
    models.onCall = (made) => made.finish();
    const consumer = work();
    const ada = await app.signIn();
    const first = (await sendMessage(app.chat, ada, { text: 'Hello' })).run;
    await ended(first);
    trouble.down = true;
    const { conversationId } = first;
    const second = (await sendMessage(app.chat, ada, { text: 'Again', conversationId })).run;
    await waitFor(async () => (await stored(second)).status === 'running');
    trouble.down = false;
    expect((await ended(second)).status).toBe('complete');
    trouble.down = true;
    const third = (await sendMessage(app.chat, ada, { text: 'Again', conversationId })).run;
    await waitFor(async () => (await stored(third)).status === 'running');
    await consumer.drain(0);
    expect(await stored(third), 'it does not keep the process from stopping').toMatchObject({ status: 'queued' });
  });
});
