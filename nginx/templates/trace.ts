import { map } from './quoting.ts';

/**
 * The trace of a request, well-formed by the same rules as in services/platform/telemetry/trace.ts: that of `traceparent`,
 * else `X-Trace-Id`, else a new one.
 */
export const traceMaps = (): string =>
  [
    map('$http_traceparent', '$edge_given_trace', [
      ['default', ''],
      [
        '~^(?!ff)[0-9a-f]{2}-(?!0{32})(?<edge_parent_trace>[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$',
        '$edge_parent_trace',
      ],
    ]),
    map('$http_x_trace_id', '$edge_asked_trace', [
      ['default', '$request_id'],
      ['~^(?!0{32})[0-9a-f]{32}$', '$http_x_trace_id'],
    ]),
    map('$edge_given_trace', '$edge_trace_id', [
      ['default', '$edge_given_trace'],
      ['', '$edge_asked_trace'],
    ]),
    map('$request_id', '$edge_span_id', [
      ['default', ''],
      ['~^(?<edge_span>.{16})', '$edge_span'],
    ]),
    map('$edge_given_trace', '$edge_traceparent', [
      ['default', '$http_traceparent'],
      ['', '00-$edge_trace_id-$edge_span_id-01'],
    ]),
    '# It belongs to the traceparent that it came with.',
    map('$edge_given_trace', '$edge_tracestate', [
      ['default', '$http_tracestate'],
      ['', ''],
    ]),
  ].join('\n');
