import type { ServerResponse } from 'node:http';
import type { Pacer } from './pacer.ts';
import type { ChatBody, Reply } from './reply.ts';

export interface Sending {
  readonly id: string;
  readonly body: ChatBody;
  readonly reply: Reply;
  readonly response: ServerResponse;
  readonly pacer: Pacer;
  /** Told after each token; the next waits for what it waits for. */
  readonly sent: () => void | Promise<void>;
}

type Delta = { content?: string; reasoning_content?: string; role?: string };

const inTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Answers with events, a write for each token as real servers do. */
export async function sendStream({ id, body, reply, response, pacer, sent }: Sending): Promise<void> {
  const { directive, thinking, text, promptTokens } = reply;
  const { fault, after, tokensPerSecond = 0, firstTokenMs } = directive;
  const start = performance.now();
  const untilDue = (due: number) => new Promise<void>((resolve) => pacer.at(due, resolve));
  if (firstTokenMs > 0) await untilDue(start + firstTokenMs);
  if (response.destroyed) return;

  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  if (fault === 'empty') return void response.end();
  const head = JSON.stringify({ id, object: 'chat.completion.chunk', created: 1_700_000_000, model: body.model });
  const prefix = `data: ${head.slice(0, -1)},"choices":[{"index":0,"delta":`;
  const event = (value: object) => `data: ${JSON.stringify({ ...JSON.parse(head), ...value })}\n\n`;
  const chunk = (delta: Delta) => `${prefix}${JSON.stringify(delta)},"finish_reason":null}]}\n\n`;
  const write = async (data: string) => {
    if (!response.write(data) && !response.destroyed) await drained(response);
  };

  response.write(chunk({ role: 'assistant', content: '' }));
  const all = thinking.length + text.length;
  const total = fault === 'length' ? Math.min(after, all) : all;
  for (let index = 0; index <= total && !response.destroyed; index += 1) {
    if (fault && index === after && (await strike(fault, { reply, response, write, event, prefix, pacer }))) return;
    if (index === total) break;
    if (tokensPerSecond > 0 && index > 0) {
      await untilDue(start + firstTokenMs + (index * 1000) / tokensPerSecond);
      if (response.destroyed) return;
    } else if (index % 64 === 63) await inTurn();
    const thought = thinking[index];
    const data = chunk(
      thought === undefined ? { content: text[index - thinking.length] ?? '' } : { reasoning_content: thought },
    );
    if (!response.write(data) && tokensPerSecond === 0 && !response.destroyed) await drained(response);
    const told = sent();
    if (told) await told;
  }
  if (response.destroyed) return;
  const reason = fault === 'length' ? 'length' : fault === 'content-filter' ? 'content_filter' : 'stop';
  response.write(event({ choices: [{ index: 0, delta: {}, finish_reason: reason }] }));
  if (fault === 'no-end') return;
  if (body.stream_options?.include_usage && fault !== 'no-usage') {
    const usage = {
      prompt_tokens: promptTokens,
      completion_tokens: total,
      total_tokens: promptTokens + total,
      ...(thinking.length > 0 && { completion_tokens_details: { reasoning_tokens: thinking.length } }),
    };
    response.write(event({ choices: [], usage }));
  }
  response.end('data: [DONE]\n\n');
}

/** Waits until the response takes more, or is gone. */
const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });

interface Strike {
  readonly reply: Reply;
  readonly response: ServerResponse;
  readonly write: (data: string) => Promise<void>;
  readonly event: (value: object) => string;
  readonly prefix: string;
  readonly pacer: Pacer;
}

/** Does what the fault says; true where the reply is over with it. */
async function strike(fault: string, { reply, response, write, event, prefix, pacer }: Strike): Promise<boolean> {
  switch (fault) {
    case 'stall':
      return true;
    case 'babble':
      babble(response, event, pacer);
      return true;
    case 'cut':
      // Lets what was written leave first: a reset would otherwise overtake it.
      response.write('data: {"choi', () => response.socket?.destroySoon());
      return true;
    case 'bad-json':
      response.end('data: {"choices":[{"delta":{"content":"brok\n\ndata: [DONE]\n\n');
      return true;
    case 'no-finish':
      response.end();
      return true;
    case 'error-event':
      response.end(
        `data: ${JSON.stringify({ error: { message: 'The server had an error.', type: 'server_error' } })}\n\n`,
      );
      return true;
    case 'huge-line': {
      await write(`${prefix}{"content":"`);
      const piece = 'x'.repeat(65_536);
      for (let rest = reply.directive.bytes; rest > 0 && !response.destroyed; rest -= piece.length) await write(piece);
      if (!response.destroyed) response.end('"},"finish_reason":null}]}\n\ndata: [DONE]\n\n');
      return true;
    }
    default:
      return false;
  }
}

function babble(response: ServerResponse, event: (value: object) => string, pacer: Pacer): void {
  if (response.destroyed) return;
  response.write(`: still here\n\n${event({ choices: [{ index: 0, delta: {}, finish_reason: null }] })}`);
  pacer.at(performance.now() + 10, () => babble(response, event, pacer));
}
