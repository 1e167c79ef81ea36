import type { ErrorCode } from './error-codes.ts';
import type { Route } from './route.ts';

const always = ['invalid_request', 'internal', 'store_unavailable', 'rate_limited', 'too_busy', 'draining'] as const;
const ofSession = ['unauthenticated', 'session_expired', 'account_disabled', 'forbidden'] as const;
/** A page of another origin must not use the browser's cookie. */
const ofCookie = ['forbidden'] as const;
const ofBody = ['unsupported_media_type', 'payload_too_large'] as const;

/** Every error code that a route can answer: its own, and those that follow from what it takes. */
export const possibleErrors = (route: Route): ErrorCode[] => [
  ...new Set<ErrorCode>([
    ...always,
    ...(route.auth === 'none' ? [] : ofSession),
    ...(route.cookie ? ofCookie : []),
    ...(route.body || route.file ? ofBody : []),
    ...(route.errors ?? []),
  ]),
];
