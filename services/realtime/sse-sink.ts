import type { Response } from 'express';
import type { DoneEvent, RunEvent } from '#contract/chat.ts';
import type { PartKind } from '#contract/conversations.ts';
import type { AnswerSink } from '#domain/runs/follow-run.ts';
import type { AppError } from '#platform/errors.ts';
import { toErrorDetail } from '#platform/http/error-response.ts';
import { deltaFields } from './answer-encoding.ts';
import { slowReaderBeats, slowReaderBytes } from './slow-reader.ts';

/** https://www.rfc-editor.org/rfc/rfc9112#section-7.1 */
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const lastChunk = '0\r\n\r\n';

/** An answer as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export class SseSink implements AnswerSink {
  readonly #res: Response;
  readonly #traceId: string;
  /** Whether the chunks of the transfer encoding are framed here. */
  #framed = false;
  #stalledBeats = 0;

  constructor(res: Response, traceId: string) {
    this.#res = res;
    this.#traceId = traceId;
    res.on('drain', () => {
      this.#stalledBeats = 0;
    });
    res.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
    res.setHeader('Cache-Control', 'no-store, no-transform');
    // Asks an Nginx in front not to gather events before it passes them on.
    res.setHeader('X-Accel-Buffering', 'no');
  }

  get writable(): boolean {
    return this.#res.writableLength <= slowReaderBytes;
  }

  onDrain(callback: () => void): void {
    this.#res.once('drain', callback);
  }

  run(run: RunEvent): void {
    this.#res.write(`event: run\ndata: ${JSON.stringify(run)}\n\n`);
    // From here on an event leaves as one string: of a chunk, node would send size, text and line ends in four pieces. A
    // response without chunks (to HTTP/1.0) stays one.
    this.#framed = this.#res.chunkedEncoding;
    this.#res.chunkedEncoding = false;
  }

  delta(at: string, text: string, part: { index: number; kind: PartKind }): void {
    this.#write(`id: ${at}\nevent: delta\ndata: {${deltaFields(text, part)}}\n\n`);
  }

  reset(at: string): void {
    this.#write(`id: ${at}\nevent: reset\ndata: {}\n\n`);
  }

  done(at: string, event: DoneEvent): void {
    this.#end(`id: ${at}\nevent: done\ndata: ${JSON.stringify(event)}\n\n`);
  }

  failed(error: AppError): void {
    if (!this.#res.writableEnded) {
      this.#end(`event: error\ndata: ${JSON.stringify(toErrorDetail(error, this.#traceId))}\n\n`);
    }
  }

  /** A comment: readers ignore it, whoever sits between sees that the connection lives. Cuts off a reader that has long taken nothing. */
  heartbeat(): void {
    if (this.#res.writableEnded) return;
    this.#stalledBeats = this.#res.writableLength === 0 ? 0 : this.#stalledBeats + 1;
    if (this.#stalledBeats > slowReaderBeats) this.#res.destroy();
    else this.#write(': \n\n');
  }

  #write(event: string): void {
    const { socket } = this.#res;
    // A corked socket keeps node from waiting for the end of the turn, which is for responses in many pieces.
    socket?.cork();
    this.#res.write(this.#framed ? chunk(event) : event);
    socket?.uncork();
  }

  #end(event: string): void {
    this.#res.end(this.#framed ? chunk(event) + lastChunk : event);
  }
}
