import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Agent, get } from 'node:https';
import { WebSocket, WebSocketServer } from 'ws';
import { startUpstream } from '#nginx/upstream.fixture.ts';
import { waitFor } from '#tests/servers/child.ts';

/** A service behind the edge whose streams and sockets stay open, and say something when they are told to. */
export async function startTalker() {
  const streams = new Set<ServerResponse>();
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': here\n\n');
    streams.add(response);
  });
  const sockets = new WebSocketServer({ server: upstream.server });
  return {
    address: upstream.address,
    say: (text: string) => {
      for (const stream of streams) stream.write(`data: ${text}\n\n`);
      for (const socket of sockets.clients) socket.send(text);
    },
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      await upstream.close();
    },
  };
}

export interface LongLived {
  /** Whether the connection, never opened a second time, is still there and hears `text` within a moment. */
  hears(text: string): Promise<boolean>;
  close(): void;
}

interface Place {
  readonly port: number;
  readonly host: string;
}

/** An event stream through the edge on one TLS connection. */
export async function openStream({ port, host }: Place): Promise<LongLived> {
  const options = { host: '127.0.0.1', port, servername: host, headers: { host }, path: '/api/runs/1/events' };
  const request = get({ ...options, agent: false, rejectUnauthorized: false });
  const [response] = await once(request, 'response');
  let [received, ended] = ['', false];
  response.on('data', (chunk: Buffer) => {
    received += chunk.toString();
  });
  response.on('close', () => {
    ended = true;
  });
  request.on('error', () => {
    ended = true;
  });
  return {
    hears: (text) => waitFor(() => ended || received.includes(text)).then(() => !ended),
    close: () => request.destroy(),
  };
}

/** A WebSocket through the edge. */
export async function openSocket({ port, host }: Place): Promise<LongLived> {
  const socket = new WebSocket(`wss://127.0.0.1:${port}/ws`, {
    agent: new Agent({ servername: host, rejectUnauthorized: false }),
    headers: { host },
  });
  await once(socket, 'open');
  const received: string[] = [];
  socket.on('message', (data) => received.push(String(data)));
  const ended = () => socket.readyState !== WebSocket.OPEN;
  return {
    hears: (text) => waitFor(() => ended() || received.includes(text)).then(() => !ended()),
    close: () => socket.terminate(),
  };
}
