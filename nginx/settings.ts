import type { Environment } from '#platform/config/load-config.ts';
import { quote } from '#platform/config/setting-reader.ts';
import { isAddress, readNetworks, resolverAddress } from './addresses.ts';
import { type AllowedOrigin, readAllowedOrigins, type Site } from './origins.ts';
import {
  type AddProblem,
  createVariableReader,
  type Upstream,
  unknownVariables,
  type VariableReader,
} from './variable-reader.ts';

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
  const problems = unknownVariables(env);
  const add: AddProblem = (name, problem) => {
    problems.push(`${name}: ${problem}`);
  };
  const read = createVariableReader(env, add);
  const sites = readSites(read, add);
  const listening = readListening(read, add);
  if (listening.tls && sites.main?.scheme === 'http') {
    add('PUBLIC_URL', 'begins with http://, while EDGE_TLS is on. Write https://.');
  }
  const rest = {
    ...listening,
    ...readServices(read, add, surroundings),
    certificateKey: read.path('EDGE_CERTIFICATE_KEY'),
    acmeRoot: read.path('EDGE_ACME_ROOT'),
    webRoot: read.path('EDGE_WEB_ROOT'),
    maxFileMegabytes: read.integer('MAX_FILE_SIZE_MB', 1, 10_000),
    requestsPerSecond: read.integer('EDGE_REQUESTS_PER_SECOND', 0, 100_000),
    connectionsPerAddress: read.integer('EDGE_CONNECTIONS_PER_ADDRESS', 0, 60_000),
    runDirectory: read.path('EDGE_RUN_DIR'),
    accessLog: read.word('EDGE_ACCESS_LOG', logTarget, 'is neither a path, nor syslog:…, nor off.'),
    workers: read.word('EDGE_WORKERS', /^(auto|[1-9]\d{0,2})$/, 'is neither a number nor auto.'),
    user: read.word('EDGE_USER', /^([a-z_][\w-]*)?$/, 'is not the name of a user.') || undefined,
  };
  const { main } = sites;
  if (!main || problems.length > 0) throw new EdgeSettingsError(problems);
  return { ...sites, main, ...rest, stapling: rest.tls && surroundings.namesResponder(rest.certificate) };
}

const logTarget = /^(off|\/[\w./@+-]+|syslog:[\w./:=,-]+)$/;

function readSites(read: VariableReader, add: AddProblem) {
  const [main, api] = [read.site('PUBLIC_URL'), read.site('API_URL')];
  if (read.text('PUBLIC_URL') === '') add('PUBLIC_URL', 'is missing. Write for example https://chat.example.org.');
  if (main && api && main.scheme !== api.scheme) add('API_URL', 'has another scheme than PUBLIC_URL. Write the same.');
  if (main && api && main.name === api.name) add('API_URL', 'has the same host name as PUBLIC_URL. Write another one.');
  const { origins, problems } = readAllowedOrigins(read.list('CORS_ORIGINS'));
  for (const problem of problems) add('CORS_ORIGINS', problem);
  // The page calls the API host from the main one.
  const own = api && main ? [{ kind: 'exact', origin: main.origin } as const] : [];
  return { main, api, allowedOrigins: [...origins, ...own] };
}

function readListening(read: VariableReader, add: AddProblem) {
  const tls = read.word('EDGE_TLS', /^(on|off)$/, 'is neither on nor off.') === 'on';
  const listen = read.list('EDGE_HOST');
  for (const address of listen) if (!isAddress(address)) add('EDGE_HOST', `${quote(address)} is not an IP address.`);
  const httpPort = read.integer('EDGE_HTTP_PORT', 1, 65_535);
  const httpsPort = read.integer('EDGE_HTTPS_PORT', 1, 65_535);
  if (tls && httpPort === httpsPort)
    add('EDGE_HTTPS_PORT', `is ${httpsPort}, as is EDGE_HTTP_PORT. Write another one.`);
  const { networks, problems } = readNetworks(read.list('EDGE_TRUSTED_PROXIES'));
  for (const problem of problems) add('EDGE_TRUSTED_PROXIES', problem);
  return { tls, listen, httpPort, httpsPort, certificate: read.path('EDGE_CERTIFICATE'), trustedProxies: networks };
}

function readServices(read: VariableReader, add: AddProblem, { resolvConf }: Surroundings) {
  const apiUpstream = read.upstream('EDGE_API_UPSTREAM');
  const realtimeUpstream = read.upstream('EDGE_REALTIME_UPSTREAM');
  const given = read.list('EDGE_RESOLVER');
  const servers = given.length > 0 ? given : nameservers(resolvConf);
  const resolvers = servers.flatMap((server) => {
    const address = resolverAddress(server);
    if (!address)
      add('EDGE_RESOLVER', `${quote(server)} is not the IP address of a name server, with or without :port.`);
    return address ?? [];
  });
  if (servers.length === 0 && (apiUpstream.isName || realtimeUpstream.isName)) {
    add('EDGE_RESOLVER', 'is missing, and /etc/resolv.conf names no server that could resolve the upstreams.');
  }
  return { apiUpstream, realtimeUpstream, resolvers };
}

const nameservers = (resolvConf: string): string[] =>
  [...resolvConf.matchAll(/^\s*nameserver\s+(\S+)/gm)].flatMap(([, address]) => address ?? []);
