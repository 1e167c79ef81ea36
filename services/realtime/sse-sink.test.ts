import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScriptedModels } from '#tests/protocol/scripted-models.ts';
import { Freezable, settle, VirtualTime } from '#tests/protocol/virtual-time.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { heartbeatEveryMs } from './open-streams.ts';

describe('an event stream that is quiet', () => {
  let time: VirtualTime;
  let app: TestChat;
  let text = '';
  beforeEach(async () => {
    time = new VirtualTime();
    text = '';
    app = await createTestChat({ clock: new Freezable(time).clock(0), models: new ScriptedModels() });
  });
  afterEach(() => app.close());

  /** Asks for an answer that nobody makes, and gathers what comes; its run. */
  async function ask(): Promise<string> {
    const ada = await (await app.openTestServer()).client();
    const response = await ada.fetch('POST', '/api/chat/send', { text: 'Hello' });
    const read = async () => {
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) text += chunk;
      text += '(end)';
    };
    void read();
    await waitFor(() => text.includes('event: run'));
    return /"runId":"([^"]+)"/.exec(text)?.[1] ?? '';
  }

  it('carries a comment every 15 seconds, which readers ignore', async () => {
    await ask();
    const before = text;
    await time.advance(heartbeatEveryMs);
    await waitFor(() => text !== before);
    expect(text.slice(before.length)).toBe(': \n\n');
  });

  it('ends with an error where its answer was removed', async () => {
    await app.chat.records.runs.delete(await ask());
    await time.advance(5_000);
    await settle();
    await waitFor(() => text.endsWith('(end)'));
    expect(text).toMatch(/event: error\ndata: \{"code":"not_found".*"traceId":"[0-9a-f]{32}"\}\n\n\(end\)$/);
    await time.advance(heartbeatEveryMs);
  });
});
