import type { EdgeSettings } from '../settings.ts';
import type { Upstream } from '../variable-reader.ts';
import { indented, map, quoted } from './quoting.ts';

/** The host as a service learns it: that of the site, with its port, whatever the request wrote. */
export const hostMap = ({ main, api }: EdgeSettings): string =>
  map('$server_name', '$edge_host', [['default', main.host], ...(api ? [[api.name, api.host] as const] : [])]);

/** For `http`: what holds for every request that goes to a service. */
export const proxyDefaults = (): string => `proxy_http_version 1.1;
proxy_connect_timeout 3s;
proxy_send_timeout 30s;
proxy_read_timeout 60s;
proxy_buffer_size 16k;
proxy_buffers 8 16k;
proxy_busy_buffers_size 32k;
# Nothing of a reply goes to a disk: a slow reader holds up the service that answers it, not the others.
proxy_max_temp_file_size 0;
# A service may ask for its reply not to be gathered (X-Accel-Buffering), and for nothing else.
proxy_ignore_headers X-Accel-Redirect X-Accel-Expires X-Accel-Limit-Rate X-Accel-Charset;

# Another address is asked where one cannot be reached. What was sent already and may not be repeated (POST, PATCH) is not;
# and what came to nothing after this time is not asked for again, so that no slow request is made twice.
proxy_next_upstream error timeout;
proxy_next_upstream_tries 3;
proxy_next_upstream_timeout 10s;

# A service learns of the client what the edge knows, and nothing that the client claims.
proxy_set_header Host $edge_host;
proxy_set_header X-Forwarded-For $remote_addr;
proxy_set_header X-Forwarded-Proto $edge_proto;
proxy_set_header X-Forwarded-Host $edge_host;
proxy_set_header X-Forwarded-Port "";
proxy_set_header X-Forwarded-Server "";
proxy_set_header X-Real-IP "";
proxy_set_header X-Client-IP "";
proxy_set_header X-Original-URL "";
proxy_set_header X-Rewrite-URL "";
proxy_set_header X-HTTP-Method-Override "";
proxy_set_header True-Client-IP "";
proxy_set_header CF-Connecting-IP "";
proxy_set_header Forwarded "";
proxy_set_header Proxy "";
proxy_set_header traceparent $edge_traceparent;
proxy_set_header tracestate $edge_tracestate;
proxy_set_header X-Trace-Id $edge_trace_id;

# Compression happens here, once, and never to events.
proxy_set_header Accept-Encoding "";
# Only sockets may become something else.
proxy_set_header Upgrade $edge_upgrade;
proxy_set_header Connection $edge_connection;
`;

const groupOf = (name: string) => `lamplight_${name}`;

/** Addresses that do not change are a group; a name is resolved while Nginx runs, since it is in a variable. */
export const upstreamGroups = ({ apiUpstream, realtimeUpstream }: EdgeSettings): string =>
  Object.entries({ api: apiUpstream, realtime: realtimeUpstream })
    .filter(([, upstream]) => !upstream.isName)
    .map(
      ([name, { addresses }]) =>
        `upstream ${groupOf(name)} {\n${indented(addresses.map((address) => `server ${address} max_fails=0;`))}\n}\n`,
    )
    .join('\n');

export const passTo = (name: 'api' | 'realtime', upstream: Upstream): string[] =>
  upstream.isName
    ? [`set $edge_${name} ${quoted(upstream.addresses[0] ?? '')};`, `proxy_pass http://$edge_${name};`]
    : [`proxy_pass http://${groupOf(name)};`];
