import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A response as it came: all its bytes, and which of them were there when. */
export interface Received {
  /** When the request was handed to the kernel; `performance.now()`, as all times here. */
  readonly sentAt: number;
  /** Head and body, as they were on the wire. */
  readonly bytes: Buffer;
  /** For each read: when it was, and how many bytes there were then. */
  readonly readAt: readonly number[];
  readonly readEnd: readonly number[];
}

const endOfChunks = Buffer.from('0\r\n\r\n');
const endOfHead = '\r\n\r\n';

/** All connections read into it, one after another: a read costs a copy and no allocation. */
const readBuffer = Buffer.allocUnsafe(64 * 1024);

/**
 * A kept HTTP/1.1 connection for one request at a time. It does next to nothing while bytes arrive, so that hundreds of
 * streams leave the processor to what is measured; the bytes are read afterwards.
 */
export class LeanConnection {
  readonly #socket: Socket;
  readonly #host: string;
  #bytes = Buffer.allocUnsafe(4 * 1024);
  #length = 0;
  #readAt: number[] = [];
  #readEnd: number[] = [];
  #sentAt = 0;
  /** Where the response ends; unknown before its head is there, `Infinity` where it comes in chunks. */
  #end: number | undefined;
  #waiting: PromiseWithResolvers<Received> | undefined;

  private constructor(url: URL) {
    this.#host = url.host;
    this.#socket = connect({
      host: url.hostname,
      port: Number(url.port),
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (size) => {
          this.#take(size);
          return true;
        },
      },
    });
    const lost = (error?: Error) =>
      this.#waiting?.reject(error ?? new Error(`${this.#host} closed a connection in the middle of a response.`));
    this.#socket.on('error', lost);
    this.#socket.on('close', () => lost());
  }

  static async open(url: string): Promise<LeanConnection> {
    const connection = new LeanConnection(new URL(url));
    await once(connection.#socket, 'connect');
    return connection;
  }

  /** Sends a request with a JSON body; resolves once all of its response is there. */
  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Received> {
    const text = Buffer.from(JSON.stringify(body));
    const lines = [
      `POST ${path} HTTP/1.1`,
      `host: ${this.#host}`,
      'content-type: application/json',
      `content-length: ${text.length}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ];
    const request = Buffer.concat([Buffer.from(`${lines.join('\r\n')}${endOfHead}`), text]);
    this.#length = 0;
    this.#readAt = [];
    this.#readEnd = [];
    this.#end = undefined;
    this.#waiting = Promise.withResolvers();
    this.#sentAt = performance.now();
    this.#socket.write(request);
    return this.#waiting.promise;
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #take(size: number): void {
    const end = this.#length + size;
    if (end > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    readBuffer.copy(this.#bytes, this.#length, 0, size);
    this.#length = end;
    this.#readAt.push(performance.now());
    this.#readEnd.push(end);
    this.#end ??= this.#findEnd();
    if (this.#end === undefined) return;
    if (this.#end === Number.POSITIVE_INFINITY) {
      if (!this.#bytes.subarray(end - endOfChunks.length, end).equals(endOfChunks)) return;
    } else if (end < this.#end) return;
    const received = {
      sentAt: this.#sentAt,
      bytes: Buffer.from(this.#bytes.subarray(0, end)),
      readAt: this.#readAt,
      readEnd: this.#readEnd,
    };
    this.#waiting?.resolve(received);
    this.#waiting = undefined;
  }

  #findEnd(): number | undefined {
    const headEnd = this.#bytes.subarray(0, this.#length).indexOf(endOfHead);
    if (headEnd < 0) return undefined;
    const head = this.#bytes.toString('latin1', 0, headEnd);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    return length === undefined ? Number.POSITIVE_INFINITY : headEnd + endOfHead.length + Number(length);
  }
}

/** The JSON of a response that is none in chunks; throws where its status is not one of success. */
export function jsonOf({ bytes }: Received): Readonly<Record<string, unknown>> {
  const text = bytes.toString();
  if (!/^HTTP\/1\.1 2/.test(text)) throw new Error(`A request was refused: ${text.slice(0, 600)}`);
  const body: unknown = JSON.parse(text.slice(text.indexOf(endOfHead)));
  if (typeof body !== 'object' || body === null) throw new Error('A response is no JSON object.');
  return { ...body };
}
