import { afterEach, describe, expect, it } from 'vitest';
import type { Models } from '#platform/models/models.ts';
import { directive } from '#tests/model-server/directive.ts';
import type { Storyteller } from '#tests/model-server/stories.ts';
import type { TestChatOptions } from '#tests/servers/test-chat.ts';
import { askStory, openTestStories, type TestStories, tellStory, textRead, written } from './stories.fixture.ts';

let app: TestStories;
afterEach(() => app.close());

const open = async (replies: readonly string[], options: TestChatOptions = {}) => {
  const storyteller: Storyteller = (_order, call) => replies[Math.min(call, replies.length) - 1] ?? '';
  app = await openTestStories({ modelServer: { storyteller }, ...options });
  return app.client;
};
const calls = () => app.modelServer.calls();
const usageOf = async () => {
  const { items } = await app.chat.usage.shares.find({ where: { folded: false }, limit: 10 });
  return items.filter(({ kind }) => kind === 'answer').flatMap(({ lines }) => lines.map(({ counts }) => counts));
};

describe('a story', () => {
  it('is written as JSON and told as a title and parts', async () => {
    const client = await open([written()]);
    const told = await tellStory(client, { idea: 'A lamp', settings: { readerName: 'Mila', readerAge: 5 } });
    expect(told).toMatchObject({
      status: 'ready',
      title: 'The lamp that waited',
      parts: ['Once there was a lamp.', 'It waited.\n\nAnd waited.', 'Then it slept.'],
      summary: 'A lamp waits for the evening.',
      moral: 'What is waited for comes.',
      readerName: 'Mila',
      moderation: 'none',
      favourite: false,
      shared: false,
    });
    expect(Date.parse(told.expiresAt ?? '') - Date.parse(told.createdAt)).toBeGreaterThanOrEqual(48 * 3_600_000);
    const [call] = calls();
    expect(call?.body).toMatchObject({ response_format: { type: 'json_object' } });
    expect(JSON.parse(call?.text ?? '')).toMatchObject({
      idea: 'A lamp',
      reader: { name: 'Mila', age: 5 },
      words: 650,
    });
  });

  it('reaches its readers as a title and a text, to the character, with `done` at the end', async () => {
    const client = await open([written()]);
    const { runId } = await askStory(client);
    const events = await client.events('GET', `/api/runs/${runId}/events`);
    expect(textRead(events)).toBe(
      'The lamp that waitedOnce there was a lamp.\n\nIt waited.\n\nAnd waited.\n\nThen it slept.',
    );
    expect(events.at(-1)?.event).toBe('done');
    const done = JSON.parse(events.at(-1)?.data ?? '') as { message: { parts: { kind: string }[] } };
    expect(done.message.parts.map(({ kind }) => kind)).toEqual(['title', 'text']);
  });

  it('counts as a story, and neither as a message nor as an answer', async () => {
    const client = await open([written()]);
    await tellStory(client);
    await expect.poll(usageOf).toMatchObject([{ stories: 1 }]);
    const [counts] = await usageOf();
    expect(counts).not.toMatchObject({ messages: 1 });
    expect(Object.keys(counts ?? {}).sort()).toEqual(['costNanos', 'inputTokens', 'outputTokens', 'stories']);
    const { body } = await app.foundation.telemetry.metrics.expose();
    expect(body).toMatch(/^lamplight_run_duration_seconds_count\{.*kind="story".*\} 1$/m);
    expect(body).not.toMatch(/^lamplight_runs?_.*kind="answer"/m);
  });

  it.each([
    ['in a fence', `Here you are {gladly}:\n\`\`\`json\n${written()}\n\`\`\`\nSleep well! {}`],
    ['after what the model thought', `<think>{"title":"no"}</think>${written()}`],
  ])('is understood %s', async (_where, reply) => {
    const client = await open([reply]);
    expect(await tellStory(client)).toMatchObject({ status: 'ready', title: 'The lamp that waited' });
    expect(calls()).toHaveLength(1);
  });

  it('that is not in the form that was asked for is put right once', async () => {
    const client = await open(['{"title":"A lamp","parts":["Once', written()]);
    const told = await tellStory(client);
    expect(told).toMatchObject({ status: 'ready', title: 'The lamp that waited' });
    const messages = calls()[1]?.body['messages'] as { role: string; content: string }[];
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(messages[2]?.content).toBe('{"title":"A lamp","parts":["Once');
    expect(messages[3]?.content).toContain('not one whole JSON object');
    const run = await app.chat.records.runs.get(told.runId);
    expect(run).toMatchObject({ attempt: 2, usage: { estimated: true } });
    expect(JSON.stringify(run?.made)).not.toContain('repair');
  });

  it.each([
    ['no JSON', 'I would rather not.'],
    ['a part that is empty', written({ parts: ['One.', ' ', 'Three.'] })],
    ['a title of a page', written({ title: 'x'.repeat(201) })],
    ['no moral', written({ moral: undefined })],
    ['parts that are not a list', written({ parts: 'One.' })],
    ['parts that stand there twice', `{"parts":["Other."],${written().slice(1)}`],
    ['a reply without an end', `{"title":"A","parts":["${'x'.repeat(130_000)}`],
  ])('that is wrong twice fails: %s', async (_what, reply) => {
    const client = await open([reply]);
    const told = await tellStory(client);
    expect(told).toMatchObject({ status: 'failed', error: { code: 'story_malformed' } });
    expect(calls()).toHaveLength(2);
    expect(told.picture.state).toBe('skipped');
  });

  it('that its model cuts off is asked for once more, shorter', async () => {
    const client = await open([written()]);
    const told = await tellStory(client, { idea: directive({ fault: 'length', after: 5, times: 1 }) });
    expect(told.status).toBe('ready');
    const messages = calls()[1]?.body['messages'] as { content: string }[];
    expect(messages.at(-1)?.content).toContain('too long');
  });

  it('that the provider withholds is told anew', async () => {
    const client = await open([written()]);
    const told = await tellStory(client, { idea: directive({ fault: 'content-filter', times: 1 }) });
    expect(told.status).toBe('ready');
    expect(calls()[1]?.text).toContain('gentler');
  });

  it('whose model fails ends with the reason, and what is left of the budget is given back', async () => {
    const client = await open([written()]);
    const told = await tellStory(client, { idea: directive({ fault: '401' }) });
    expect(told).toMatchObject({ status: 'failed', error: { code: 'model_auth_failed' } });
    const { items } = await app.chat.budgets.withReservations(10, undefined);
    expect(items).toEqual([]);
  });

  it('is asked for without a format where the server knows none, and the next one so from the beginning', async () => {
    const client = await open([written()]);
    for (const idea of ['one', 'two'])
      expect(await tellStory(client, { idea: `${idea} ${directive({ fault: 'refuse-json' })}` })).toMatchObject({
        status: 'ready',
      });
    const asked = calls().map(({ body }) => [
      body['response_format'] !== undefined,
      body['stream_options'] !== undefined,
    ]);
    expect(asked).toEqual([
      [true, true],
      [false, true],
      [false, true],
    ]);
  });

  it('knows what the stories before it were about', async () => {
    const client = await open([written()]);
    await tellStory(client, { idea: 'one' });
    await tellStory(client, { idea: 'two' });
    expect(JSON.parse(calls()[1]?.text ?? '')).toMatchObject({
      toldLately: ['The lamp that waited: A lamp waits for the evening.'],
    });
  });

  it('keeps what a model thinks to itself', async () => {
    const info = { id: 'm', name: 'M', contextTokens: 100_000, vision: false, demo: false };
    const model = { ...info, price: { inputPerMillion: 0, outputPerMillion: 0 } };
    const models: Models = {
      list: () => [model],
      default: 'm',
      get: () => model,
      async *stream() {
        yield { type: 'output', kind: 'thinking', text: written({ title: 'Only thought' }) };
        yield { type: 'output', kind: 'text', text: written() };
        const usage = { inputTokens: 1, outputTokens: 1, estimated: false };
        yield { type: 'finish', model: 'm', reason: 'stop', usage };
      },
    };
    const client = await open([], { models });
    const told = await tellStory(client);
    expect(told).toMatchObject({ status: 'ready', title: 'The lamp that waited' });
    const run = await app.chat.records.runs.get(told.runId);
    expect(run?.output.map(({ kind }) => kind)).toEqual(['title', 'text']);
    expect(JSON.stringify(run)).not.toContain('Only thought');
  });

  it('that is stopped keeps what was written of it', async () => {
    const client = await open([written()]);
    const idea = directive({ tokensPerSecond: 8 });
    const { id, runId } = await askStory(client, { idea });
    const read = async () => (await client.call('GET', `/api/stories/${id}`)).text;
    await expect
      .poll(async () => (await app.chat.records.runs.get(runId))?.length, { timeout: 5_000 })
      .toBeGreaterThan(0);
    await client.call('POST', `/api/runs/${runId}/stop`);
    await expect.poll(read, { timeout: 5_000 }).toContain('"stopped"');
    expect(await read()).toContain('The lamp that waited');
  });
});
