import { isIP, isIPv6 } from 'node:net';
import { quote } from '#platform/config/setting-reader.ts';

/** https://www.cloudflare.com/ips/ */
const cloudflare = [
  '173.245.48.0/20',
  '103.21.244.0/22',
  '103.22.200.0/22',
  '103.31.4.0/22',
  '141.101.64.0/18',
  '108.162.192.0/18',
  '190.93.240.0/20',
  '188.114.96.0/20',
  '197.234.240.0/22',
  '198.41.128.0/17',
  '162.158.0.0/15',
  '104.16.0.0/13',
  '104.24.0.0/14',
  '172.64.0.0/13',
  '131.0.72.0/22',
  '2400:cb00::/32',
  '2606:4700::/32',
  '2803:f800::/32',
  '2405:b500::/32',
  '2405:8100::/32',
  '2a06:98c0::/29',
  '2c0f:f248::/32',
];

export const isAddress = (value: string): boolean => isIP(value) !== 0 && !value.includes('%');

/** An address as it stands before a port. */
export const bracketed = (address: string): string => (isIPv6(address) ? `[${address}]` : address);

function isNetwork(value: string): boolean {
  const [address = '', length, ...rest] = value.split('/');
  if (rest.length > 0 || !isAddress(address)) return false;
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (isIPv6(address) ? 128 : 32));
}

/** Reads networks, each once; `cloudflare` stands for its own. */
export function readNetworks(parts: readonly string[]): {
  readonly networks: readonly string[];
  readonly problems: readonly string[];
} {
  const all = parts.flatMap((part) => (part.toLowerCase() === 'cloudflare' ? cloudflare : [part]));
  const problems = all
    .filter((part) => !isNetwork(part))
    .map((part) => `${quote(part)} is neither a network such as 10.0.0.0/8 nor the word cloudflare.`);
  // A proxy that is everybody would make the client's address whatever the client says.
  const everybody = all.filter((part) => isNetwork(part) && part.endsWith('/0'));
  problems.push(...everybody.map((part) => `${quote(part)} is everybody. Write the networks of your proxies alone.`));
  return { networks: [...new Set(all)], problems };
}

interface HostPort {
  readonly address: string;
  /** Whether somebody has to resolve it. */
  readonly isName: boolean;
}

/** Reads `host:port` or `[2001:db8::1]:port`; undefined where it is neither. */
export function readHostPort(value: string): HostPort | undefined {
  const [, host = '', port = ''] = /^(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9._-]+):(\d{1,5})$/.exec(value) ?? [];
  if (Number(port) < 1 || Number(port) > 65_535) return undefined;
  // No name server knows this one.
  if (host === 'localhost') return { address: `127.0.0.1:${port}`, isName: false };
  const bare = host.replace(/^\[|\]$/g, '');
  if (host.startsWith('[') || /^[\d.]+$/.test(host)) {
    return isAddress(bare) ? { address: `${host}:${port}`, isName: false } : undefined;
  }
  return /^[a-zA-Z0-9_]/.test(host) ? { address: `${host}:${port}`, isName: true } : undefined;
}

/** A name server as Nginx writes it; undefined where it is no address. */
export function resolverAddress(value: string): string | undefined {
  // `fe80::1%eth0`: Nginx knows no zones.
  if (isAddress(value)) return bracketed(value);
  const read = readHostPort(value);
  return read && !read.isName ? read.address : undefined;
}
