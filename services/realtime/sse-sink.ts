import type { Response } from 'express';
import type { DoneEvent, RunEvent } from '#contract/chat.ts';
import type { PartKind } from '#contract/conversations.ts';
import type { AnswerSink } from '#domain/chat/follow-run.ts';
import type { AppError } from '#platform/errors.ts';
import { toErrorDetail } from '#platform/http/error-response.ts';
import { deltaFields } from './answer-encoding.ts';

/** More than this waiting for a reader, and nothing is handed to it until it has caught up. In bytes. */
export const slowReaderBytes = 64 * 1024;

/** An answer as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export class SseSink implements AnswerSink {
  readonly #res: Response;
  readonly #traceId: string;

  constructor(res: Response, traceId: string) {
    this.#res = res;
    this.#traceId = traceId;
    res.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
    res.setHeader('Cache-Control', 'no-cache, no-transform');
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
  }

  delta(at: string, text: string, part: { index: number; kind: PartKind }): void {
    this.#res.write(`id: ${at}\nevent: delta\ndata: {${deltaFields(text, part)}}\n\n`);
  }

  reset(at: string): void {
    this.#res.write(`id: ${at}\nevent: reset\ndata: {}\n\n`);
  }

  done(at: string, event: DoneEvent): void {
    this.#res.end(`id: ${at}\nevent: done\ndata: ${JSON.stringify(event)}\n\n`);
  }

  failed(error: AppError): void {
    if (!this.#res.writableEnded) {
      this.#res.end(`event: error\ndata: ${JSON.stringify(toErrorDetail(error, this.#traceId))}\n\n`);
    }
  }

  /** A comment: readers ignore it, whoever sits between sees that the connection lives. */
  heartbeat(): void {
    if (!this.#res.writableEnded) this.#res.write(': \n\n');
  }
}
