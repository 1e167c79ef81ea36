import type { WebSocket } from 'ws';
import { routes } from '#contract/routes.ts';
import {
  type ClientFrame,
  clientFrame,
  closeCodes,
  maxSubscriptions,
  type Notice,
  type ServerFrame,
} from '#contract/socket.ts';
import { type Principal, requireAccess } from '#domain/accounts/principal.ts';
import { sendMessage } from '#domain/chat/send-message.ts';
import { type AnswerSink, Follower } from '#domain/runs/follow-run.ts';
import { presentRun } from '#domain/runs/present-run.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { getRun, stopRun } from '#domain/runs/stop-run.ts';
import { AppError, isAppError } from '#platform/errors.ts';
import { logError, toErrorDetail } from '#platform/http/error-response.ts';
import { currentTrace, newTrace, runInTrace } from '#platform/telemetry/trace.ts';
import { deltaFields } from './answer-encoding.ts';
import { measured } from './measured-sink.ts';
import type { OpenStream } from './open-streams.ts';
import { type Realtime, refuseWhileDraining } from './realtime.ts';
import { slowReaderBeats, slowReaderBytes } from './slow-reader.ts';

/** Whoever is told this has no session any more. */
const overCodes: ReadonlySet<string> = new Set(['session_expired', 'unauthenticated', 'account_disabled']);
/** Frames that wait for their turn before the client itself has to. */
const maxWaiting = 16;
/** A client that does not answer the closing of its socket within this is cut off. */
const farewellMs = 2_000;

interface Subscription {
  /** The position that the client has. */
  readonly after: string | undefined;
  readonly ref: string | undefined;
  /** Whether its message was accepted just now. */
  readonly accepted: boolean;
}

/** One client's socket: its frames in, the answers that it follows out. */
export class SocketConnection implements OpenStream {
  readonly #realtime: Realtime;
  readonly #socket: WebSocket;
  #principal: Principal;
  /** By run: what ends following it. */
  readonly #subscriptions = new Map<string, () => void>();
  readonly #waitForDrain: Array<() => void> = [];
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;
  /** Heartbeats since the client was last heard of. */
  #silentBeats = 0;

  constructor(realtime: Realtime, socket: WebSocket, principal: Principal) {
    this.#realtime = realtime;
    this.#socket = socket;
    this.#principal = principal;
    const remove = realtime.streams.add(this);
    socket.on('message', (data, isBinary) => this.#receive(isBinary ? undefined : String(data)));
    socket.on('pong', () => {
      this.#silentBeats = 0;
    });
    socket.once('close', (code) => {
      remove();
      for (const end of [...this.#subscriptions.values()]) end();
      for (const callback of this.#waitForDrain.splice(0)) callback();
      realtime.chat.logger.debug('A socket closed.', {
        'event.action': 'socket_close',
        'lamplight.socket.close_code': code,
      });
    });
    this.#send({ type: 'ready', traceId: currentTrace()?.traceId ?? '', maxSubscriptions });
  }

  get principal(): Principal {
    return this.#principal;
  }

  heartbeat(): void {
    const patience = this.#socket.bufferedAmount > 0 ? slowReaderBeats : 1;
    if (this.#silentBeats >= patience) {
      this.#socket.terminate();
      return;
    }
    this.#silentBeats += 1;
    this.#socket.ping();
  }

  notice(notice: Notice): void {
    if (this.#writable) this.#send({ type: 'notice', notice });
  }

  end(reason: AppError): void {
    const code = reason.code === 'draining' ? closeCodes.restart : closeCodes.policy;
    this.#socket.close(code, reason.code);
    const cancel = this.#realtime.chat.clock.after(farewellMs, () => this.#socket.terminate());
    this.#socket.once('close', cancel);
  }

  get #writable(): boolean {
    return this.#socket.bufferedAmount <= slowReaderBytes;
  }

  /** Frames take effect in their order. What they bring about waits for a client that does not read, and so does the client. */
  #receive(text: string | undefined): void {
    this.#silentBeats = 0;
    this.#waiting += 1;
    if (this.#waiting === maxWaiting) this.#socket.pause();
    this.#turn = this.#turn.then(async () => {
      if (!this.#writable) await new Promise<void>((resolve) => this.#waitForDrain.push(resolve));
      await runInTrace(newTrace(), () => this.#take(text));
      this.#waiting -= 1;
      if (this.#waiting < maxWaiting && this.#socket.isPaused) this.#socket.resume();
    });
  }

  async #take(text: string | undefined): Promise<void> {
    let frame: ClientFrame | undefined;
    try {
      frame = parseFrame(text);
      if (frame) await this.#handle(frame);
    } catch (error) {
      const runId = frame && 'runId' in frame ? frame.runId : undefined;
      this.#fail(error, { ref: frame ? frame.ref : refOf(text), runId });
    }
  }

  #fail(error: unknown, about: { ref?: string | undefined; runId?: string | undefined }): void {
    const { logger } = this.#realtime.chat;
    const detail = toErrorDetail(error, currentTrace()?.traceId ?? '');
    logError(logger, error);
    // A request has its line in the log whatever became of it; of frames, those have one whose trace ID a client is shown.
    logger.info('A frame was refused.', {
      'event.action': 'socket_frame',
      'event.outcome': 'failure',
      'error.code': detail.code,
      'user.id': this.#principal.id,
    });
    this.#send({ type: 'error', ...about, ...detail });
    if (isAppError(error) && overCodes.has(error.code)) this.end(error);
  }

  async #handle(frame: ClientFrame): Promise<void> {
    const { chat, sessions } = this.#realtime;
    if (frame.type === 'ping') {
      this.#send({ type: 'pong', ref: frame.ref, traceId: currentTrace()?.traceId ?? '' });
      return;
    }
    this.#principal = await sessions.renew(this.#principal);
    switch (frame.type) {
      case 'send': {
        requireAccess(this.#principal, routes.send);
        refuseWhileDraining(this.#realtime);
        this.#requireRoom();
        const { run, repeated } = await sendMessage(chat, this.#principal, frame);
        await this.#subscribe(run, { after: undefined, ref: frame.ref, accepted: !repeated });
        return;
      }
      case 'subscribe': {
        requireAccess(this.#principal, routes.followRun);
        const run = await getRun(chat, this.#principal, frame.runId);
        await this.#subscribe(run, { after: frame.after, ref: frame.ref, accepted: false });
        return;
      }
      case 'unsubscribe':
        this.#subscriptions.get(frame.runId)?.();
        return;
      case 'stop': {
        requireAccess(this.#principal, routes.stopRun);
        const run = await getRun(chat, this.#principal, frame.runId);
        await stopRun(chat, run._id);
      }
    }
  }

  #requireRoom(): void {
    if (this.#subscriptions.size >= maxSubscriptions) {
      throw new AppError(
        'too_many_subscriptions',
        `A socket follows at most ${maxSubscriptions} answers at a time. Unsubscribe from one first.`,
      );
    }
  }

  /** Following a run again starts over from the position given. */
  async #subscribe(run: RunRecord, { after, ref, accepted }: Subscription): Promise<void> {
    const { chat, streams } = this.#realtime;
    const traceId = currentTrace()?.traceId ?? '';
    this.#subscriptions.get(run._id)?.();
    this.#requireRoom();
    this.#send({ type: 'run', ref, traceId, ...presentRun(run) });
    const follower = new Follower(
      chat,
      run._id,
      measured(this.#sinkOf(run._id, traceId), chat, { accepted, onEnd: () => leave() }),
    );
    const remove = streams.addFollower(run._id, follower);
    chat.metrics.activeStreams.inc({ transport: 'websocket' });
    const leave = () => {
      if (this.#subscriptions.get(run._id) !== leave) return;
      this.#subscriptions.delete(run._id);
      follower.close();
      remove();
      chat.metrics.activeStreams.dec({ transport: 'websocket' });
    };
    this.#subscriptions.set(run._id, leave);
    if (this.#socket.readyState !== this.#socket.OPEN) return leave();
    await follower.start(run, after);
  }

  /** `traceId`: of the frame that asked for the answer, since what comes of it later comes from anywhere. */
  #sinkOf(runId: string, traceId: string): AnswerSink {
    const connection = this;
    return {
      get writable() {
        return connection.#writable;
      },
      onDrain: (callback) => {
        connection.#waitForDrain.push(callback);
      },
      delta: (at, text, part) =>
        connection.#write(`{"type":"delta","runId":"${runId}","at":"${at}",${deltaFields(text, part)}}`),
      reset: (at) => connection.#send({ type: 'reset', runId, at }),
      done: (at, event) => connection.#send({ type: 'done', runId, at, ...event }),
      failed: (error) => connection.#send({ type: 'error', runId, ...toErrorDetail(error, traceId) }),
    };
  }

  #send(frame: ServerFrame): void {
    this.#write(JSON.stringify(frame));
  }

  #write(text: string): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(text, this.#afterWrite);
  }

  readonly #afterWrite = (): void => {
    if (this.#waitForDrain.length === 0 || this.#socket.bufferedAmount > slowReaderBytes / 2) return;
    for (const callback of this.#waitForDrain.splice(0)) callback();
  };
}

const knownTypes = new Set<unknown>(clientFrame.options.map((option) => option.shape.type.value));

/** Undefined for a frame of a type that a newer client knows: it is ignored, as unknown fields are. */
function parseFrame(text: string | undefined): ClientFrame | undefined {
  const raw = parseJson(text);
  if (
    typeof raw === 'object' &&
    raw !== null &&
    'type' in raw &&
    typeof raw.type === 'string' &&
    !knownTypes.has(raw.type)
  )
    return undefined;
  const parsed = clientFrame.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new AppError('invalid_frame', 'The frame does not fit its schema; `details` lists what is wrong.', {
    details: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
  });
}

function parseJson(text: string | undefined): unknown {
  if (text === undefined) throw new AppError('invalid_frame', 'Frames are JSON text; this one is binary.');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid_frame', 'The frame is not JSON.', { cause });
  }
}

/** The client's own mark of a frame that does not fit, where it can be made out. */
function refOf(text: string | undefined): string | undefined {
  try {
    const raw: unknown = JSON.parse(text ?? '');
    const ref = typeof raw === 'object' && raw !== null && 'ref' in raw ? raw.ref : undefined;
    return typeof ref === 'string' && ref.length <= 64 ? ref : undefined;
  } catch {
    return undefined;
  }
}
