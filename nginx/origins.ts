import { quote } from '#platform/config/setting-reader.ts';

/** One of the two sites that the edge serves. */
export interface Site {
  /** `chat.example.org`: what `server_name` compares. */
  readonly name: string;
  /** `chat.example.org:8443`: with the port where it is not the scheme's own. */
  readonly host: string;
  /** `https://chat.example.org:8443`. */
  readonly origin: string;
  readonly scheme: 'http' | 'https';
}

/** An entry of the allow-list: one origin, or those of one more label before a domain. */
export type AllowedOrigin =
  | { readonly kind: 'exact'; readonly origin: string }
  | { readonly kind: 'anchored'; readonly scheme: 'http' | 'https'; readonly domain: string };

const hostName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The parts of an origin as a browser would send it; else what is wrong, in words. */
export function exactOrigin(value: string): Site | string {
  const url = URL.parse(value);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    return 'is not an address with http:// or https://.';
  if (url.origin !== value) return 'is not just a scheme and a host in lower case.';
  if (!hostName.test(url.hostname)) return 'holds no host name.';
  return {
    name: url.hostname,
    host: url.host,
    origin: url.origin,
    scheme: url.protocol === 'https:' ? 'https' : 'http',
  };
}

/** Reads the parts of CORS_ORIGINS: `https://www.example.org`, or `https://*.example.org`. */
export function readAllowedOrigins(parts: readonly string[]): {
  readonly origins: readonly AllowedOrigin[];
  readonly problems: readonly string[];
} {
  const origins: AllowedOrigin[] = [];
  const problems: string[] = [];
  for (const part of new Set(parts)) {
    const read = exactOrigin(part.replace('://*.', '://'));
    if (typeof read === 'string') {
      problems.push(`${quote(part)} ${read} Write origins such as https://www.example.org or https://*.example.org.`);
    } else if (!part.includes('://*.')) {
      origins.push({ kind: 'exact', origin: read.origin });
    } else if (!read.name.includes('.') || /^[\d.]+$/.test(read.name)) {
      problems.push(`${quote(part)} would allow far too many. Write a domain of at least two labels after the star.`);
    } else {
      origins.push({ kind: 'anchored', scheme: read.scheme, domain: read.host });
    }
  }
  return { origins, problems };
}

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * The expression that this entry and nothing else matches, for a case-sensitive comparison: browsers send origins in lower
 * case. `\z`, not `$`, which would let a line break follow.
 */
export const originPattern = (allowed: AllowedOrigin): string =>
  allowed.kind === 'exact'
    ? `^${literally(allowed.origin)}\\z`
    : `^${allowed.scheme}://[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.${literally(allowed.domain)}\\z`;
