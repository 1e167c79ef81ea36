import type { EdgeSettings } from '../settings.ts';
import { map, quoted } from './quoting.ts';

/** The web app: what services/platform/http/security-headers.ts says, with the API host as a place to connect to. */
const pagePolicy = ({ main, api }: EdgeSettings): string => {
  const connect = ["'self'", ...(api ? [api.origin, api.origin.replace(/^http/, 'ws')] : [])];
  // Files of chats are the API's, too.
  const files = api ? `${api.origin} ` : '';
  return [
    "default-src 'self'",
    "script-src 'self'",
    "script-src-attr 'none'",
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' ${files}data: blob:`,
    `media-src 'self' ${files}blob:`,
    "font-src 'self'",
    `connect-src ${connect.join(' ')}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(main.scheme === 'https' ? ['upgrade-insecure-requests'] : []),
  ].join(';');
};

/** Swagger UI, as services/platform/http/docs-routes.ts has it. */
const docsPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Files that people gave us or that were made for them, as services/platform/http/send-media.ts has it. */
const mediaPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";
const mediaPaths = '/api/(media/|characters/[^/]+/picture$)';

/** Over plain HTTP, HSTS has no meaning; where TLS ends in front of the edge, the people's side is what counts. */
const hsts = ({ main, tls }: EdgeSettings): string => {
  const value = 'max-age=31536000; includeSubDomains';
  if (main.scheme === 'http') return map('$scheme', '$edge_hsts', [['default', '']]);
  return map('$scheme', '$edge_hsts', [['default', value], ...(tls ? ([['http', '']] as const) : [])]);
};

export const headerMaps = (settings: EdgeSettings): string =>
  [
    map('$uri', '$edge_content_policy', [
      ['default', pagePolicy(settings)],
      ['~^/(docs(/|$)|api/openapi\\.json$)', docsPolicy],
      [`~^${mediaPaths}`, mediaPolicy],
    ]),
    hsts(settings),
    '# The page of the main host may show what the API host serves; what a signed address leads to, anybody.',
    map('"$server_name $uri"', '$edge_resource_policy', [
      ['default', 'same-origin'],
      [`~ ${mediaPaths}`, 'cross-origin'],
      ...(settings.api ? [[`~^${settings.api.name.replaceAll('.', '\\.')} `, 'same-site'] as const] : []),
    ]),
  ].join('\n');

const securityHeaders: ReadonlyArray<readonly [string, string]> = [
  ['Content-Security-Policy', '$edge_content_policy'],
  ['Strict-Transport-Security', '$edge_hsts'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', '$edge_resource_policy'],
  ['Origin-Agent-Cluster', '?1'],
  ['Referrer-Policy', 'no-referrer'],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-DNS-Prefetch-Control', 'off'],
  ['X-Frame-Options', 'DENY'],
];

const corsHeaders: ReadonlyArray<readonly [string, string]> = [
  ['Access-Control-Allow-Origin', '$edge_cors_origin'],
  ['Access-Control-Allow-Credentials', '$edge_cors_credentials'],
  ['Access-Control-Expose-Headers', '$edge_cors_exposed'],
  ['Access-Control-Allow-Methods', '$edge_cors_methods'],
  ['Access-Control-Allow-Headers', '$edge_cors_headers'],
  ['Access-Control-Max-Age', '$edge_cors_max_age'],
  ['Vary', '$edge_vary'],
];

/** What a service might say of these matters is the edge's to say, or nobody's. */
const cleared = [
  'Access-Control-*',
  'Content-Security-Policy-Report-Only',
  'Cross-Origin-Embedder-Policy',
  'Permissions-Policy',
  'Timing-Allow-Origin',
  'Server',
  'X-Powered-By',
  'X-XSS-Protection',
];

/**
 * Included once, in `http`. `more_set_headers` acts on every reply whatever its status and, unlike `add_header`, is not
 * lost where a location sets headers of its own. A header whose value is empty is taken away.
 */
export const headersInclude = (): string =>
  [
    ...cleared.map((name) => `more_clear_headers ${quoted(name)};`),
    ...[...securityHeaders, ...corsHeaders, ['X-Trace-Id', '$edge_trace_id'] as const].map(
      ([name, value]) => `more_set_headers ${quoted(`${name}: ${value}`)};`,
    ),
    '',
  ].join('\n');
