import { answerEvents, type DoneEvent, type RunEvent } from '#contract/chat.ts';
import type { ServerFrame } from '#contract/socket.ts';
import type { Facts } from './report.ts';

/** One answer as a reader has it at its end. */
export interface Answer {
  readonly run: RunEvent;
  /** What streamed, piece by piece, with each reset obeyed. */
  readonly streamed: string;
  /** The whole message as its end brings it. */
  readonly message: DoneEvent['message'];
  readonly facts: Facts;
}

type Step =
  | { readonly type: 'run'; readonly run: RunEvent }
  | { readonly type: 'delta'; readonly text: string }
  | { readonly type: 'reset' }
  | { readonly type: 'done'; readonly message: DoneEvent['message'] };

/** Follows an answer to its end; throws where it fails, has no text, or streamed another text than its end says. */
export async function followAnswer(steps: AsyncIterable<Step>): Promise<Answer> {
  const start = performance.now();
  let run: RunEvent | undefined;
  let streamed = '';
  let pieces = 0;
  let firstMs = 0;
  for await (const step of steps) {
    if (step.type === 'run') run = step.run;
    if (step.type === 'reset') streamed = '';
    if (step.type === 'delta') {
      if (pieces === 0) firstMs = Math.round(performance.now() - start);
      pieces += 1;
      streamed += step.text;
    }
    if (step.type !== 'done') continue;
    if (!run) throw new Error('The answer ended without having begun.');
    mustBeWhole(step.message, streamed, pieces);
    const facts = { model: run.model, characters: streamed.length, pieces, 'first token ms': firstMs };
    return { run, streamed, message: step.message, facts };
  }
  throw new Error(`The answer broke off after ${pieces} pieces.`);
}

function mustBeWhole(message: DoneEvent['message'], streamed: string, pieces: number): void {
  if (message.status !== 'complete') {
    const why = message.error
      ? `: ${message.error.code}, ${message.error.message} (trace ${message.error.traceId})`
      : '';
    throw new Error(`The answer is ${message.status}${why}.`);
  }
  if (streamed.trim() === '') throw new Error(`The answer is empty (${pieces} pieces).`);
  mustBeSame('streamed', streamed, 'the end of the answer says', message.text);
}

/** Throws where two texts differ, and says where: the texts themselves can be long. */
export function mustBeSame(one: string, a: string, other: string, b: string): void {
  if (a === b) return;
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a[at] === b[at]) at += 1;
  const near = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 10), at + 20));
  throw new Error(
    `What ${one} (${a.length} characters) is not what ${other} (${b.length}); from ${at} on: ${near(a)}, ${near(b)}.`,
  );
}

/** Events of SSE as steps. */
export async function* stepsOfEvents(events: AsyncIterable<{ event: string; data: unknown }>): AsyncGenerator<Step> {
  for await (const { event, data } of events) {
    if (event === 'run') yield { type: 'run', run: answerEvents.run.parse(data) };
    else if (event === 'delta') yield* stepOfDelta(answerEvents.delta.parse(data));
    else if (event === 'reset') yield { type: 'reset' };
    else if (event === 'done') yield { type: 'done', message: answerEvents.done.parse(data).message };
    else if (event === 'error') fail(answerEvents.error.parse(data));
  }
}

/** Frames of a socket as steps; a person of this check's own has no other answers. */
export async function* stepsOfFrames(frames: AsyncIterable<ServerFrame>): AsyncGenerator<Step> {
  for await (const frame of frames) {
    if (frame.type === 'run') yield { type: 'run', run: frame };
    else if (frame.type === 'delta') yield* stepOfDelta(frame);
    else if (frame.type === 'reset') yield { type: 'reset' };
    else if (frame.type === 'done') yield { type: 'done', message: frame.message };
    else if (frame.type === 'error') fail(frame);
  }
}

/** Thoughts are no part of the text. */
function* stepOfDelta({ text, part }: { text: string; part?: { kind: string } | undefined }): Generator<Step> {
  if (part === undefined || part.kind === 'text') yield { type: 'delta', text };
}

function fail({ code, message, traceId }: { code: string; message: string; traceId: string }): never {
  throw new Error(`The server answered ${code}: ${message} (trace ${traceId}).`);
}
