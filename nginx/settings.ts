import type { Environment } from '#platform/config/load-config.ts';
import { quote } from '#platform/config/setting-reader.ts';
import { isAddress, readHostPort, readNetworks, resolverAddress } from './addresses.ts';
import { type AllowedOrigin, exactOrigin, readAllowedOrigins } from './origins.ts';
import { edgeVariables, isServiceLink, type Variable, type VariableName } from './variables.ts';

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

/** Where one of the services is reached. */
export interface Upstream {
  /** `host:port`, one or several. A name is resolved while Nginx runs; several addresses stand as they are. */
  readonly addresses: readonly string[];
  readonly isName: boolean;
}

/** Everything that the configuration of the edge is made of. */
export interface EdgeSettings {
  readonly main: Site;
  readonly api: Site | undefined;
  readonly allowedOrigins: readonly AllowedOrigin[];
  /** Addresses to listen on; IPv6 ones without brackets. */
  readonly listen: readonly string[];
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly tls: boolean;
  readonly certificate: string;
  readonly certificateKey: string;
  /** Whether the certificate names an OCSP responder, whose answers are then stapled. */
  readonly stapling: boolean;
  readonly acmeRoot: string;
  readonly webRoot: string;
  readonly apiUpstream: Upstream;
  readonly realtimeUpstream: Upstream;
  readonly resolvers: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly maxFileMegabytes: number;
  /** By one client address; 0: no limit. */
  readonly requestsPerSecond: number;
  readonly connectionsPerAddress: number;
  readonly runDirectory: string;
  readonly accessLog: string;
  readonly workers: string;
  /** Whom Nginx's workers run as where its master is root. */
  readonly user: string | undefined;
}

/** What the settings depend on beside the environment. */
export interface Surroundings {
  /** The text of /etc/resolv.conf; empty where there is none. */
  readonly resolvConf: string;
  /** Whether the certificate in this file names an OCSP responder; false where there is no such file yet. */
  readonly namesResponder: (certificate: string) => boolean;
}

/** Every mistake at once, each as `VARIABLE: what is wrong and what to write`. */
export class EdgeSettingsError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`These settings of the edge are not right:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'EdgeSettingsError';
    this.problems = problems;
  }
}

/** The settings in `env`, or one `EdgeSettingsError`. */
export function readEdgeSettings(env: Environment, surroundings: Surroundings): EdgeSettings {
  const problems: string[] = [];
  const add = (name: VariableName, problem: string): void => {
    problems.push(`${name}: ${problem}`);
  };
  const text = (name: VariableName): string => env[name]?.trim() || edgeVariables[name].default;
  problems.push(...unknownNames(env));

  const integer = (name: VariableName, min: number, max: number): number => {
    const value = text(name);
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    add(name, `${quote(value)} is not a whole number from ${min} to ${max}.`);
    return min;
  };
  const path = (name: VariableName): string => {
    const value = text(name);
    // What has a meaning in Nginx's configuration has no place in a path of ours.
    if (/^\/[\w./@+-]*$/.test(value)) return value.replace(/(?<=.)\/+$/, '');
    add(name, `${quote(value)} is not an absolute path of letters, digits and ./_@+- alone.`);
    return '/';
  };
  const word = (name: VariableName, form: RegExp, says: string): string => {
    const value = text(name);
    if (!form.test(value)) add(name, `${quote(value)} ${says}`);
    return value;
  };
  const list = (name: VariableName): string[] =>
    text(name)
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  const site = (name: VariableName): Site | undefined => {
    const read = exactOrigin(text(name).replace(/\/$/, ''));
    if (typeof read !== 'string') return read;
    add(name, `${quote(text(name))} ${read} Write for example ${(edgeVariables[name] as Variable).example}.`);
    return undefined;
  };
  const upstream = (name: VariableName): Upstream => {
    const read = list(name).map((part) => readHostPort(part));
    if (read.length === 0 || read.includes(undefined)) {
      add(name, `${quote(text(name))} is not host:port. Write for example ${edgeVariables[name].default}.`);
    }
    const found = read.filter((each) => each !== undefined);
    const names = found.filter((each) => each.isName);
    if (names.length > 0 && found.length > 1) {
      add(name, 'holds several parts, one of them a name. Write one name, or addresses alone.');
    }
    return { addresses: found.map((each) => each.address), isName: names.length > 0 };
  };

  const tls = word('EDGE_TLS', /^(on|off)$/, 'is neither on nor off.') === 'on';
  const main = text('PUBLIC_URL') === '' ? undefined : site('PUBLIC_URL');
  if (text('PUBLIC_URL') === '')
    add('PUBLIC_URL', `is missing. Write for example ${edgeVariables.PUBLIC_URL.example}.`);
  const api = text('API_URL') === '' ? undefined : site('API_URL');
  if (tls && main?.scheme === 'http') add('PUBLIC_URL', 'begins with http://, while EDGE_TLS is on. Write https://.');
  if (main && api && main.scheme !== api.scheme) add('API_URL', 'has another scheme than PUBLIC_URL. Write the same.');
  if (main && api && main.name === api.name) add('API_URL', 'has the same host name as PUBLIC_URL. Write another one.');
  const { origins, problems: wrongOrigins } = readAllowedOrigins(list('CORS_ORIGINS'));
  for (const problem of wrongOrigins) add('CORS_ORIGINS', problem);
  const { networks, problems: wrongNetworks } = readNetworks(list('EDGE_TRUSTED_PROXIES'));
  for (const problem of wrongNetworks) add('EDGE_TRUSTED_PROXIES', problem);
  const listen = list('EDGE_HOST');
  for (const address of listen) if (!isAddress(address)) add('EDGE_HOST', `${quote(address)} is not an IP address.`);
  const apiUpstream = upstream('EDGE_API_UPSTREAM');
  const realtimeUpstream = upstream('EDGE_REALTIME_UPSTREAM');
  const given = list('EDGE_RESOLVER');
  const found = (given.length > 0 ? given : nameservers(surroundings.resolvConf)).map(
    (part) => [part, resolverAddress(part)] as const,
  );
  for (const [part, address] of found) {
    if (!address) add('EDGE_RESOLVER', `${quote(part)} is not the IP address of a name server, with or without :port.`);
  }
  const resolvers = found.flatMap(([, address]) => address ?? []);
  if (found.length === 0 && (apiUpstream.isName || realtimeUpstream.isName)) {
    add('EDGE_RESOLVER', 'is missing, and /etc/resolv.conf names no server that could resolve the upstreams.');
  }
  const httpPort = integer('EDGE_HTTP_PORT', 1, 65_535);
  const httpsPort = integer('EDGE_HTTPS_PORT', 1, 65_535);
  if (tls && httpPort === httpsPort)
    add('EDGE_HTTPS_PORT', `is ${httpsPort}, as is EDGE_HTTP_PORT. Write another one.`);
  const certificate = path('EDGE_CERTIFICATE');
  const user = text('EDGE_USER');
  if (user !== '') word('EDGE_USER', /^[a-z_][\w-]*$/, 'is not the name of a user.');

  const rest = {
    api,
    allowedOrigins: api && main ? [...origins, { kind: 'exact' as const, origin: main.origin }] : origins,
    listen,
    httpPort,
    httpsPort,
    tls,
    certificate,
    certificateKey: path('EDGE_CERTIFICATE_KEY'),
    stapling: tls && problems.length === 0 && surroundings.namesResponder(certificate),
    acmeRoot: path('EDGE_ACME_ROOT'),
    webRoot: path('EDGE_WEB_ROOT'),
    apiUpstream,
    realtimeUpstream,
    resolvers,
    trustedProxies: networks,
    maxFileMegabytes: integer('MAX_FILE_SIZE_MB', 1, 10_000),
    requestsPerSecond: integer('EDGE_REQUESTS_PER_SECOND', 0, 100_000),
    connectionsPerAddress: integer('EDGE_CONNECTIONS_PER_ADDRESS', 0, 60_000),
    runDirectory: path('EDGE_RUN_DIR'),
    accessLog: word(
      'EDGE_ACCESS_LOG',
      /^(off|\/[\w./@+-]+|syslog:[\w./:=,-]+)$/,
      'is neither a path, nor syslog:…, nor off.',
    ),
    workers: word('EDGE_WORKERS', /^(auto|[1-9]\d{0,2})$/, 'is neither a number nor auto.'),
    user: user || undefined,
  };
  if (!main || problems.length > 0) throw new EdgeSettingsError(problems);
  return { main, ...rest };
}

/** A misspelt name must not be a setting that silently does nothing. */
function unknownNames(env: Environment): string[] {
  const unknown = Object.keys(env).filter(
    (name) => name.startsWith('EDGE_') && !(name in edgeVariables) && !isServiceLink(name, env[name] ?? ''),
  );
  return unknown.map((name) => `${name}: is not a setting of the edge.`);
}

const nameservers = (resolvConf: string): string[] =>
  [...resolvConf.matchAll(/^\s*nameserver\s+(\S+)/gm)].flatMap(([, address]) => address ?? []);
