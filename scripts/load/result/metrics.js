// What a load test counts and measures. Times are in milliseconds.
import { Counter, Rate, Trend } from 'k6/metrics';

const counter = (/** @type {string} */ name) => new Counter(name);
const times = (/** @type {string} */ name) => new Trend(name, true);

/** Messages that people wrote; each ends in exactly one of the three below. */
export const answersStarted = counter('answers_started');
export const answersCompleted = counter('answers_completed');
/** Ended as failed, interrupted or stopped. */
export const answersFailed = counter('answers_failed');
/** No end within the limit. */
export const answersLost = counter('answers_lost');
/** The share of the messages whose answer was completed. */
export const completed = new Rate('completed');

/** Answers whose text, as received, is the stored one and, where known, the one that the model gave. */
export const answersExact = counter('answers_exact');
export const textMismatch = counter('text_mismatch');
/** Answers that ended but could not be compared: the store could not be read, or has no such message. */
export const notCompared = counter('not_compared');
/** Messages in a conversation that nobody wrote or that answer something a second time. */
export const duplicates = counter('duplicates');

/** Connections that the reader lost on purpose, and that it lost otherwise. */
export const cuts = counter('cuts');
export const reconnects = counter('reconnects');
/** Times that an answer went on at the reader's position. */
export const resumed = counter('resumed');
/** Messages sent again, under the same ID, since no reply came. */
export const repeats = counter('repeats');

/** 5xx other than 503 with Retry-After. */
export const unexpectedStatus = counter('unexpected_status');
/** 503 with Retry-After, and `draining`, `too_busy`, `store_unavailable` on a stream: tried again. */
export const askedToWait = counter('asked_to_wait');
/** 429: the limits by address or person. */
export const rateLimited = counter('rate_limited');
/** Every other refusal, which no client should see. */
export const refused = counter('refused');
/** 401, or a socket closed with 1008 and no new ticket. */
export const signedOut = counter('signed_out');

export const visits = counter('visits');
/** Mistakes of this program, so that they cannot pass as success. */
export const scriptErrors = counter('script_errors');

export const timeToFirstToken = times('time_to_first_token');
export const timeToFirstByte = times('time_to_first_byte');
export const tokenGap = times('token_gap');
export const answerDuration = times('answer_duration');
/** From a lost connection to the next sign of life of its answer. */
export const interruption = times('interruption');
export const listDuration = times('list_duration');

/** The counters under the names that they have in the summary. */
export const counts = /** @type {const} */ ({
  started: 'answers_started',
  completed: 'answers_completed',
  failed: 'answers_failed',
  lost: 'answers_lost',
  exact: 'answers_exact',
  mismatches: 'text_mismatch',
  notCompared: 'not_compared',
  duplicates: 'duplicates',
  resumed: 'resumed',
  cuts: 'cuts',
  reconnects: 'reconnects',
  repeats: 'repeats',
  serverErrors: 'unexpected_status',
  askedToWait: 'asked_to_wait',
  rateLimited: 'rate_limited',
  refused: 'refused',
  signedOut: 'signed_out',
  visits: 'visits',
  scriptErrors: 'script_errors',
});

export const durations = /** @type {const} */ ({
  firstToken: 'time_to_first_token',
  firstByte: 'time_to_first_byte',
  gap: 'token_gap',
  answer: 'answer_duration',
  interruption: 'interruption',
  lists: 'list_duration',
});
