import type { EdgeSettings } from '../settings.ts';
import { indented, map } from './quoting.ts';

/** Who the client is: whom it speaks for where it is a proxy that we trust, and otherwise itself. */
export function clientAddress({ trustedProxies, main, tls }: EdgeSettings): string {
  const networks = trustedProxies.map((network) => `set_real_ip_from ${network};`);
  const trusted = indented(['default 0;', ...trustedProxies.map((network) => `${network} 1;`)]);
  return [
    ...(networks.length > 0 ? [...networks, 'real_ip_header X-Forwarded-For;', 'real_ip_recursive on;', ''] : []),
    `geo $realip_remote_addr $edge_from_proxy {\n${trusted}\n}\n`,
    map('"$edge_from_proxy $http_x_forwarded_proto"', '$edge_proto', [
      // Without TLS here, the address that people type says what is in front.
      ['default', tls ? '$scheme' : main.scheme],
      ['~^1 https$', 'https'],
      ['~^1 http$', 'http'],
    ]),
  ].join('\n');
}

/** Limits by client address; of IPv6 by the network of one customer, who has 2^64 addresses. */
export function limitZones({ requestsPerSecond, connectionsPerAddress }: EdgeSettings): string {
  const zones = [
    ...(requestsPerSecond > 0
      ? [`limit_req_zone $edge_client zone=edge_requests:10m rate=${requestsPerSecond}r/s;`]
      : []),
    ...(connectionsPerAddress > 0 ? ['limit_conn_zone $edge_client zone=edge_connections:10m;'] : []),
    'limit_req_status 429;',
    'limit_conn_status 429;',
  ];
  const client = map('$remote_addr', '$edge_client', [
    ['default', '$remote_addr'],
    ['~^::', '$remote_addr'],
    ['~^(?<edge_network>(?:[0-9a-f]+:){4})', '$edge_network'],
    ['~^(?<edge_short_network>[0-9a-f:]+)::', '$edge_short_network'],
  ]);
  return [client, ...zones, ''].join('\n');
}

/** The limits themselves, for what the services answer. */
export const limits = ({ requestsPerSecond, connectionsPerAddress }: EdgeSettings): string[] => [
  ...(requestsPerSecond > 0 ? [`limit_req zone=edge_requests burst=${requestsPerSecond * 4} nodelay;`] : []),
  ...(connectionsPerAddress > 0 ? [`limit_conn edge_connections ${connectionsPerAddress};`] : []),
];
