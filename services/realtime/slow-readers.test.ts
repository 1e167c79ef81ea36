import diagnostics from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conversation } from '#contract/conversations.ts';
import { ScriptedModels } from '#tests/protocol/scripted-models.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import { answerOf, readEvents, type TestClient } from '#tests/servers/test-client.ts';
import { slowReaderBytes } from './slow-reader.ts';

/** Ten times this is more than the kernel holds for a connection that is not read. */
const stretch = 'lamp light '.repeat(80_000);
const accepted = 'net.server.socket';

describe('a reader that stops reading', () => {
  let app: TestChat;
  let server: TestServer;
  let ada: TestClient;
  const models = new ScriptedModels();
  const sockets: Socket[] = [];
  const keep = (message: unknown) => {
    if (typeof message === 'object' && message && 'socket' in message && message.socket instanceof Socket)
      sockets.push(message.socket);
  };
  beforeAll(async () => {
    diagnostics.subscribe(accepted, keep);
    app = await createTestChat({ models, settings: { maxOutputLength: 12_000_000 } });
    app.startWorker();
    server = await app.openTestServer();
    ada = await server.client();
  });
  afterAll(async () => {
    diagnostics.unsubscribe(accepted, keep);
    await app.close();
  });

  /** One with a title of its own, so that the model is asked for answers alone. */
  const conversationId = async () =>
    (await ada.call('POST', '/api/conversations', { title: 'Lamps' })).as(conversation).id;

  /** Bytes that the server holds for its connections now. */
  const held = () =>
    sockets
      .filter(({ localPort }) => localPort === server.port)
      .reduce((sum, socket) => sum + socket.writableLength, 0);

  /** Says ten stretches, each when the one before is in the log, and ends; the most that was held meanwhile. */
  async function speak(runId: string): Promise<number> {
    const call = await waitFor(() => models.calls.find(({ open }) => open), { what: 'the model to be asked' });
    let most = 0;
    for (let said = 0; said < 10; said += 1) {
      call.say('text', stretch);
      const length = call.text.length;
      await waitFor(async () => ((await app.chat.runLog.last(runId))?.at.length ?? 0) >= length, { everyMs: 1 });
      most = Math.max(most, held());
    }
    call.finish();
    await waitFor(async () => (await app.chat.records.runs.get(runId, ['status']))?.status === 'complete');
    return Math.max(most, held());
  }
  const longestHeld = slowReaderBytes + stretch.length * 2;

  it('gets the exact text by its socket when it reads again; nothing gathers for it meanwhile', async () => {
    const socket = await ada.socket();
    socket.send({ type: 'send', text: 'Speak', ref: 'a', conversationId: await conversationId() });
    const { runId } = await socket.frame('run');
    socket.ws.pause();
    expect(await speak(runId)).toBeLessThan(longestHeld);
    socket.ws.resume();
    const { message } = await socket.frame('done');
    expect(message.text === models.calls.at(-1)?.text).toBe(true);
    expect(socket.textOf(runId) === message.text).toBe(true);
    await socket.close();
  });

  it('gets the exact text by events when it reads again; nothing gathers for it meanwhile', async () => {
    const response = await ada.fetch('POST', '/api/chat/send', {
      text: 'Speak',
      conversationId: await conversationId(),
    });
    const run = await waitFor(async () => {
      const { items } = await app.chat.records.runs.find({
        where: { status: 'running', leaseUntil: { gt: 0 } },
        limit: 1,
      });
      return items[0];
    });
    expect(await speak(run._id)).toBeLessThan(longestHeld);
    const events = [];
    for await (const event of readEvents(response)) events.push(event);
    const { text, done } = answerOf(events);
    expect(text === models.calls.at(-1)?.text).toBe(true);
    expect(done?.message.text === text).toBe(true);
  });

  it('is not served what it goes on to ask for, until it reads', async () => {
    models.onCall = (call) => {
      call.say('text', stretch);
      call.finish();
    };
    const { run } = await ada.ask('Speak', { conversationId: await conversationId() });
    const socket = await ada.socket();
    socket.ws.pause();
    for (let round = 0; round < 20; round += 1) socket.send({ type: 'subscribe', runId: run.runId });
    for (let round = 0; round < 1_000; round += 1) socket.send({ type: 'ping', ref: `${round}` });
    await waitFor(() => held() > slowReaderBytes, { what: 'the connection to be full' });
    // Whatever the server would still do for the frames that it has, it has done by now.
    await ada.ticket();
    expect(held()).toBeLessThan(longestHeld + stretch.length);
    socket.ws.resume();
    await socket.frame('pong', ({ ref }) => ref === '999');
    expect(socket.frames.filter(({ type }) => type === 'done')).toHaveLength(20);
    await socket.close();
  });
});
