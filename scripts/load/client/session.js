// The HTTP requests of one person, and what their statuses count as.
import http from 'k6/http';
import { askedToWait, rateLimited, refused, scriptErrors, signedOut, unexpectedStatus } from '../result/metrics.js';
import { backOff, wait } from './waiting.js';

/** The session is over: whoever gets this has to sign in again. */
export class SignedOut extends Error {}
/** No useful reply within the time that there was. */
export class GaveUp extends Error {}

const requestMs = 15_000;
const refreshTries = 5;
/** A token is replaced this long before its end, so that nothing that is under way meets it. */
const beforeEndMs = 60_000;

/** @typedef {import('k6/http').RefinedResponse<'text'>} Reply */
/** @typedef {{ readonly method: 'GET' | 'POST', readonly path: string, readonly body?: unknown, readonly timeoutMs?: number }} Request */
/** @typedef {'ok' | 'none' | 'wait' | 'failed' | 'refused'} Verdict */

export class Session {
  /** @type {string | undefined} */
  #token;
  /** @type {string | undefined} */
  #refreshToken;
  /** When the token is replaced, in milliseconds since 1970. */
  #renewAt = Infinity;
  /** @type {Promise<void> | undefined} */
  #renewing;
  #url;

  /** @param {string} url */
  constructor(url) {
    this.#url = url;
  }

  get socketUrl() {
    return `${this.#url.replace(/^http/, 'ws')}/ws`;
  }

  /**
   * @param {string} name
   * @param {number} deadline
   */
  async signIn(name, deadline) {
    const body = { name, refresh: 'body' };
    this.#take(await this.insist({ method: 'POST', path: '/api/auth/guest', body }, deadline));
  }

  /** @param {Reply} reply */
  #take(reply) {
    const { access_token, refresh_token, expires_in } = jsonOf(reply);
    this.#token = access_token;
    this.#refreshToken = refresh_token;
    this.#renewAt = Date.now() + Math.max(expires_in * 500, expires_in * 1000 - beforeEndMs);
  }

  /** Waits for another token where this one ends soon; all requests of the person wait for the same. */
  #renewed() {
    if (Date.now() < this.#renewAt) return undefined;
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renew() {
    const request = /** @type {Request} */ ({
      method: 'POST',
      path: '/api/auth/refresh',
      body: { refresh_token: this.#refreshToken },
    });
    // A refresh whose reply was lost is repeated with the old token, as a page does: the server gives the same successor.
    for (let failures = 0; ; failures += 1) {
      const reply = await this.#ask(request);
      const verdict = judge(reply);
      if (verdict === 'ok') return this.#take(reply);
      if (verdict === 'refused' || failures === refreshTries)
        throw new GaveUp(`No new token: ${reply.status} ${reply.error}`);
      await wait(pauseAfter(reply, failures));
    }
  }

  /**
   * One request, whatever becomes of it.
   * @param {Request} request
   * @returns {Promise<Reply>}
   */
  async send(request) {
    await this.#renewed();
    return this.#ask(request);
  }

  /**
   * @param {Request} request
   * @returns {Promise<Reply>}
   */
  #ask({ method, path, body, timeoutMs = requestMs }) {
    /** @type {Record<string, string>} */
    const headers = { ...(this.#token !== undefined && { Authorization: `Bearer ${this.#token}` }) };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    return http.asyncRequest(method, this.#url + path, body === undefined ? null : JSON.stringify(body), {
      headers,
      timeout: timeoutMs,
      responseType: 'text',
      // Without the IDs, so that k6 keeps one series a route.
      tags: { name: path.replace(/\/(conversations|runs)\/[^/]+/, '/$1/:id').replace(/\?.*/, '') },
    });
  }

  /**
   * Repeats a request until it succeeds; for those that a repeat does not harm.
   * @param {Request} request
   * @param {number} deadline
   * @returns {Promise<Reply>}
   */
  async insist(request, deadline) {
    for (let failures = 0; ; failures += 1) {
      const reply = await this.send(request);
      const verdict = judge(reply);
      if (verdict === 'ok') return reply;
      if (verdict === 'refused' || Date.now() > deadline)
        throw new GaveUp(`${request.method} ${request.path} got ${reply.status} ${reply.error}`);
      await wait(pauseAfter(reply, failures));
    }
  }

  /** Throws where no ticket could be had at once. @returns {Promise<string>} */
  async ticket() {
    const reply = await this.send({ method: 'POST', path: '/api/auth/ticket' });
    if (judge(reply) !== 'ok') throw new GaveUp(`No ticket: ${reply.status} ${reply.error}`);
    return jsonOf(reply).ticket;
  }
}

/**
 * Counts what a reply's status is; `none` where no status came at all.
 * @param {Reply} reply
 * @returns {Exclude<Verdict, 'signedOut'>}
 * @throws {SignedOut}
 */
export function judge(reply) {
  const { status } = reply;
  if (status === 0) return 'none';
  if (status < 300) return 'ok';
  if (status === 401) {
    signedOut.add(1);
    console.error(`signed out: ${said(reply)}`);
    throw new SignedOut(`The session ended: ${said(reply)}`);
  }
  if (status === 503 && header(reply, 'Retry-After') !== undefined) {
    askedToWait.add(1);
    return 'wait';
  }
  if (status === 429) {
    rateLimited.add(1);
    return 'wait';
  }
  if (status >= 500) {
    unexpectedStatus.add(1, { status: String(status) });
    console.error(`unexpected status: ${said(reply)}`);
    return 'failed';
  }
  refused.add(1);
  console.error(`refused: ${said(reply)}`);
  return 'refused';
}

/**
 * How long to wait before a repeat: as long as the server says, spread, or with back-off.
 * @param {Reply} reply
 * @param {number} failures
 */
export function pauseAfter(reply, failures) {
  const seconds = Number(header(reply, 'Retry-After'));
  return seconds > 0 ? Math.min(seconds, 30) * 1000 * (0.5 + Math.random()) : backOff(failures);
}

/**
 * k6 writes names of headers in its own way.
 * @param {Reply} reply
 * @param {string} name
 */
const header = (reply, name) =>
  Object.entries(reply.headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

/** @param {Reply} reply */
const said = (reply) =>
  `${reply.status} from ${reply.request.method} ${reply.url.split('?')[0]}: ${String(reply.body).slice(0, 300)}`;

/** What a reply of JSON holds. @param {Reply} reply */
export function jsonOf(reply) {
  try {
    return JSON.parse(reply.body);
  } catch (error) {
    scriptErrors.add(1);
    throw new Error(`Not JSON: ${said(reply)}`, { cause: error });
  }
}
