import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

export const hostileFaults = [
  /** Events and fields that nobody knows, around an answer. */
  'unknown',
  /** Text for ever, as fast as it is taken. */
  'endless',
  /** Text for ever, a little every 100 ms. */
  'endless-slow',
  /** A header that goes on for ever, and one that comes a byte at a time. */
  'endless-header',
  'slow-header',
  /** An event that comes a byte at a time. */
  'slow-body',
  /** Status 500 with a body that does not end. */
  'endless-error',
  'redirect',
  /** A whole answer with the directive's `usage`. */
  'usage',
  /** A whole answer with the directive's `say` as its text. */
  'say',
  /** Calls of tools that nobody offered. */
  'tools',
  /** An event of 900,000 brackets. */
  'deep',
  /** Ten thousand fields in each of many events, none of which is an answer. */
  'wide',
  /** 64 MB of zeros as some KB of gzip, which nobody asked for. */
  'gzip',
] as const;
type HostileFault = (typeof hostileFaults)[number];

export const isHostile = (fault: string): fault is HostileFault => (hostileFaults as readonly string[]).includes(fault);

interface Wishes {
  readonly location?: string | undefined;
  readonly usage?: unknown;
  readonly say?: string | undefined;
}

const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const choice = (delta: object, reason: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason: reason }],
});
const text = (content: string): string => event(choice({ content }));
const end = `${event(choice({}, 'stop'))}data: [DONE]\n\n`;

const open = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });

const acts: Readonly<Record<HostileFault, (response: ServerResponse, wishes: Wishes) => void>> = {
  unknown: (response) => {
    const parts = [
      ': a comment\n\nretry: 1\n\nid: \u0000\n\n',
      `event: surprise\n${event({ surprise: { choices: 'none' } })}`,
      'data: {"__proto__":{"choices":[{"delta":{"content":"polluted"}}]},"choices":[],"x":null}\n\n',
      event({ choices: 'no list' }),
      event({ choices: [null] }),
      event({ choices: [{ index: 7, delta: { content: { text: 'no text' }, audio: {} } }] }),
      `unknown: field\nevent: chunk\n${text('All is ')}`,
      event({ ...choice({ content: 'well.', magic: true }), logprobs: [[[]]], service_tier: 9 }),
    ];
    open(response).end(parts.join('') + end);
  },
  endless: (response) => pour(open(response), text('word '.repeat(50))),
  'endless-slow': (response) => drip(open(response), text('word ')),
  'endless-header': (response) => pourHeaders(response, `x-more: ${'x'.repeat(1_000)}\r\n`),
  'slow-header': (response) => dripHeader(response),
  'slow-body': (response) => drip(open(response), 'd'),
  'endless-error': (response) =>
    pour(response.writeHead(500, { 'content-type': 'application/json' }), 'x'.repeat(65_536)),
  redirect: (response, { location = '' }) => void response.writeHead(307, { location }).end(),
  usage: (response, { usage }) => {
    open(response).end(`${text('All is well.')}${event({ ...choice({}, 'stop'), usage })}data: [DONE]\n\n`);
  },
  say: (response, { say = '' }) => void open(response).end(text(say) + end),
  tools: (response) => {
    const call = { index: 0, id: 'x', type: 'function', function: { name: 'shell', arguments: '{"run":"id"}' } };
    open(response).end(event(choice({ tool_calls: [call] })) + event(choice({}, 'tool_calls')));
  },
  deep: (response) =>
    void open(response).end(`data: {"choices":${'['.repeat(450_000)}${']'.repeat(450_000)}}\n\n${end}`),
  wide: (response) => {
    const fields = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`field${index}`, [index]]));
    pour(open(response), event({ choices: [], ...fields }));
  },
  gzip: (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
    response.end(gzipSync(Buffer.alloc(64_000_000)));
  },
};

/** Answers as no honest server would. */
export const beHostile = (response: ServerResponse, fault: HostileFault, wishes: Wishes): void =>
  acts[fault](response, wishes);

/** Writes the same for ever, as fast as the reader takes it. */
function pour(response: ServerResponse, piece: string): void {
  const more = () => {
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', more);
  more();
}

function drip(response: ServerResponse, piece: string): void {
  const timer = setInterval(() => response.write(piece), 100);
  response.once('close', () => clearInterval(timer));
}

/** The status line and then headers for ever, past what node would send. */
function pourHeaders({ socket }: ServerResponse, line: string): void {
  socket?.write('HTTP/1.1 200 OK\r\n');
  const more = () => {
    while (socket && !socket.destroyed && socket.write(line));
  };
  socket?.on('drain', more);
  more();
}

function dripHeader({ socket }: ServerResponse): void {
  socket?.write('HTTP/1.1 200 OK\r\nx-slow: ');
  const timer = setInterval(() => socket?.write('x'), 100);
  socket?.once('close', () => clearInterval(timer));
}
