// Sends and reads by server-sent events. k6 hands over what came when the request is over, cut off or not; so there are no
// times of single events, and a reader's connection is cut by a limit on the time of its request.
import { askedToWait, refused, timeToFirstByte } from '../result/metrics.js';
import { parseEvents } from './parse-events.js';
import { judge, pauseAfter } from './session.js';
import { backOff, wait } from './waiting.js';

/** @typedef {import('./answer.js').Answer} Answer */

/** A request is cut after so long at the latest: a connection that died without a word shows by nothing else here. */
const longestRequestMs = 30_000;
const cutAfterMs = { least: 250, most: 1_250 };
/** Refusals of one message after which it is given up. */
const refusalsTaken = 3;

export const passingCodes = ['store_unavailable', 'draining', 'too_busy'];

export class SseClient {
  #session;

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  async open() {}
  close() {}

  /**
   * Sees an answer through, over as many requests as that takes.
   * @param {Answer} answer
   */
  async follow(answer) {
    let refusals = 0;
    for (let failures = 0; !answer.ended && refusals < refusalsTaken && Date.now() < answer.deadline; ) {
      const before = answer.transcript.at;
      const wasCut = answer.wantsCut;
      const reply = await this.#request(answer);
      const endedAt = Date.now();
      const verdict = judge(reply);
      const error = verdict === 'ok' || verdict === 'none' ? readReply(reply, answer, endedAt) : undefined;
      if (answer.ended) return;
      // A request that ran out of its time with nothing to show for it met a server that hangs.
      const isOnPurpose = isTimeout(reply) && (wasCut || answer.transcript.at !== before);
      if (verdict === 'ok' || verdict === 'none') answer.lost(isOnPurpose, endedAt);
      const isRefused = verdict === 'refused' || (error !== undefined && !passingCodes.includes(error));
      if (error !== undefined) (isRefused ? refused : askedToWait).add(1);
      if (isRefused) refusals += 1;
      failures = answer.transcript.at !== before ? 0 : failures + 1;
      await wait(reply.status >= 400 ? pauseAfter(reply, failures) : backOff(failures));
    }
  }

  /** @param {Answer} answer */
  async #request(answer) {
    const { least, most } = cutAfterMs;
    const cutMs = answer.wantsCut ? least + Math.random() * (most - least) : longestRequestMs;
    const timeoutMs = Math.max(100, Math.min(cutMs, answer.deadline - Date.now()));
    if (answer.run) answer.resuming();
    else answer.sending();
    const after = answer.transcript.at;
    const reply = await this.#session.send(
      answer.run
        ? {
            method: 'GET',
            path: `/api/runs/${answer.run.runId}/events${after === undefined ? '' : `?after=${after}`}`,
            timeoutMs,
          }
        : { method: 'POST', path: '/api/chat/send', body: answer.request, timeoutMs },
    );
    if (!answer.run && reply.timings.waiting > 0 && reply.body) timeToFirstByte.add(reply.timings.waiting);
    return reply;
  }
}

/** https://grafana.com/docs/k6/latest/javascript-api/error-codes/ @param {import('./session.js').Reply} reply */
const isTimeout = (reply) => reply.error_code === 1050;

/**
 * Takes the events that came. @returns {string | undefined} The code of an `error` among them.
 * @param {import('./session.js').Reply} reply
 * @param {Answer} answer
 * @param {number} endedAt
 */
function readReply(reply, answer, endedAt) {
  const startedAt = endedAt - reply.timings.receiving;
  for (const { event, id, data } of parseEvents(reply.body ?? '')) {
    const body = JSON.parse(data);
    if (event === 'run') answer.acknowledge(body, startedAt);
    else if (event === 'error') return body.code;
    else answer.take(event, id, body, { at: endedAt, live: false });
  }
  return undefined;
}
