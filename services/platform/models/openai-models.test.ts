import { getEventListeners, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newTrace, runInTrace } from '#platform/telemetry/trace.ts';
import { type ModelServer, startModelServer } from '#tests/model-server/model-server.ts';
import { expectedText } from '#tests/model-server/text.ts';
import { waitFor } from '#tests/servers/child.ts';
import { callsOf as callsTo, hear, message, setUp as setUpWith, type Wish } from './openai-models.fixture.ts';

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());

const setUp = (setup: Partial<Parameters<typeof setUpWith>[0]> = {}) => setUpWith({ baseUrl: server.url, ...setup });
async function listenOnFreePort(provider: Server): Promise<number> {
  await once(provider.listen(0, '127.0.0.1'), 'listening');
  return (provider.address() as AddressInfo).port;
}

const callsOf = (content: string) => callsTo(server, content);

describe('a reply', () => {
  it('arrives to the character, with thinking apart and the usage that the provider counted', async () => {
    const { models, told } = setUp();
    const heard = await hear(models, message({ seed: 7, tokens: 400, thinking: 30, splitPairs: true }));
    expect(heard.error).toBeUndefined();
    expect(heard.text).toBe(expectedText({ seed: 7, tokens: 400, splitPairs: true }));
    expect(heard.thinking).not.toBe('');
    expect(heard.finish).toMatchObject({
      model: 'm',
      reason: 'stop',
      usage: { outputTokens: 430, thinkingTokens: 30, estimated: false },
    });
    expect(told).toEqual(['first m', 'ended m well']);
  });

  it('carries the trace of the work, the provider’s name of the model and the limits to the provider', async () => {
    const { models } = setUp({ models: [{ id: 'm', maxOutputTokens: 99 }] });
    const trace = newTrace();
    const content = message({ tokens: 2 });
    await runInTrace(trace, () => hear(models, content));
    const [call] = callsOf(content);
    expect(call?.traceparent).toBe(`00-${trace.traceId}-${trace.spanId}-01`);
    expect(call?.body).toMatchObject({
      model: 'provider-m',
      max_tokens: 99,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it.each([
    ['length', 'length'],
    ['content-filter', 'content_filter'],
  ] as const)('says why it ended: %s', async (fault, reason) => {
    const heard = await hear(setUp().models, message({ tokens: 5, fault, after: 3 }));
    expect(heard.finish?.reason).toBe(reason);
  });

  it('has estimated usage where the provider sends none', async () => {
    const { finish } = await hear(setUp().models, message({ tokens: 50, fault: 'no-usage' }));
    expect(finish?.usage.estimated).toBe(true);
    expect(finish?.usage.outputTokens).toBeGreaterThan(40);
  });

  it.each([
    ['a negative count', { prompt_tokens: -1, completion_tokens: 2 }],
    ['one without end', '{"prompt_tokens":1e999,"completion_tokens":2}'],
    ['one that no call reaches', { prompt_tokens: 1, completion_tokens: 1e12 }],
    ['text', { prompt_tokens: '1', completion_tokens: '2' }],
    ['nothing', {}],
  ])('has estimated usage where the provider says %s', async (_, usage) => {
    const delta = { choices: [{ delta: { content: 'x'.repeat(35) }, finish_reason: 'stop' }] };
    const counted = `{"choices":[],"usage":${typeof usage === 'string' ? usage : JSON.stringify(usage)}}`;
    const provider = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`data: ${JSON.stringify(delta)}\n\ndata: ${counted}\n\ndata: [DONE]\n\n`);
    });
    try {
      const baseUrl = `http://127.0.0.1:${await listenOnFreePort(provider)}/v1`;
      const { finish } = await hear(setUp({ baseUrl }).models, 'y'.repeat(70));
      expect(finish?.usage).toEqual({ inputTokens: 20, outputTokens: 10, estimated: true });
    } finally {
      provider.close();
      provider.closeAllConnections();
    }
  });

  it('is whole where the provider goes silent after the finish reason', async () => {
    const { models } = setUp({ timeouts: { firstTokenMs: 5_000, betweenTokensMs: 60 } });
    const content = message({ seed: 3, tokens: 5, fault: 'no-end' });
    const heard = await hear(models, content);
    expect(heard).toMatchObject({ text: expectedText({ seed: 3, tokens: 5 }), error: undefined });
    expect(heard.finish?.usage.estimated).toBe(true);
    await waitFor(() => callsOf(content)[0]?.state === 'closed');
  });

  it('waits for a slow consumer without reading on, and does not call that silence', async () => {
    const { models } = setUp({ timeouts: { firstTokenMs: 5_000, betweenTokensMs: 150 } });
    const content = message({ seed: 5, tokens: 60_000 });
    let held = false;
    const heard = await hear(models, content, {
      each: async () => {
        if (held) return;
        held = true;
        let last = -1;
        const stopsSending = () => {
          const now = callsOf(content)[0]?.tokensSent ?? 0;
          const same = now === last;
          last = now;
          return same;
        };
        await waitFor(stopsSending, { everyMs: 200 });
        expect(last).toBeLessThan(60_000);
      },
    });
    expect(heard.error).toBeUndefined();
    expect(heard.text).toBe(expectedText({ seed: 5, tokens: 60_000 }));
  });

  it('uses the connection of the one before', async () => {
    const { models } = setUp();
    const contents = [message({ tokens: 3 }), message({ tokens: 3, fault: '500' }), message({ tokens: 3 })];
    for (const content of contents) await hear(models, content);
    const [first, ...others] = contents.map((content) => callsOf(content)[0]?.connection);
    expect(others).toEqual([first, first]);
  });

  it('gets one try without stream_options from a server that refuses them, and later calls begin so', async () => {
    const { models } = setUp();
    const contents = [message({ tokens: 3, fault: 'refuse-options' }), message({ tokens: 3, fault: 'refuse-options' })];
    for (const content of contents) expect((await hear(models, content)).finish?.reason).toBe('stop');
    expect(contents.map((content) => callsOf(content).length)).toEqual([2, 1]);
  });
});

describe('an abort', () => {
  const reason = new Error('stopped by the person');
  const aborted = async (wish: Wish, when: (content: string) => Promise<unknown>, attempts = 1) => {
    const { models, told } = setUp({ attempts });
    const content = message(wish);
    const controller = new AbortController();
    const hearing = hear(models, content, { signal: controller.signal });
    await when(content);
    controller.abort(reason);
    const { error } = await hearing;
    expect(error).toBe(reason);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    await waitFor(() => callsOf(content).every(({ state }) => state !== 'open'), { what: 'the connection to close' });
    return { content, told };
  };
  const arrives = (content: string) => waitFor(() => callsOf(content).length > 0);

  it('before the call makes none', async () => {
    const { models } = setUp();
    const content = message({});
    const { error } = await hear(models, content, { signal: AbortSignal.abort(reason) });
    expect(error).toBe(reason);
    expect(callsOf(content)).toHaveLength(0);
  });

  it('while the provider does not answer closes the connection', async () => {
    const { told } = await aborted({ fault: 'hang' }, arrives);
    expect(told).toEqual(['ended m well']);
  });

  it('in the middle of the answer closes the connection', async () => {
    await aborted({ tokens: 100_000, tokensPerSecond: 200 }, (content) =>
      waitFor(() => (callsOf(content)[0]?.tokensSent ?? 0) > 3),
    );
  });

  it('while it waits to try again ends at once', async () => {
    const { content } = await aborted(
      { fault: '429', retryAfter: 14 },
      (text) => waitFor(() => callsOf(text)[0]?.state === 'done'),
      3,
    );
    expect(callsOf(content)).toHaveLength(1);
  });

  it('of the consumer alone, who stops reading, closes the connection too', async () => {
    const content = message({ tokens: 100_000, tokensPerSecond: 200 });
    const { signal } = new AbortController();
    for await (const _ of setUp().models.stream({ model: 'm', messages: [{ role: 'user', content }], signal })) break;
    await waitFor(() => callsOf(content)[0]?.state === 'closed');
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
