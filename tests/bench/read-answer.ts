import type { Received } from './lean-http.ts';

/** A streamed answer, read from its bytes. Times in ms from when the request was sent. */
export interface Answer {
  readonly text: string;
  /** When the first text was there. */
  readonly firstMs: number;
  /** When the last byte was there. */
  readonly wholeMs: number;
  /** Between one read that brought text and the next. */
  readonly gapsMs: readonly number[];
}

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** What an event adds to the text, or that all before it is void. Throws for one that says that the answer failed. */
type ReadEvent = (name: string, data: string) => string | typeof reset | undefined;

const reset = Symbol('reset');

/** Of an answer of Lamplight: `done` must carry the same text that came in pieces. */
export function lamplightEvents(): ReadEvent {
  let text = '';
  return (name, data) => {
    if (name === 'error') throw new Error(`An answer failed: ${data}`);
    if (name === 'reset') {
      text = '';
      return reset;
    }
    if (name !== 'delta' && name !== 'done') return undefined;
    const json: unknown = JSON.parse(data);
    if (name === 'delta') {
      const piece = isJson(json) && typeof json['text'] === 'string' ? json['text'] : '';
      text += piece;
      return piece;
    }
    const message = isJson(json) ? json['message'] : undefined;
    if (!isJson(message) || message['text'] !== text || message['status'] !== 'complete') {
      throw new Error(`The end of an answer differs from what was streamed: ${data.slice(0, 300)}`);
    }
    return undefined;
  };
}

/** Of the model server itself. */
export const modelEvents = (): ReadEvent => (_name, data) => {
  if (data === '[DONE]') return undefined;
  const json: unknown = JSON.parse(data);
  const choices = isJson(json) ? json['choices'] : undefined;
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const delta = isJson(choice) ? choice['delta'] : undefined;
  return isJson(delta) && typeof delta['content'] === 'string' ? delta['content'] : undefined;
};

/** Reads a response of server-sent events in chunks. Throws where it is none. */
export function readAnswer(received: Received, readEvent: ReadEvent): Answer {
  const { sentAt, readAt, readEnd } = received;
  const { body, arrivalOf } = unchunk(received);
  let text = '';
  let firstMs: number | undefined;
  const gapsMs: number[] = [];
  let lastRead = -1;
  for (let start = 0; start < body.length; ) {
    const end = body.indexOf('\n\n', start);
    if (end < 0) throw new Error('A stream ends within an event.');
    const { name, data } = fieldsOf(body.toString('utf8', start, end));
    const piece = data === '' ? undefined : readEvent(name, data);
    if (piece === reset) text = '';
    else if (piece) {
      text += piece;
      const read = arrivalOf(end + 2);
      const at = (readAt[read] ?? 0) - sentAt;
      firstMs ??= at;
      if (lastRead >= 0 && read !== lastRead) gapsMs.push((readAt[read] ?? 0) - (readAt[lastRead] ?? 0));
      lastRead = read;
    }
    start = end + 2;
  }
  const wholeMs = (readAt.at(-1) ?? 0) - sentAt;
  if (readEnd.length === 0) throw new Error('A response is empty.');
  return { text, firstMs: firstMs ?? wholeMs, wholeMs, gapsMs };
}

function fieldsOf(event: string): { name: string; data: string } {
  let [name, data] = ['', ''];
  for (const line of event.split('\n')) {
    if (line.startsWith('event: ')) name = line.slice(7);
    else if (line.startsWith('data: ')) data += line.slice(6);
  }
  return { name, data };
}

/** The body without its chunks' sizes, and in which read a place of it (growing from call to call) was there. */
function unchunk({ bytes, readEnd }: Received): { body: Buffer; arrivalOf: (bodyEnd: number) => number } {
  const headEnd = bytes.indexOf('\r\n\r\n');
  const head = bytes.toString('latin1', 0, headEnd);
  if (!/^HTTP\/1\.1 200 /.test(head)) throw new Error(`A stream was refused: ${bytes.toString('utf8', 0, 600)}`);
  const parts: Buffer[] = [];
  /** Of each chunk: where it ends in the body, and on the wire. */
  const ends: { body: number; wire: number }[] = [];
  let length = 0;
  for (let at = headEnd + 4; ; ) {
    const sizeEnd = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, sizeEnd), 16);
    if (!(size > 0)) break;
    const start = sizeEnd + 2;
    parts.push(bytes.subarray(start, start + size));
    length += size;
    ends.push({ body: length, wire: start + size });
    at = start + size + 2;
  }
  let [chunk, read] = [0, 0];
  const arrivalOf = (bodyEnd: number): number => {
    while (chunk < ends.length - 1 && (ends[chunk]?.body ?? 0) < bodyEnd) chunk += 1;
    const wire = (ends[chunk]?.wire ?? 0) - ((ends[chunk]?.body ?? 0) - bodyEnd);
    while (read < readEnd.length - 1 && (readEnd[read] ?? 0) < wire) read += 1;
    return read;
  };
  return { body: Buffer.concat(parts), arrivalOf };
}
