/**
 * Every error that can reach a client, by its stable code: HTTP bodies, SSE `error` events, WebSocket `error` frames
 * and the `error` of a failed answer all use these. `status` is the HTTP status where the error answers a request.
 */
export const errorCodes = {
  invalid_request: { status: 400, says: 'The request does not fit its schema; `details` lists what is wrong.' },
  invalid_cursor: { status: 400, says: 'The cursor is not one that this list gave out.' },
  invalid_frame: { status: 400, says: 'The WebSocket frame is not JSON or does not fit its schema.' },
  unauthenticated: { status: 401, says: 'No token came with the request, or it is not one of ours.' },
  session_expired: { status: 401, says: 'The session has ended; sign in again.' },
  wrong_credentials: { status: 401, says: 'The e-mail address or the password is wrong.' },
  account_disabled: { status: 403, says: 'An administrator has disabled this account.' },
  registration_closed: { status: 403, says: 'Nobody can register here, or only with an invitation.' },
  guests_closed: { status: 403, says: 'Guests are not admitted here; sign in.' },
  link_invalid: { status: 400, says: 'The link is unknown, used or too old; ask for another.' },
  common_password: { status: 400, says: 'The password is one of the most common; choose another.' },
  forbidden: { status: 403, says: 'The principal may not do this, or its API key was not made for it.' },
  not_found: { status: 404, says: 'There is no such thing, or it belongs to someone else.' },
  unknown_model: { status: 400, says: 'The model is not one of `GET /api/models`.' },
  conflict: { status: 409, says: 'Something with this key exists already.' },
  answer_running: { status: 409, says: 'The conversation has an answer under way; wait for it or stop it.' },
  message_id_reused: { status: 409, says: 'This clientMessageId was used for another message.' },
  not_retryable: { status: 409, says: 'Only an answer that failed, was interrupted or was stopped can be retried.' },
  last_administrator: {
    status: 409,
    says: 'Nobody else could administer then; make somebody else an administrator first.',
  },
  too_many_keys: { status: 409, says: 'A person has at most 20 API keys; end one first.' },
  too_many_items: {
    status: 409,
    says: 'A person keeps at most so many of these; the message says how many. Delete one first.',
  },
  range_not_satisfiable: { status: 416, says: 'The range lies beyond the end of the file.' },
  payload_too_large: { status: 413, says: 'The body or frame is larger than allowed.' },
  document_too_large: { status: 413, says: 'What should be stored is larger than a document may be.' },
  unsupported_media_type: { status: 415, says: 'The body is not of a content type that this route reads.' },
  too_many_subscriptions: { status: 429, says: 'A socket follows at most 50 answers at a time.' },
  too_many_streams: {
    status: 429,
    says: 'This person has as many connections open as allowed; close one first.',
  },
  rate_limited: {
    status: 429,
    says: 'Too many requests came from one address or person; wait as long as Retry-After says.',
  },
  too_many_answers: {
    status: 429,
    says: 'This person has as many answers under way as allowed; wait for one or stop it.',
  },
  budget_spent: {
    status: 429,
    says: 'What is left of the budget does not cover this answer; the message says when there is more.',
  },
  internal: { status: 500, says: 'Something went wrong on our side; the trace ID finds it in the logs.' },
  store_unavailable: { status: 503, says: 'The database cannot be reached; nothing was accepted, send again.' },
  too_busy: { status: 503, says: 'This process is at its limit; try again shortly.' },
  draining: { status: 503, says: 'This process is stopping; connect again.' },
  model_auth_failed: { status: 502, says: 'The model provider refused the API key.' },
  model_rate_limited: { status: 502, says: 'The model provider limits requests right now.' },
  model_rejected: { status: 502, says: 'The model provider refused the request.' },
  model_timeout: { status: 504, says: 'The model did not answer in time, or fell silent.' },
  model_unavailable: { status: 502, says: 'The model provider cannot be reached or failed.' },
  model_bad_reply: { status: 502, says: 'The model provider sent something that is not an answer.' },
  context_exceeded: { status: 400, says: 'The message is longer than the model can read.' },
  answer_too_long: { status: 502, says: 'The answer or story reached the longest run or output allowed.' },
  moderation_unavailable: {
    status: 502,
    says: 'Nothing could judge whether the story is fit for children; it was not sent.',
  },
  story_unsafe: { status: 502, says: 'The story was not fit for children, and neither was another one in its place.' },
  story_malformed: { status: 502, says: 'The model did not write the story in the form that was asked for, twice.' },
  answer_interrupted: { status: 502, says: 'The answer or story was cut off by repeated failures on our side.' },
} as const satisfies Record<string, { status: number; says: string }>;

export type ErrorCode = keyof typeof errorCodes;

export const errorCodeNames = Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]];
