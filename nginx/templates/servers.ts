import { bracketed } from '../addresses.ts';
import type { Site } from '../origins.ts';
import type { EdgeSettings } from '../settings.ts';
import { errorPaths } from './errors.ts';
import { indented, map } from './quoting.ts';

/** Where a load balancer or an orchestrator asks whether Nginx runs, by whatever host name. */
const healthPath = '/edge-health';

const listens = ({ listen }: EdgeSettings, port: number, options: string): string[] =>
  listen.map((address) => `listen ${bracketed(address)}:${port}${options};`);

const server = (lines: readonly string[]): string => `server {\n${indented(lines)}\n}\n`;

const location = (path: string, lines: readonly string[]): string[] => [
  `location ${path} {`,
  ...lines.map((line) => `    ${line}`),
  '}',
];

const refuseWhere = (condition: string, status: number): string[] => [
  `if (${condition}) {`,
  `    return ${status};`,
  '}',
];

/** Before any location is looked at, so that none can forget them. */
const guards = [
  ...refuseWhere('$edge_odd_path', 404),
  ...refuseWhere('$edge_hidden', 404),
  ...refuseWhere('$request_method = OPTIONS', 204),
];

/** Whether TLS ends in front and a proxy that we trust may say that somebody came without it. */
const hearsOfPlainHttp = ({ tls, main, trustedProxies }: EdgeSettings): boolean =>
  !tls && main.scheme === 'https' && trustedProxies.length > 0;

/** Nginx's own error pages keep the status of the error. */
const plainHttpMap = (): string =>
  map('"$edge_proto $uri"', '$edge_plain_http', [
    ['default', '0'],
    [`~^http (?!/\\.well-known/acme-challenge/|${errorPaths})`, '1'],
  ]);

const acme = ({ acmeRoot }: EdgeSettings): string[] =>
  location('^~ /.well-known/acme-challenge/', [`root ${acmeRoot};`, 'default_type "text/plain; charset=utf-8";']);

/** For hosts that nobody serves here, among them those of requests that name none. */
const unknownHost = (listening: readonly string[], tls: readonly string[]): string =>
  server([
    ...listening,
    'server_name _;',
    ...tls,
    'include errors.conf;',
    ...(tls.length > 0
      ? []
      : location(`= ${healthPath}`, [
          'access_log off;',
          'default_type "text/plain; charset=utf-8";',
          "return 200 'ok\\n';",
        ])),
    ...location('/', ['return 421;']),
  ]);

const redirect = (settings: EdgeSettings, site: Site): string =>
  server([
    ...listens(settings, settings.httpPort, ''),
    `server_name ${site.name};`,
    'include errors.conf;',
    ...acme(settings),
    ...location('/', [`return 308 ${site.origin}$request_uri;`]),
  ]);

function siteServer(settings: EdgeSettings, site: Site): string {
  const { tls, api } = settings;
  return server([
    ...(tls ? listens(settings, settings.httpsPort, ' ssl http2') : listens(settings, settings.httpPort, '')),
    `server_name ${site.name};`,
    ...(tls ? [] : acme(settings)),
    'include errors.conf;',
    ...(hearsOfPlainHttp(settings)
      ? ['if ($edge_plain_http) {', `    return 308 ${site.origin}$request_uri;`, '}']
      : []),
    ...guards,
    'include api-locations.conf;',
    ...(site === api ? location('/', ['return 404;']) : ['include web-locations.conf;']),
  ]);
}

export function servers(settings: EdgeSettings): string {
  const sites = [settings.main, ...(settings.api ? [settings.api] : [])];
  const refuse = unknownHost(listens(settings, settings.httpPort, ' default_server'), []);
  const maps = hearsOfPlainHttp(settings) ? [plainHttpMap()] : [];
  if (!settings.tls) return [...maps, refuse, ...sites.map((site) => siteServer(settings, site))].join('\n');
  // A handshake for another name is refused before there is a request; one for ours may still carry another `Host`.
  const refuseTls = unknownHost(listens(settings, settings.httpsPort, ' ssl http2 default_server'), [
    'ssl_reject_handshake on;',
  ]);
  return [
    refuse,
    ...sites.map((site) => redirect(settings, site)),
    refuseTls,
    ...sites.map((site) => siteServer(settings, site)),
  ].join('\n');
}
