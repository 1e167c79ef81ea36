import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conversation } from '#contract/conversations.ts';
import { directive } from '#tests/model-server/directive.ts';
import { expectedText } from '#tests/model-server/text.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import type { TestClient, TestSocket } from '#tests/servers/test-client.ts';

describe('a socket', () => {
  let app: TestChat;
  let server: TestServer;
  let ada: TestClient;
  const open: TestSocket[] = [];
  beforeAll(async () => {
    app = await createTestChat();
    app.startWorker();
    server = await app.openTestServer();
    ada = await server.client();
  });
  afterAll(async () => {
    for (const { ws } of open) ws.terminate();
    await app.close();
  });

  const connect = async (client = ada) => {
    const socket = await client.socket();
    open.push(socket);
    return socket;
  };
  const script = { seed: 11, tokens: 40, splitPairs: true };
  const endless = directive({ tokens: 100_000, tokensPerSecond: 100 });
  const ask = async (socket: TestSocket, text: string, ref: string, more = {}) => {
    socket.send({ type: 'send', text, ref, ...more });
    return socket.frame('run', (frame) => frame.ref === ref);
  };

  it('says that it is ready', async () => {
    const socket = await connect();
    expect(await socket.frame('ready')).toMatchObject({ maxSubscriptions: 50, traceId: expect.any(String) });
  });

  it('takes a message and gives its answer', async () => {
    const socket = await connect();
    const run = await ask(socket, directive(script), 'a');
    const done = await socket.frame('done');
    expect(done.message.text).toBe(expectedText(script));
    expect(socket.textOf(run.runId)).toBe(expectedText(script));
    expect(socket.frames.map(({ type }) => type).filter((type) => type !== 'notice')).toEqual([
      'ready',
      'run',
      ...socket.frames.filter(({ type }) => type === 'delta').map(({ type }) => type),
      'done',
    ]);
    expect((await app.chat.records.runs.get(run.runId))?.traceId).toBe(run.traceId);
  });

  it('follows an answer from every position', async () => {
    const { run, text } = await ada.ask(directive(script));
    const socket = await connect();
    const positions = Array.from({ length: 12 }, (_, index) => Math.floor((index * text.length) / 11));
    for (const [index, length] of positions.entries()) {
      const begin = socket.frames.length;
      socket.send({ type: 'subscribe', runId: run.runId, after: `1-${length}`, ref: `${index}` });
      await waitFor(() => socket.frames.slice(begin).some(({ type }) => type === 'done'));
      const rest = socket.frames.slice(begin).flatMap((frame) => (frame.type === 'delta' ? [frame.text] : []));
      expect(text.slice(0, length) + rest.join('')).toBe(text);
      expect(socket.frames[begin]).toMatchObject({ type: 'run', ref: `${index}`, status: 'complete' });
    }
  });

  it.each(['2-0', '1-999999', 'x', ''])('starts over at %j, which is no place in the answer', async (after) => {
    const { run, text } = await ada.ask(directive(script));
    const socket = await connect();
    socket.send({ type: 'subscribe', runId: run.runId, after });
    await socket.frame('done');
    expect(socket.frames.filter(({ type }) => type === 'reset')).toHaveLength(1);
    expect(socket.textOf(run.runId)).toBe(text);
  });

  it('shows the same answer live as another of the same person, who is told of it', async () => {
    const [phone, laptop] = [await connect(), await connect()];
    const slow = { seed: 5, tokens: 60, tokensPerSecond: 300 };
    const { runId, conversationId } = await ask(phone, directive(slow), 'a');
    const started = await laptop.notice('run_started');
    expect(started.notice).toMatchObject({ runId, conversationId });
    laptop.send({ type: 'subscribe', runId });
    for (const socket of [phone, laptop]) {
      await socket.frame('done', (done) => done.runId === runId);
      expect(socket.textOf(runId)).toBe(expectedText(slow));
    }
    expect((await laptop.notice('run_ended')).notice).toMatchObject({ runId, conversationId });
  });

  it('tells of a title, a new name and a deletion, and strangers nothing', async () => {
    const [socket, eve] = [await connect(), await connect(await server.client('Eve'))];
    const { conversationId } = await ask(socket, 'Tell me of tea', 'a');
    const changed = await socket.notice('conversation_changed');
    expect(changed.notice).toEqual({ kind: 'conversation_changed', conversationId, title: expect.any(String) });
    await ada.call('PATCH', `/api/conversations/${conversationId}`, { title: 'Tea' });
    await socket.frame('notice', ({ notice }) => notice.kind === 'conversation_changed' && notice.title === 'Tea');
    await ada.call('DELETE', `/api/conversations/${conversationId}`);
    expect((await socket.notice('conversation_deleted')).notice).toMatchObject({ conversationId });
    expect(eve.frames.map(({ type }) => type)).toEqual(['ready']);
  });

  it('ends the answer under way of a conversation that is deleted', async () => {
    const socket = await connect();
    const { conversationId, runId } = await ask(socket, endless, 'a');
    await socket.frame('delta');
    await ada.call('DELETE', `/api/conversations/${conversationId}`);
    expect((await socket.frame('done', (done) => done.runId === runId)).message.status).toBe('stopped');
  });

  it('stops an answer', async () => {
    const socket = await connect();
    const { runId } = await ask(socket, endless, 'a');
    await socket.frame('delta');
    socket.send({ type: 'stop', runId });
    const { message } = await socket.frame('done');
    expect(message.status).toBe('stopped');
    expect(message.text).toBe(socket.textOf(runId));
  });

  it('does not let a stranger follow or stop', async () => {
    const { runId } = await ask(await connect(), endless, 'a');
    const eve = await connect(await server.client('Eve'));
    for (const type of ['subscribe', 'stop'] as const) {
      eve.send({ type, runId, ref: type });
      expect(await eve.frame('error', ({ ref }) => ref === type)).toMatchObject({ code: 'not_found', runId });
    }
    await ada.call('POST', `/api/runs/${runId}/stop`);
  });

  it('gives nothing more of an answer that is no longer followed', async () => {
    const socket = await connect();
    const { runId } = await ask(socket, endless, 'a');
    await socket.frame('delta');
    socket.send({ type: 'unsubscribe', runId });
    socket.send({ type: 'ping', ref: 'after' });
    await socket.frame('pong');
    const count = socket.frames.filter(({ type }) => type === 'delta').length;
    await ada.call('POST', `/api/runs/${runId}/stop`);
    await socket.notice('run_ended');
    expect(socket.frames.filter(({ type }) => type === 'delta')).toHaveLength(count);
    socket.send({ type: 'unsubscribe', runId: 'never-followed' });
  });

  it('takes its frames in their order: who unsubscribes at once follows nothing', async () => {
    const other = await connect();
    const { runId } = await ask(other, endless, 'a');
    const socket = await connect();
    for (let round = 0; round < 5; round += 1) {
      socket.send({ type: 'subscribe', runId });
      socket.send({ type: 'unsubscribe', runId });
    }
    socket.send({ type: 'subscribe', runId: 'none', ref: 'last' });
    await socket.frame('error');
    const before = other.frames.length;
    const count = socket.frames.filter(({ type }) => type === 'delta').length;
    await waitFor(() => other.frames.length > before + 3, { what: 'more of the answer' });
    expect(socket.frames.filter(({ type }) => type === 'delta')).toHaveLength(count);
    other.send({ type: 'stop', runId });
    await other.frame('done');
  });

  it('answers a ping', async () => {
    const socket = await connect();
    socket.send({ type: 'ping', ref: 'p' });
    expect(await socket.frame('pong')).toMatchObject({ ref: 'p', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });

  it.each([
    ['text that is not JSON', 'rubbish', undefined],
    ['a value that is no object', '7', undefined],
    ['null', 'null', undefined],
    ['no type', '{"ref":"r"}', 'r'],
    ['a type that is no text', '{"type":7,"ref":"r"}', 'r'],
    ['a known type without its fields', '{"type":"send","ref":"r"}', 'r'],
    ['an empty message', '{"type":"send","text":" ","ref":"r"}', 'r'],
    ['a message that is too long', JSON.stringify({ type: 'send', text: 'a'.repeat(100_001), ref: 'r' }), 'r'],
    ['a ref that is too long', JSON.stringify({ type: 'ping', ref: 'r'.repeat(65) }), undefined],
  ])('refuses %s and stays open', async (_what, frame, ref) => {
    const socket = await connect();
    socket.send(frame);
    expect(await socket.frame('error')).toMatchObject({ code: 'invalid_frame', ...(ref && { ref }) });
    socket.send({ type: 'ping' });
    await socket.frame('pong');
  });

  it('refuses a binary frame and stays open', async () => {
    const socket = await connect();
    socket.ws.send(Buffer.from('{"type":"ping"}'));
    expect((await socket.frame('error')).code).toBe('invalid_frame');
  });

  it('ignores types and fields that a later client may know', async () => {
    const socket = await connect();
    for (const type of ['typing', '__proto__', 'constructor', '']) socket.send({ type, text: 'later' });
    socket.send({ type: 'ping', ref: 'x', later: { unknown: true } });
    await socket.frame('pong');
    expect(socket.frames.map(({ type }) => type)).toEqual(['ready', 'pong']);
  });

  it('says what a message is refused for', async () => {
    const socket = await connect();
    const made = (await ada.call('POST', '/api/conversations', {})).as(conversation);
    await ask(socket, endless, 'first', { conversationId: made.id });
    const refused = [
      ['answer_running', { conversationId: made.id }],
      ['unknown_model', { model: 'none' }],
      ['not_found', { conversationId: 'none' }],
    ] as const;
    for (const [code, more] of refused) {
      socket.send({ type: 'send', text: 'Hi', ref: code, ...more });
      expect((await socket.frame('error', ({ ref }) => ref === code)).code).toBe(code);
      expect(
        app.lines.some(({ fields }) => fields['error.code'] === code),
        'its trace ID is in the log',
      ).toBe(true);
    }
    await ada.call('DELETE', `/api/conversations/${made.id}`);
  });

  it('gets one answer with a request of the same message', async () => {
    const socket = await connect();
    const body = { text: directive({ tokens: 5, key: 'both ways' }), clientMessageId: 'both' };
    const [framed, asked] = await Promise.all([ask(socket, body.text, 'a', body), ada.ask(body.text, body)]);
    expect(framed.runId).toBe(asked.run.runId);
    expect((await socket.frame('done')).message.text).toBe(asked.text);
  });

  it('carries 100,000 emoji', async () => {
    const socket = await connect();
    const { runId } = await ask(socket, '😀'.repeat(100_000), 'a');
    expect((await socket.frame('done')).message.status).toBe('complete');
    expect((await app.chat.records.runs.get(runId))?.text).toHaveLength(200_000);
  });
});
