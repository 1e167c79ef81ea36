import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEvent, sendReply } from '#contract/chat.ts';
import { conversation, messagePage } from '#contract/conversations.ts';
import { directive } from '#tests/model-server/directive.ts';
import { expectedText } from '#tests/model-server/text.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import { answerOf, readEvents, type TestClient, type TestEvent } from '#tests/servers/test-client.ts';

describe('answers over HTTP', () => {
  let app: TestChat;
  let server: TestServer;
  let ada: TestClient;
  beforeAll(async () => {
    app = await createTestChat();
    app.startWorker();
    server = await app.openTestServer();
    ada = await server.client();
  });
  afterAll(() => app.close());

  const script = { seed: 7, tokens: 60, splitPairs: true };
  const wish = directive(script);
  const lastMessage = async (conversationId: string) =>
    (await ada.call('GET', `/api/conversations/${conversationId}/messages`)).as(messagePage).items[0];
  const send = (body: object, headers = {}) => ada.fetch('POST', '/api/chat/send', body, { headers });

  it('come as events in order, each with the position behind it', async () => {
    const { run, text, done, events } = await ada.ask(wish);
    expect(text).toBe(expectedText(script));
    expect(events[0]?.event).toBe('run');
    expect(run.status).toBe('queued');
    expect(events.at(-1)?.event).toBe('done');
    expect(events.at(-1)?.id).toBe('1-18446744073709551615');
    let length = 0;
    for (const { id, data } of events.filter(({ event }) => event === 'delta')) {
      length += JSON.parse(data).text.length;
      expect(id).toBe(`1-${length}`);
    }
    expect(done?.message).toMatchObject({ id: run.messageId, status: 'complete', text, runId: run.runId });
    expect(done?.usage).toEqual(done?.message.usage);
    expect(await lastMessage(run.conversationId)).toEqual(done?.message);
  });

  it('name the request that asked for them, while they are made and after, and when they ended', async () => {
    const asked = 'a'.repeat(32);
    const response = await send({ text: directive({ tokens: 400, tokensPerSecond: 200 }) }, { 'x-trace-id': asked });
    const events: TestEvent[] = [];
    for await (const event of readEvents(response)) {
      events.push(event);
      if (events.length !== 2) continue;
      const running = await waitFor(() => lastMessage(answerOf(events).run.conversationId));
      expect(running).toMatchObject({ status: 'running', traceId: asked });
      expect(running).not.toHaveProperty('endedAt');
      await ada.call('POST', `/api/runs/${running.runId}/stop`);
    }
    const { run, done } = answerOf(events);
    expect(done?.message).toMatchObject({ status: 'stopped', traceId: asked });
    const { createdAt, endedAt = '' } = done?.message ?? {};
    expect(Date.parse(endedAt)).toBeGreaterThan(Date.parse(createdAt ?? ''));
    expect(await lastMessage(run.conversationId)).toEqual(done?.message);
    const path = `/api/conversations/${run.conversationId}/messages`;
    const question = (await ada.call('GET', path)).as(messagePage).items[1];
    expect(question).not.toHaveProperty('traceId');
    expect(question).not.toHaveProperty('endedAt');
  });

  it('have headers that keep those between from storing or gathering them', async () => {
    const response = await send({ text: 'Hello' });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-trace-id': expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    await response.text();
  });

  it('tell thinking apart from text', async () => {
    const { events, done } = await ada.ask(directive({ tokens: 5, thinking: 5 }));
    const kinds = events.flatMap(({ event, data }) => (event === 'delta' ? [JSON.parse(data).part?.kind] : []));
    expect(new Set(kinds)).toEqual(new Set(['thinking', undefined]));
    expect(done?.message.parts?.map(({ kind }) => kind)).toEqual(['thinking', 'text']);
    expect(done?.message.text).toBe(done?.message.parts?.[1]?.text);
  });

  it.each(['Last-Event-ID', 'after'])('resume by %s at every position with the same text', async (way) => {
    const { run, text, events } = await ada.ask(wish);
    const path = `/api/runs/${run.runId}/events`;
    const resumed = [...events.filter(({ id }) => id?.match(/^1-\d{1,6}$/)).map(({ id }) => id ?? ''), '1-0', '1-1'];
    for (const at of resumed) {
      const rest =
        way === 'after'
          ? await ada.events('GET', `${path}?after=${at}`)
          : await ada.events('GET', path, undefined, { headers: { 'last-event-id': at } });
      expect(answerOf(rest, text.slice(0, Number(at.slice(2)))).text, at).toBe(text);
    }
  });

  it('are over for whoever has seen the end', async () => {
    const { run, events } = await ada.ask('Hello');
    const end = events.at(-1)?.id ?? '';
    const path = `/api/runs/${run.runId}/events`;
    expect((await ada.call('GET', `${path}?after=${end}`)).status).toBe(204);
    expect((await ada.call('GET', path, undefined, { headers: { 'last-event-id': end } })).status).toBe(204);
  });

  it('go by the last event that was received where the address still names an earlier one', async () => {
    const { run, text, events } = await ada.ask(wish);
    const path = `/api/runs/${run.runId}/events?after=1-1`;
    const resume = (at: string) => ada.call('GET', path, undefined, { headers: { 'last-event-id': at } });
    expect((await resume(events.at(-1)?.id ?? '')).status).toBe(204);
    const rest = await ada.events('GET', path, undefined, { headers: { 'last-event-id': '1-10' } });
    expect(answerOf(rest, text.slice(0, 10)).text).toBe(text);
  });

  it.each([
    '',
    ' ',
    'x',
    '1',
    '1-',
    '-1',
    '1-2-3',
    '0-0',
    '0-5',
    '2-0',
    '1-999999',
    '99-1',
    '1e3-2',
    '1-1\u0000',
    '\u0661-1',
  ])('start over at the position %j, which is no place in the answer', async (after) => {
    const { run, text } = await ada.ask(wish);
    const events = await ada.events('GET', `/api/runs/${run.runId}/events?after=${encodeURIComponent(after)}`);
    expect(answerOf(events, 'what the reader had').text).toBe(text);
    expect(events.filter(({ event }) => event === 'reset')).toHaveLength(1);
  });

  it('refuse a position that is too long', async () => {
    const { run } = await ada.ask('Hello');
    const { status, error } = await ada.call('GET', `/api/runs/${run.runId}/events?after=${'1'.repeat(65)}`);
    expect([status, error.code]).toEqual([400, 'invalid_request']);
  });

  it('come whole as one reply', async () => {
    const reply = (await ada.call('POST', '/api/chat/send-simple', { text: wish })).as(sendReply);
    expect(reply.message).toMatchObject({ text: expectedText(script), status: 'complete' });
    expect(reply.run.status).toBe('complete');
    expect(reply.usage?.outputTokens).toBeGreaterThan(0);
  });

  it('go on when their reader goes away', async () => {
    const slow = { seed: 3, tokens: 40, tokensPerSecond: 400 };
    const controller = new AbortController();
    const response = await ada.fetch(
      'POST',
      '/api/chat/send',
      { text: directive(slow) },
      { signal: controller.signal },
    );
    const events = [];
    for await (const event of readEvents(response)) {
      events.push(event);
      if (event.event === 'delta') break;
    }
    controller.abort();
    const { run, text } = answerOf(events);
    await waitFor(() => server.realtime.streams.count === 0, { what: 'the stream to be forgotten' });
    const rest = await ada.events('GET', `/api/runs/${run.runId}/events?after=${events.at(-1)?.id}`);
    expect(answerOf(rest, text).text).toBe(expectedText(slow));
  });

  it('go on when whoever waits for the whole of them goes away', async () => {
    const slow = { seed: 4, tokens: 20, tokensPerSecond: 200, key: 'gives up' };
    const controller = new AbortController();
    const body = { text: directive(slow), clientMessageId: 'gives-up' };
    const reply = ada.call('POST', '/api/chat/send-simple', body, { signal: controller.signal });
    await waitFor(() => app.modelServer.calls().some(({ text }) => text.includes('gives up')));
    controller.abort();
    await expect(reply).rejects.toThrow();
    const again = (await ada.call('POST', '/api/chat/send-simple', body)).as(sendReply);
    expect(again.message.text).toBe(expectedText(slow));
    expect(app.modelServer.calls().filter(({ text }) => text.includes('gives up'))).toHaveLength(1);
  });

  it('are stopped with what there is of them', async () => {
    const response = await send({ text: directive({ tokens: 1000, tokensPerSecond: 200 }) });
    const events = [];
    for await (const event of readEvents(response)) {
      events.push(event);
      if (event.event === 'delta' && events.length === 2) {
        const stop = await ada.call('POST', `/api/runs/${answerOf(events).run.runId}/stop`);
        expect([stop.status, stop.text]).toEqual([202, '']);
      }
    }
    const { done, text } = answerOf(events);
    expect(done?.message).toMatchObject({ status: 'stopped', text });
    expect((await ada.call('POST', `/api/runs/${done?.message.runId}/stop`)).status).toBe(202);
  });

  it('tell why they failed, and can be made again beside the first', async () => {
    const { done, run } = await ada.ask(directive({ tokens: 3, fault: 'cut', after: 2, times: 1, key: 'cut once' }));
    expect(done?.message).toMatchObject({ status: 'failed', error: { code: 'model_unavailable' } });
    const retried = await ada.call('POST', `/api/messages/${run.messageId}/retry`);
    expect(retried.status).toBe(202);
    const next = retried.as(runEvent);
    expect(next).toMatchObject({ conversationId: run.conversationId, userMessageId: run.userMessageId });
    const { done: redone } = answerOf(await ada.events('GET', `/api/runs/${next.runId}/events`));
    expect(redone?.message).toMatchObject({ status: 'complete', parentId: done?.message.parentId });
    expect(redone?.message.traceId).toBe(retried.headers.get('x-trace-id'));
    expect((await ada.call('POST', `/api/messages/${next.messageId}/retry`)).error.code).toBe('not_retryable');
    expect((await ada.call('POST', `/api/messages/${run.userMessageId}/retry`)).error.code).toBe('not_found');
  });

  it('are made once for each message, however often it is sent', async () => {
    const body = { text: directive({ tokens: 5, key: 'once' }), clientMessageId: 'm-1' };
    const answers = await Promise.all([ada.ask(body.text, body), ada.ask(body.text, body), ada.ask(body.text, body)]);
    expect(new Set(answers.map(({ run }) => run.runId)).size).toBe(1);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect((await ada.call('POST', '/api/chat/send', { ...body, text: 'Other' })).error).toMatchObject({
      code: 'message_id_reused',
    });
  });

  it('are made one at a time in a conversation', async () => {
    const made = (await ada.call('POST', '/api/conversations', {})).as(conversation);
    const body = { conversationId: made.id, text: directive({ tokens: 1000, tokensPerSecond: 100 }) };
    const first = answerOf([(await readEvents(await send(body)).next()).value]);
    const second = await ada.call('POST', '/api/chat/send', body);
    expect([second.status, second.error.code]).toEqual([409, 'answer_running']);
    const retry = await ada.call('POST', `/api/messages/${first.run.messageId}/retry`);
    expect(['not_retryable', 'answer_running']).toContain(retry.error.code);
    await ada.call('POST', `/api/runs/${first.run.runId}/stop`);
    await ada.events('GET', `/api/runs/${first.run.runId}/events`);
    expect((await ada.ask('Now', { conversationId: made.id })).done?.message.status).toBe('complete');
  });

  it.each([
    ['an empty message', { text: ' \n\t' }, 400, 'invalid_request'],
    ['no message', {}, 400, 'invalid_request'],
    ['a message that is too long', { text: 'a'.repeat(100_001) }, 400, 'invalid_request'],
    ['too many emoji', { text: '😀'.repeat(100_001) }, 400, 'invalid_request'],
    ['an unknown model', { text: 'Hi', model: 'constructor' }, 400, 'unknown_model'],
    ['an unknown conversation', { text: 'Hi', conversationId: '__proto__' }, 404, 'not_found'],
    ['a message ID that is too long', { text: 'Hi', clientMessageId: 'a'.repeat(65) }, 400, 'invalid_request'],
    ['a message ID that is empty', { text: 'Hi', clientMessageId: '' }, 400, 'invalid_request'],
  ])('are not made of %s', async (_what, body, status, code) => {
    for (const path of ['/api/chat/send', '/api/chat/send-simple']) {
      const reply = await ada.call('POST', path, body);
      expect([reply.status, reply.error.code]).toEqual([status, code]);
    }
  });

  it('are made of 100,000 emoji', async () => {
    const text = '😀'.repeat(100_000);
    const { run, done } = await ada.ask(text);
    expect(done?.message.status).toBe('complete');
    expect((await app.chat.records.runs.get(run.runId))?.text).toBe(text);
  });

  it.each(['__proto__', 'constructor', 'a\0b', '\ud800x'])('are found by the message ID %j', async (id) => {
    const body = { text: 'Hi', clientMessageId: id };
    const [first, again] = [await ada.ask('Hi', body), await ada.ask('Hi', body)];
    expect(again.run.runId).toBe(first.run.runId);
    const other = await ada.ask('Hi', { clientMessageId: `${id}!` });
    expect(other.run.runId).not.toBe(first.run.runId);
  });

  it('end for a reader whose session ends, and write nothing after', async () => {
    const guest = await server.client('Alan');
    const response = await guest.fetch('POST', '/api/chat/send', {
      text: directive({ tokens: 200, tokensPerSecond: 500 }),
    });
    const events = [];
    for await (const event of readEvents(response)) {
      events.push(event);
      if (events.length === 2) await guest.call('POST', '/api/auth/logout');
    }
    expect(events.at(-1)).toMatchObject({ event: 'error' });
    expect(JSON.parse(events.at(-1)?.data ?? '').code).toBe('unauthenticated');
    expect(app.lines.filter(({ message }) => message.includes('could not be written'))).toEqual([]);
  });
});
