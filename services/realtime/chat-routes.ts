import type { Request, Response } from 'express';
import type { SendReply } from '#contract/chat.ts';
import { parsePosition } from '#contract/position.ts';
import { routes } from '#contract/routes.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { sendMessage } from '#domain/chat/send-message.ts';
import { type AnswerSink, Follower } from '#domain/runs/follow-run.ts';
import { presentRun } from '#domain/runs/present-run.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { isLive } from '#domain/runs/run-records.ts';
import { getRun, stopRun } from '#domain/runs/stop-run.ts';
import type { HttpApp } from '#platform/http/create-app.ts';
import { rateHeaders } from '#platform/http/rate-headers.ts';
import { currentTrace } from '#platform/telemetry/trace.ts';
import { measured } from './measured-sink.ts';
import { type Realtime, refuseWhileDraining } from './realtime.ts';
import { SseSink } from './sse-sink.ts';

/** Messages and answers over plain HTTP. */
export function mountChatRoutes(app: HttpApp<Principal>, realtime: Realtime): void {
  const { chat } = realtime;
  app.mount(routes.send, async ({ principal, body, res }) => {
    refuseWhileDraining(realtime);
    const permit = holdStream(realtime, principal, res);
    const sent = await sendMessage(chat, principal, body, { permit, hear: rateHeaders(res) });
    await permit;
    await streamAnswer(realtime, principal, { run: sent.run, accepted: !sent.repeated, after: undefined }, res);
  });
  app.mount(routes.sendSimple, async ({ principal, body, res, signal }) => {
    refuseWhileDraining(realtime);
    const permit = holdStream(realtime, principal, res);
    const { run, repeated } = await sendMessage(chat, principal, body, { permit, hear: rateHeaders(res) });
    await permit;
    return wholeAnswer(realtime, principal, { run, accepted: !repeated }, signal);
  });
  app.mount(routes.followRun, async ({ principal, params, query, req, res }) => {
    const run = await getRun(chat, principal, params.id);
    // The header is the later of the two: whoever reconnects by itself repeats the address that it began with.
    const after = lastEventId(req) ?? query.after;
    if (!isLive(run) && isDonePosition(run, after)) {
      res.status(204).end();
      return;
    }
    await holdStream(realtime, principal, res);
    await streamAnswer(realtime, principal, { run, accepted: false, after }, res);
  });
  app.mount(routes.stopRun, async ({ principal, params }) => {
    const run = await getRun(chat, principal, params.id);
    await stopRun(chat, run._id);
  });
}

/**
 * Counts a reply among the open streams of its person until it is closed; throws `too_many_streams`. A send waits for it together with
 * what else it waits for.
 */
async function holdStream({ limits }: Realtime, principal: Principal, res: Response): Promise<void> {
  const leave = await limits.streams.hold(principal.id);
  if (res.closed) leave();
  else res.once('close', leave);
}

const lastEventId = (req: Request): string | undefined => req.get('last-event-id')?.trim() || undefined;

const isDonePosition = (run: RunRecord, after: string | undefined): boolean => {
  const position = after === undefined ? undefined : parsePosition(after);
  return position?.attempt === run.attempt && position.length === Number.POSITIVE_INFINITY;
};

interface Asked {
  readonly run: RunRecord;
  /** Whether its message was accepted just now. */
  readonly accepted: boolean;
}

async function streamAnswer(
  { chat, streams }: Realtime,
  principal: Principal,
  { run, accepted, after }: Asked & { readonly after: string | undefined },
  res: Response,
): Promise<void> {
  if (res.destroyed) return;
  const sink = new SseSink(res, currentTrace()?.traceId ?? '');
  // The headers are what a HEAD asks for.
  if (res.req.method === 'HEAD') return;
  sink.run(presentRun(run));
  const follower = new Follower(chat, run._id, measured(sink, chat, { accepted, onEnd: () => leave() }));
  const removals = [streams.addFollower(run._id, follower)];
  const leave = () => {
    follower.close();
    for (const remove of removals.splice(0)) remove();
  };
  chat.metrics.activeStreams.inc({ transport: 'sse' });
  res.once('close', () => {
    leave();
    chat.metrics.activeStreams.dec({ transport: 'sse' });
  });
  removals.push(
    streams.add({
      principal,
      heartbeat: () => sink.heartbeat(),
      notice: () => {},
      end: (reason) => {
        // A reader that is slow still has to take what was written; nothing may be written behind the end.
        leave();
        sink.failed(reason);
      },
    }),
  );
  await follower.start(run, after);
}

/**
 * Follows an answer to its end without handing on its pieces. A client that goes away gives up waiting, not the answer; one whose
 * session ends gets none.
 */
function wholeAnswer(
  { chat, streams }: Realtime,
  principal: Principal,
  { run, accepted }: Asked,
  signal: AbortSignal,
): Promise<SendReply> {
  // It may have gone away while the message was stored; no event tells that any more.
  if (signal.aborted) return Promise.reject(signal.reason);
  const { promise, resolve, reject } = Promise.withResolvers<SendReply>();
  const sink: AnswerSink = {
    writable: true,
    onDrain: () => {},
    delta: () => {},
    reset: () => {},
    done: (_at, event) => resolve({ run: { ...presentRun(run), status: event.message.status }, ...event }),
    failed: reject,
  };
  const follower = new Follower(chat, run._id, measured(sink, chat, { accepted, onEnd: () => {} }));
  const removals = [
    streams.addFollower(run._id, follower),
    streams.add({
      principal,
      heartbeat: () => {},
      notice: () => {},
      // It cannot go on elsewhere: where the process stops, it waits for its answer as long as there is time.
      end: (reason) => {
        if (reason.code !== 'draining') reject(reason);
      },
    }),
  ];
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  follower.start(run, undefined).catch(reject);
  return promise.finally(() => {
    follower.close();
    for (const remove of removals) remove();
  });
}
