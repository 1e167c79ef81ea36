import { map, quoted } from './quoting.ts';

/** A variable that letters or digits follow. */
const braced = (name: string): string => `\${${name}}`;

/** What stands in the log as a number must be one: Nginx has `000` for no status, and seconds for nanoseconds. */
const maps = [
  map('$status', '$edge_status', [
    ['default', '$status'],
    ['~^0', '0'],
  ]),
  map('$status', '$edge_outcome', [
    ['default', 'success'],
    ['~^5', 'failure'],
    ['~^(0|499)', 'unknown'],
  ]),
  map('$request_time', '$edge_duration', [
    ['default', '0'],
    ['~^0\\.0*(?<edge_millis>[1-9][0-9]*)$', `${braced('edge_millis')}000000`],
    [
      '~^(?<edge_seconds>[1-9][0-9]*)\\.(?<edge_fraction>[0-9]{3})$',
      `${braced('edge_seconds')}${braced('edge_fraction')}000000`,
    ],
  ]),
  '# An error that is found early is answered as if by GET; what came is in the request line.',
  map('$request', '$edge_method', [
    ['default', '$request_method'],
    ['~^(?<edge_asked_method>[A-Z]+) ', '$edge_asked_method'],
  ]),
  '# The query holds tickets and what people search for; bytes that are no UTF-8 would break the line.',
  map('$request_uri', '$edge_path', [
    ['default', ''],
    ['~^(?<edge_plain_path>[!-"$->@-~]+)', '$edge_plain_path'],
  ]),
  map('$http_user_agent', '$edge_user_agent', [
    ['default', ''],
    ['~^(?<edge_plain_agent>[ -~]{1,300})', '$edge_plain_agent'],
  ]),
];

const fields: ReadonlyArray<readonly [string, string]> = [
  ['@timestamp', '"$time_iso8601"'],
  ['ecs.version', '"8.11.0"'],
  ['log.level', '"info"'],
  ['message', '"$edge_method $edge_path $edge_status"'],
  ['service.name', '"lamplight-edge"'],
  ['event.dataset', '"lamplight-edge.access"'],
  ['event.action', '"http_request"'],
  ['event.outcome', '"$edge_outcome"'],
  ['event.duration', '$edge_duration'],
  ['trace.id', '"$edge_trace_id"'],
  ['http.version', '"$server_protocol"'],
  ['http.request.method', '"$edge_method"'],
  ['http.request.bytes', '$request_length'],
  ['http.response.status_code', '$edge_status'],
  ['http.response.body.bytes', '$body_bytes_sent'],
  ['url.domain', '"$server_name"'],
  ['url.path', '"$edge_path"'],
  ['source.address', '"$remote_addr"'],
  ['user_agent.original', '"$edge_user_agent"'],
  ['tls.version', '"$ssl_protocol"'],
  ['upstream.address', '"$upstream_addr"'],
  ['upstream.status', '"$upstream_status"'],
  ['upstream.response_time', '"$upstream_response_time"'],
];

/** The format `ecs`: a line of JSON with the names of the Elastic Common Schema. */
export function accessLog(): string {
  const pieces = fields.map(([name, value], index) => `${index === 0 ? '{' : ','}"${name}":${value}`);
  const lines = [...pieces, '}'].map((piece) => `    '${piece}'`).join('\n');
  return [...maps, `log_format ecs escape=json\n${lines};\n`].join('\n');
}

export const accessLogTo = (target: string): string =>
  target === 'off' ? 'access_log off;' : `access_log ${quoted(target)} ecs;`;
