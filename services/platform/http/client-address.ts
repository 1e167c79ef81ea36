import type { IncomingMessage } from 'node:http';
import { isIP, isIPv4 } from 'node:net';
import { all as addressesOf, compile } from 'proxy-addr';

/** The network address of whoever asks; empty where the connection is gone already. */
export type ClientAddress = (req: IncomingMessage) => string;

/**
 * Reads `X-Forwarded-For` from its end, for as long as those who wrote it are `trustedProxies`; the first address that is not one
 * of them is the client's. Nobody trusted: the address of the connection, whatever the header says. `onIgnored` is called once, when a
 * header comes from somebody who is not trusted: behind a proxy that is a mistake, since all people then have one address.
 */
export function clientAddresses(trustedProxies: readonly string[], onIgnored: () => void = () => {}): ClientAddress {
  const trust = trustedProxies.length === 0 ? () => false : compile([...trustedProxies]);
  let told = false;
  return (req) => {
    if (!told && req.headers['x-forwarded-for'] !== undefined && !trust(req.socket.remoteAddress ?? '', 0)) {
      told = true;
      onIgnored();
    }
    const known = addressesOf(req, trust).map((address) => canonicalAddress(address ?? ''));
    // What a proxy wrote and is no address says nothing; the proxy itself is the last that is known.
    return known.findLast((address) => address !== undefined) ?? '';
  };
}

/** One spelling for each address: without port and zone, IPv4 also where it came as IPv6, IPv6 as RFC 5952 has it. Undefined: it is none. */
function canonicalAddress(text: string): string | undefined {
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = bare.split('%', 1)[0] ?? '';
  if (isIP(address) === 0) return undefined;
  if (isIPv4(address)) return address;
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(compressed(address));
  if (!mapped) return compressed(address);
  const bits = Number.parseInt(mapped[1] ?? '', 16) * 0x10000 + Number.parseInt(mapped[2] ?? '', 16);
  return [24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256).join('.');
}

const compressed = (address: string): string => new URL(`http://[${address}]`).hostname.slice(1, -1);

/**
 * What an address is limited by: of IPv6 the network of one customer (/64), who has 2^64 addresses in it. Takes what `ClientAddress`
 * gives.
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [before = '', after = ''] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const [front, back] = [groups(before), groups(after)];
  const zeros = address.includes('::') ? Array<string>(8 - front.length - back.length).fill('0') : [];
  return `${[...front, ...zeros, ...back].slice(0, 4).join(':')}::/64`;
}
