import { BadReply, StreamedError } from './completion-reader.ts';
import { ModelError } from './models.ts';

/** Who was asked, for the words of an error. */
export interface Asked {
  readonly provider: string;
  readonly apiKey: string;
  /** What the provider calls the model. */
  readonly model: string;
}

/** What went wrong at the provider, as its status, words and headers tell. */
interface Fault {
  readonly status: number | undefined;
  readonly code: string;
  readonly retryAfterMs: number | undefined;
  readonly cause: Error;
}

const maxWords = 1_000;

/** Turns whatever a call to a provider threw into plain words; the provider's own are in `cause`, without the key. */
export function toModelError(error: unknown, asked: Asked, now: number): ModelError {
  if (error instanceof ModelError) return error;
  const cause = causeOf(error, asked.apiKey);
  if (error instanceof BadReply) {
    const message = `The model provider “${asked.provider}” sent something that is not a complete answer.`;
    return new ModelError('model_bad_reply', `${message} Try again.`, { retryable: true, cause });
  }
  if (error instanceof StreamedError) return streamedError(error, asked, cause);
  const status = property(error, 'status');
  if (typeof status === 'number') {
    const retryAfterMs = retryAfterOf(property(error, 'headers'), now);
    return statusError({ status, code: codeOf(error), retryAfterMs, cause }, asked);
  }
  // A key that no header can carry fails before anything is sent.
  if (!/^[\x21-\x7e]*$/.test(asked.apiKey)) {
    return statusError({ status: 401, code: '', retryAfterMs: undefined, cause }, asked);
  }
  const message = `The model provider “${asked.provider}” cannot be reached, or it broke off. Try again in a moment.`;
  return new ModelError('model_unavailable', message, { retryable: true, cause });
}

/** The model fell silent: before its first token, or between two. */
export function silence(asked: Asked, limitMs: number, started: boolean): ModelError {
  const seconds = Math.round(limitMs / 100) / 10;
  const what = started ? `fell silent for ${seconds} s` : `did not begin to answer within ${seconds} s`;
  return new ModelError('model_timeout', `The model ${what}. Try again in a moment.`, {
    retryable: true,
    cause: new Error(`${asked.model} of ${asked.provider}: silent for ${limitMs} ms`),
  });
}

function streamedError({ error }: StreamedError, asked: Asked, cause: Error): ModelError {
  const code = property(error, 'code');
  const status = typeof code === 'number' ? code : codeOf(error).includes('rate_limit') ? 429 : 500;
  return statusError({ status, code: codeOf(error), retryAfterMs: undefined, cause }, asked);
}

function statusError({ status, code, retryAfterMs, cause }: Fault, { provider, model }: Asked): ModelError {
  const named = `The model provider “${provider}”`;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 401 || status === 403) {
    const text = `${named} refused the API key. The operator must check it (OPENAI_API_KEY or MODELS_FILE).`;
    return new ModelError('model_auth_failed', text, { retryable: false, cause });
  }
  if (code.includes('insufficient_quota') || status === 402) {
    const text = `${named} has no credit left for us. The operator must check the account there.`;
    return new ModelError('model_rate_limited', text, { retryable: false, cause });
  }
  if (status === 429) {
    const text = `${named} limits how much we may ask right now. Try again in a moment.`;
    return new ModelError('model_rate_limited', text, { retryable: true, cause, ...wait });
  }
  if (status === 408 || status === 409 || status === 425 || (status !== undefined && status >= 500)) {
    const text = `${named} has a problem of its own right now. Try again in a moment.`;
    return new ModelError('model_unavailable', text, { retryable: true, cause, ...wait });
  }
  if (code.includes('context_length')) {
    const text = 'This conversation is longer than the model can read. Start a new one, or choose another model.';
    return new ModelError('model_rejected', text, { retryable: false, cause });
  }
  if (status === 404 || (status !== undefined && status < 400)) {
    const text = `${named} does not know the model “${model}” at its address. The operator must check OPENAI_MODEL and OPENAI_BASE_URL (or MODELS_FILE).`;
    return new ModelError('model_rejected', text, { retryable: false, cause });
  }
  const text = `${named} refused this request. Change the message, or choose another model.`;
  return new ModelError('model_rejected', text, { retryable: false, cause });
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

const codeOf = (error: unknown): string => `${property(error, 'code') ?? ''} ${property(error, 'type') ?? ''}`;

/** Providers that refuse a request for its content may quote it, and what people wrote has no place in a log. */
const mayQuote = [400, 413, 422];

/** The provider's own words: never the key, which careless providers echo, nor the request. */
function causeOf(error: unknown, apiKey: string): Error {
  const status = property(error, 'status');
  if (typeof status === 'number' && mayQuote.includes(status))
    return new Error(`Status ${status} ${codeOf(error)}`.trim());
  const words: string[] = [];
  for (let at: unknown = error; at !== undefined && at !== null && words.length < 4; at = property(at, 'cause')) {
    const inner = at instanceof StreamedError ? JSON.stringify(at.error) : undefined;
    const text = inner ?? (at instanceof Error ? at.message : String(at));
    if (text && !words.includes(text)) words.push(text);
  }
  const text = words.join(': ');
  return new Error((apiKey === '' ? text : text.replaceAll(apiKey, '[API key]')).slice(0, maxWords));
}

/** `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3), or OpenAI's `retry-after-ms`. */
function retryAfterOf(headers: unknown, now: number): number | undefined {
  if (!(headers instanceof Headers)) return undefined;
  const exact = headers.get('retry-after-ms');
  if (exact !== null && Number(exact) >= 0) return Number(exact);
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  const ms = Number.isNaN(Number(text)) ? Date.parse(text) - now : Number(text) * 1000;
  return ms >= 0 ? ms : undefined;
}
