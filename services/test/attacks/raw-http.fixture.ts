import { connect } from 'node:net';

export interface RawRequest {
  readonly method?: string;
  /** Goes out as it is: nothing is encoded, and nothing is resolved. */
  readonly path: string;
  /** In their order and spelling; a name may come several times. A `Host` among them stands in place of the server's. */
  readonly headers?: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body?: string | Uint8Array;
  /** Without it, a body brings its own Content-Length. */
  readonly plainLength?: false;
  /** A server that has not answered by then has failed. */
  readonly timeoutMs?: number;
}

export interface RawReply {
  readonly status: number;
  /** By lower-case name; several of one name are joined by a line break. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** `error.code` of our envelope; undefined where the reply is something else. */
  readonly code: string | undefined;
}

/**
 * One request over a connection of its own, as bytes that no HTTP client would send. The reply is what came until the server closed the
 * connection: one that answers before it has read a large body may reset it, which is fine once the reply is here.
 */
export function rawHttp(url: string, request: RawRequest): Promise<RawReply> {
  const { hostname, port } = new URL(url);
  const { method = 'GET', path, headers = [], body, plainLength, timeoutMs = 10_000 } = request;
  const bytes = body === undefined ? undefined : Buffer.from(body as Uint8Array);
  const length = bytes && plainLength !== false ? [['Content-Length', String(bytes.length)] as const] : [];
  const ownHost = headers.some(([name]) => name.toLowerCase() === 'host');
  const host = ownHost ? [] : [['Host', `${hostname}:${port}`] as const];
  const lines = [...host, ['Connection', 'close'] as const, ...headers, ...length];
  const head = `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    const received: Buffer[] = [];
    let trouble: Error | undefined;
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`${method} ${path.slice(0, 80)} was not answered.`)));
    socket.on('data', (chunk) => received.push(chunk));
    socket.on('error', (error) => {
      trouble = error;
    });
    socket.on('close', () => {
      const reply = parseReply(Buffer.concat(received));
      if (reply) resolve(reply);
      else reject(trouble ?? new Error(`${method} ${path.slice(0, 80)}: the connection was closed without a reply.`));
    });
    // Latin 1: what a test writes is what goes out, byte by byte.
    socket.write(Buffer.from(head, 'latin1'));
    if (bytes) socket.write(bytes);
  });
}

function parseReply(bytes: Buffer): RawReply | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  const [first = '', ...lines] = bytes.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1]);
  if (!status) return undefined;
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}\n${value}`;
  }
  const rest = bytes.subarray(end + 4);
  const text = (headers['transfer-encoding'] === 'chunked' ? unchunk(rest) : rest).toString('utf8');
  return { status, headers, text, code: codeOf(text) };
}

/** RFC 9112, section 7.1. What is cut off is left out. */
function unchunk(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = lineEnd < 0 ? 0 : Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    if (!size) return Buffer.concat(parts);
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}

function codeOf(text: string): string | undefined {
  try {
    const code: unknown = JSON.parse(text)?.error?.code;
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}
