interface Variable {
  /** Empty: unset means something of its own, which the description then says. */
  readonly default: string;
  readonly example?: string;
  readonly description: string;
}

/** Every variable that the configuration of the edge is rendered from. */
export const edgeVariables = {
  PUBLIC_URL: { default: '', example: 'https://chat.example.org', description: 'The main host. Required.' },
  API_URL: {
    default: '',
    example: 'https://api.example.org',
    description: 'A second host, for the API alone. None where unset.',
  },
  CORS_ORIGINS: {
    default: '',
    example: 'https://www.example.org,https://*.example.net',
    description:
      'Origins whose pages may call the API, separated by commas: exact, or `https://*.` for exactly one label. None where unset; with API_URL that of PUBLIC_URL always.',
  },
  EDGE_HOST: {
    default: '0.0.0.0',
    description: 'The addresses to listen on, separated by commas; `0.0.0.0,::` for IPv6 too.',
  },
  EDGE_HTTP_PORT: { default: '8080', description: 'The port for HTTP.' },
  EDGE_HTTPS_PORT: { default: '8443', description: 'The port for HTTPS.' },
  EDGE_TLS: { default: 'on', description: '`off` behind a load balancer or ingress that ends TLS.' },
  EDGE_CERTIFICATE: {
    default: '/etc/lamplight/tls/tls.crt',
    description: 'The certificate with its chain, for both hosts.',
  },
  EDGE_CERTIFICATE_KEY: { default: '/etc/lamplight/tls/tls.key', description: 'Its key.' },
  EDGE_ACME_ROOT: {
    default: '/var/lib/lamplight/acme',
    description: 'The folder whose `/.well-known/acme-challenge/` is served over HTTP.',
  },
  EDGE_WEB_ROOT: { default: '/usr/share/lamplight/web', description: 'The built web app.' },
  EDGE_API_UPSTREAM: {
    default: 'api:3000',
    description:
      'Where api is: a name with a port, resolved again every two seconds, or IP addresses with ports, separated by commas.',
  },
  EDGE_REALTIME_UPSTREAM: { default: 'realtime:3000', description: 'Where realtime is; likewise.' },
  EDGE_RESOLVER: {
    default: '',
    example: '10.96.0.10',
    description: 'The name server, as an IP address. Those of /etc/resolv.conf where unset.',
  },
  EDGE_TRUSTED_PROXIES: {
    default: '',
    example: '10.0.0.0/8',
    description:
      'Networks (CIDR, separated by commas) whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; the word `cloudflare` stands for its published ones. None where unset.',
  },
  MAX_FILE_SIZE_MB: { default: '20', description: 'The largest file that may be uploaded.' },
  EDGE_REQUESTS_PER_SECOND: {
    default: '50',
    description: 'Requests by one client address to the API, with four times as many at once; 0: no limit.',
  },
  EDGE_CONNECTIONS_PER_ADDRESS: {
    default: '300',
    description: 'Requests, streams and sockets under way by one client address; 0: no limit.',
  },
  EDGE_RUN_DIR: {
    default: '/tmp',
    description: 'A folder that Nginx may write to: its pid file and bodies under way.',
  },
  EDGE_ACCESS_LOG: {
    default: '/dev/stdout',
    description: 'Where the access log goes: a path, `syslog:server=…`, or `off`.',
  },
  EDGE_WORKERS: { default: 'auto', description: "Nginx's worker processes; `auto`: one for each core of the machine." },
  EDGE_USER: {
    default: '',
    example: 'www-data',
    description: 'Whom the workers run as where Nginx is started by root. `nobody` where unset.',
  },
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof edgeVariables;

/** Kubernetes tells pods of a Service named `edge` by variables such as EDGE_SERVICE_HOST and EDGE_PORT. */
export const isServiceLink = (name: string, value: string): boolean =>
  /_SERVICE_(HOST|PORT(_\w+)?)$/.test(name) ||
  /_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(name) ||
  (name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value));

/** The variables as rows of a Markdown table, for docs/edge.md. */
export function variablesTable(): string {
  const rows = Object.entries<Variable>(edgeVariables).map(
    ([name, { default: value, description }]) => `| \`${name}\` | ${value && `\`${value}\``} | ${description} |`,
  );
  return ['| variable | default | what it does |', '| --- | --- | --- |', ...rows].join('\n');
}
