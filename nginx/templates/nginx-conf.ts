import type { EdgeSettings } from '../settings.ts';
import { accessLog, accessLogTo } from './access-log.ts';
import { clientAddress, limitZones } from './client.ts';
import { corsMaps } from './cors.ts';
import { errorPages, errorPaths } from './errors.ts';
import { headerMaps } from './headers.ts';
import { hostMap, proxyDefaults, upstreamGroups } from './proxy.ts';
import { map } from './quoting.ts';
import { traceMaps } from './trace.ts';
import { pageCacheMap, robotsMap } from './web-locations.ts';

/** Where Debian's packages put them. */
export const modules = [
  'ngx_http_headers_more_filter_module',
  'ngx_http_brotli_filter_module',
  'ngx_http_brotli_static_module',
].map((name) => `/usr/lib/nginx/modules/${name}.so`);

/** Never `text/event-stream`: a compressor gathers what should leave at once. */
const compressed = [
  'application/javascript',
  'application/json',
  'application/manifest+json',
  'image/svg+xml',
  'text/css',
  'text/javascript',
  'text/plain',
].join(' ');

const types = `types {
    text/html html;
    text/css css;
    text/plain txt;
    application/javascript js mjs;
    application/json json map;
    application/manifest+json webmanifest;
    application/wasm wasm;
    font/woff2 woff2;
    font/woff woff;
    image/svg+xml svg;
    image/png png;
    image/jpeg jpg jpeg;
    image/webp webp;
    image/x-icon ico;
}`;

const requestMaps = [
  '# What a browser navigates to. `/` is the page whoever asks.',
  map('$http_accept', '$edge_navigated', [
    ['default', '/.no-page'],
    ['~*text/html', '/index.html'],
  ]),
  map('$uri', '$edge_page', [
    ['default', '$edge_navigated'],
    ['/', '/index.html'],
  ]),
  '# A path that can be read in two ways must not mean one thing here and another in a service. What came holds no space.',
  map('"$request_uri $uri"', '$edge_odd_path', [
    ['default', '0'],
    [`~^[^ ]* ${errorPaths}[0-9]+$`, '0'],
    ['~*^[^? ]*(%2f|%5c|%00|//|/(\\.|%2e){1,2}([/? ]))', '1'],
  ]),
  '# Hidden files, and what is for operators alone.',
  map('$uri', '$edge_hidden', [
    ['default', '0'],
    ['~/\\.(?!well-known/acme-challenge/)', '1'],
    ['~*^/(metrics|livez|readyz|grafana)(/|$)', '1'],
  ]),
  map('"$uri $http_upgrade"', '$edge_upgrade', [
    ['default', ''],
    ['~*^/ws(/[^ ]*)? websocket$', 'websocket'],
  ]),
  map('$edge_upgrade', '$edge_connection', [
    ['default', 'upgrade'],
    ['', 'close'],
  ]),
].join('\n');

/** The whole configuration; the other files are included by it. */
export const nginxConf = (
  settings: EdgeSettings,
): string => `# Rendered from the settings of the edge; see docs/edge.md. Changes made here are lost.
${modules.map((file) => `load_module ${file};`).join('\n')}
${settings.user ? `user ${settings.user};\n` : ''}
pid ${settings.runDirectory}/nginx.pid;
worker_processes ${settings.workers};
worker_rlimit_nofile 16384;
# Streams and sockets outlive a reload by this much, then their clients connect again and go on where they were.
worker_shutdown_timeout 30s;
error_log stderr warn;

events {
    worker_connections 7168;
}

http {
    # A line of this log about a request holds its query, and so a ticket. What fails is in the access log as well.
    error_log stderr crit;
    include http.conf;
${settings.tls ? '    # Here, since a handshake begins by the rules of the default server, whatever name it asks for.\n    include tls.conf;\n' : ''}    include servers.conf;
}
`;

export const httpConf = (settings: EdgeSettings): string => {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${settings.runDirectory}/nginx_${name};`,
  );
  return `${temporary.join('\n')}

${types}
default_type application/octet-stream;
charset utf-8;
charset_types text/css text/plain application/javascript application/json application/manifest+json image/svg+xml;
server_tokens off;
sendfile on;
tcp_nopush on;
max_ranges 1;
map_hash_bucket_size 256;
server_names_hash_bucket_size 256;
variables_hash_max_size 2048;

client_header_timeout 10s;
client_body_timeout 15s;
send_timeout 60s;
keepalive_timeout 60s;
open_file_cache max=500 inactive=60s;
open_file_cache_valid 2s;
reset_timedout_connection on;
client_header_buffer_size 2k;
large_client_header_buffers 4 8k;
client_body_buffer_size 64k;
client_max_body_size 64k;

gzip on;
gzip_vary on;
gzip_proxied any;
gzip_min_length 1024;
gzip_comp_level 5;
gzip_types ${compressed};
gzip_static on;
brotli on;
brotli_min_length 1024;
brotli_comp_level 4;
brotli_types ${compressed};
brotli_static on;
${settings.resolvers.length > 0 ? `\nresolver ${settings.resolvers.join(' ')} valid=2s;\nresolver_timeout 3s;\n` : ''}
${clientAddress(settings)}
${limitZones(settings)}
${traceMaps()}
${requestMaps}
${corsMaps(settings)}
${headerMaps(settings)}
${accessLog()}
${accessLogTo(settings.accessLog)}
include headers.conf;
${errorPages()}

${hostMap(settings)}
${pageCacheMap()}
${robotsMap()}
${proxyDefaults()}
${upstreamGroups(settings)}`;
};
