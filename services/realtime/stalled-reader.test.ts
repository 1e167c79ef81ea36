import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import express, { type Response } from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { slowReaderBeats } from './slow-reader.ts';
import { SseSink } from './sse-sink.ts';

describe('an event stream', () => {
  const app = express();
  const server = createServer(app);
  let opened: (res: Response) => void = () => {};
  app.get('/', (_req, res) => opened(res));

  beforeEach(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** A response to a client that reads nothing, with more on its way than the kernel takes. */
  async function stalled() {
    const { promise, resolve } = Promise.withResolvers<Response>();
    opened = resolve;
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.pause();
    client.on('error', () => {});
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const res = await promise;
    const sink = new SseSink(res, 'trace');
    sink.delta('1-20000000', 'x'.repeat(20_000_000), { index: 0, kind: 'text' });
    return { client, res, sink };
  }
  const beat = (sink: SseSink, times: number) => {
    for (let beats = 0; beats < times; beats += 1) sink.heartbeat();
  };

  it('is cut off when its reader takes nothing for many heartbeats', async () => {
    const { res, sink } = await stalled();
    beat(sink, slowReaderBeats);
    expect(res.destroyed).toBe(false);
    beat(sink, 1);
    expect(res.destroyed).toBe(true);
  });

  it('stays when its reader goes on before that', async () => {
    const { client, res, sink } = await stalled();
    beat(sink, slowReaderBeats);
    const drained = once(res, 'drain');
    client.resume();
    await drained;
    beat(sink, slowReaderBeats);
    expect(res.destroyed).toBe(false);
    client.destroy();
  });
});
