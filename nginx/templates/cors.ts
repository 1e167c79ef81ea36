import { corsExposedHeaders } from '#platform/http/cors-exposed-headers.ts';
import { originPattern } from '../origins.ts';
import type { EdgeSettings } from '../settings.ts';
import { map } from './quoting.ts';

export const corsMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
export const corsRequestHeaders = [
  'Authorization',
  'Content-Type',
  'X-Trace-Id',
  'traceparent',
  'tracestate',
  'Last-Event-ID',
];
const maxAgeSeconds = 600;

/**
 * What each CORS header says, as variables that are empty where the origin is not listed: an empty header is not sent. An
 * origin is compared whole and with regard to case, so what goes back is one of the list, never just what came.
 */
export function corsMaps({ allowedOrigins }: EdgeSettings): string {
  const listed = allowedOrigins.map((allowed) => [`~${originPattern(allowed)}`, '$http_origin'] as const);
  const whereListed = (variable: string, value: string) =>
    map('$edge_cors_origin', variable, [
      ['default', value],
      ['', ''],
    ]);
  const whereAsked = (variable: string, value: string) =>
    map('"$request_method $edge_cors_origin"', variable, [
      ['default', ''],
      ['~^OPTIONS .', value],
    ]);
  return [
    '# The one list of origins whose pages may call the API.',
    map('$http_origin', '$edge_cors_origin', [['default', ''], ...listed]),
    whereListed('$edge_cors_credentials', 'true'),
    whereListed('$edge_cors_exposed', corsExposedHeaders.join(', ')),
    whereAsked('$edge_cors_methods', corsMethods.join(', ')),
    whereAsked('$edge_cors_headers', corsRequestHeaders.join(', ')),
    whereAsked('$edge_cors_max_age', String(maxAgeSeconds)),
    '# Whatever else the reply of a service varies by stays.',
    map('$upstream_http_vary', '$edge_vary', [
      ['default', '$upstream_http_vary, Origin'],
      ['', 'Origin'],
      ['~*(^|[, ])origin([, ]|$)', '$upstream_http_vary'],
    ]),
  ].join('\n');
}
