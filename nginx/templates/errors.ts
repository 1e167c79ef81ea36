import type { ErrorCode } from '#contract/error-codes.ts';

interface EdgeError {
  /** What Nginx found, among them codes of its own such as 494: a header that is too large. */
  readonly found: readonly number[];
  /** Nginx may find it before it knows the path, and then cannot go to a named location. */
  readonly early?: true;
  /** What the client gets. */
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** What Nginx says itself. Statuses that come from a service pass through with the service's own words. */
const errors: readonly EdgeError[] = [
  { found: [400], early: true, status: 400, code: 'invalid_request', message: 'The request is not well formed.' },
  { found: [497], early: true, status: 400, code: 'invalid_request', message: 'This port speaks HTTPS.' },
  { found: [403, 404], status: 404, code: 'not_found', message: 'There is nothing at this address.' },
  { found: [405, 501], status: 405, code: 'invalid_request', message: 'This method is not one that this address has.' },
  {
    found: [505],
    early: true,
    status: 505,
    code: 'invalid_request',
    message: 'This version of HTTP is not spoken here.',
  },
  { found: [408], status: 408, code: 'invalid_request', message: 'The request took too long to arrive.' },
  { found: [411], status: 411, code: 'invalid_request', message: 'The request does not say how long it is.' },
  { found: [413], status: 413, code: 'payload_too_large', message: 'The body is larger than this takes.' },
  {
    found: [414],
    early: true,
    status: 414,
    code: 'payload_too_large',
    message: 'The address is longer than this takes.',
  },
  { found: [421], status: 421, code: 'invalid_request', message: 'This host is not one that is served here.' },
  {
    found: [429],
    status: 429,
    code: 'rate_limited',
    message: 'Too many requests came from this address; wait a moment.',
    retryAfter: 1,
  },
  {
    found: [431, 494],
    early: true,
    status: 431,
    code: 'payload_too_large',
    message: 'The headers of the request are too large.',
  },
  {
    found: [500],
    status: 500,
    code: 'internal',
    message: 'Something went wrong on our side. Report it with the trace ID.',
  },
  {
    found: [502, 503, 504],
    status: 503,
    code: 'too_busy',
    message: 'This part of the service cannot be reached right now; try again shortly.',
    retryAfter: 2,
  },
];

/** Paths of no client: their locations are internal. */
export const errorPaths = '/edge-error/';

const placeOf = ({ found, early }: EdgeError): string => (early ? errorPaths + found[0] : `@edge_${found[0]}`);

/** For `http`: no location says `error_page` itself, so none loses these. */
export const errorPages = (): string =>
  errors.map((error) => `error_page ${error.found.join(' ')} =${error.status} ${placeOf(error)};`).join('\n');

/** The places that `errorPages` names; included in every server. */
export const errorLocations = (): string =>
  errors
    .map((error) => {
      const { status, code, message, retryAfter } = error;
      const body = JSON.stringify({ error: { code, message, traceId: '$edge_trace_id' } });
      return [
        `location ${error.early ? '= ' : ''}${placeOf(error)} {`,
        '    internal;',
        // Or `/none.js` would decide of what type its error is.
        '    types { }',
        '    default_type "application/json; charset=utf-8";',
        '    more_set_headers "Cache-Control: no-store";',
        ...(retryAfter === undefined ? [] : [`    more_set_headers "Retry-After: ${retryAfter}";`]),
        `    return ${status} '${body}';`,
        '}',
      ].join('\n');
    })
    .join('\n\n')
    .concat('\n');
