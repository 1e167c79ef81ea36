import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import { SseSink } from './sse-sink.ts';

const run = {
  runId: 'r',
  conversationId: 'c',
  messageId: 'm',
  userMessageId: 'u',
  clientMessageId: 'k',
  model: 'x',
  status: 'queued',
} as const;
const message = {
  id: 'm',
  conversationId: 'c',
  role: 'assistant',
  status: 'complete',
  text: 'żółć 🌙',
  createdAt: '2026-01-01T00:00:00.000Z',
} as const;

describe('an event stream on the wire', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  /** Sends the bytes of requests to a server that answers each with one short stream; what comes back, all of it. */
  async function exchange(...requests: readonly string[]): Promise<string> {
    const answer: RequestListener = express().use((_req, res) => {
      const sink = new SseSink(res, 't');
      sink.run(run);
      sink.delta('1-4', 'żółć', { index: 0, kind: 'text' });
      sink.heartbeat();
      sink.delta('1-7', ' 🌙', { index: 0, kind: 'text' });
      sink.done('1-18446744073709551615', { message });
    });
    server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    let received = '';
    socket.setEncoding('utf8').on('data', (text) => {
      received += text;
    });
    for (const [index, request] of requests.entries()) {
      socket.write(request);
      await waitFor(() => received.split('event: done').length === index + 2 && received.endsWith('\n'));
    }
    socket.destroy();
    return received;
  }

  it('is well-formed chunks, and leaves the connection to the next request', async () => {
    const request = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
    const received = await exchange(request, request);
    const [first, second, ...more] = received.split(/(?<=\r\n0\r\n\r\n)/);
    expect(more).toEqual([]);
    for (const response of [first, second]) {
      expect(response).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      const chunks = (response ?? '').slice((response ?? '').indexOf('\r\n\r\n') + 4);
      let rest = Buffer.from(chunks);
      let text = '';
      for (let size = -1; size !== 0; ) {
        const end = rest.indexOf('\r\n');
        size = Number.parseInt(rest.toString('latin1', 0, end), 16);
        expect(rest.toString('latin1', end + 2 + size, end + 4 + size)).toBe('\r\n');
        text += rest.toString('utf8', end + 2, end + 2 + size);
        rest = rest.subarray(end + 4 + size);
      }
      expect(text.match(/^(?:event|data|:).*$/gm)).toHaveLength(9);
    }
  });

  it('is not in chunks for a client of HTTP/1.0', async () => {
    const received = await exchange('GET / HTTP/1.0\r\n\r\n');
    expect(received.toLowerCase()).not.toContain('transfer-encoding');
    expect(received.split('\r\n\r\n')[1]).toMatch(
      /^event: run\ndata: .*\n\nid: 1-4\nevent: delta\ndata: \{"text":"żółć"\}\n\n: \n\n/,
    );
    expect(received.endsWith('\n\n')).toBe(true);
  });
});
