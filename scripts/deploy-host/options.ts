import { parseArgs } from 'node:util';

export const usage = `deploy-host USER@HOST [options]: puts Lamplight on a host without containers, over ssh, under systemd.

It sends a release to DIR/releases/<version>, migrates, switches DIR/current, restarts the services and asks them for their
health; where they are not healthy it goes back to the release before. It never touches the data or the settings.

  --dir DIR              where releases go on the host (/opt/lamplight)
  --services LIST        standalone, or some of api,realtime,worker,scheduler (standalone)
  --port PORT            of ssh
  --ssh-config FILE      an ssh configuration to use in place of your own
  --health URL           asked on the host, repeatable; by default what the services listen on without further settings
  --ops URL              likewise, the address of an ops port: /readyz and /metrics are asked
  --health-seconds N     how long a release may take until it is healthy (60)
  --settle-seconds N     how long it must stay so (3)
  --keep N               how many releases stay on the host (5)
  --node FILE            a Node 24 for the host, where it is of another kind than this machine
  --stage DIR            only puts a release together in DIR, for several hosts; no host is named
  --from DIR             sends a release that --stage put together
  --service-command CMD  in place of \`sudo -n systemctl\` (root: \`systemctl\`); or SERVICE_COMMAND
  --status               says which releases are there
  --rollback             back to the release before
  --to VERSION           with --rollback: to this one
  --dry-run              says what would be done, and changes nothing on the host

Exit codes: 0 done, 1 not done (what was there goes on; the last lines say so), 2 wrong options.`;

/** What the caller wrote is wrong; the message says what to write. */
export class UsageError extends Error {}

const publicPorts: Readonly<Record<string, number>> = { standalone: 3000, api: 3000, realtime: 3001 };
const opsPorts = { standalone: 9464, api: 9464, realtime: 9465, worker: 9466, scheduler: 9467 } as const;
type ServiceName = keyof typeof opsPorts;
/** The order in which they are restarted: what serves people comes last, when what it leans on is new already. */
const order: readonly ServiceName[] = ['scheduler', 'worker', 'api', 'realtime', 'standalone'];

type Action = 'deploy' | 'stage' | 'rollback' | 'status';

export interface HostOptions {
  readonly action: Action;
  readonly host: string;
  readonly dir: string;
  readonly services: readonly ServiceName[];
  readonly sshArgs: readonly string[];
  /** The arguments of await-health.ts beside the version. */
  readonly checks: readonly string[];
  readonly keep: number;
  readonly node: string | undefined;
  readonly stage: string | undefined;
  readonly from: string | undefined;
  readonly serviceCommand: string;
  readonly to: string | undefined;
  readonly dryRun: boolean;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const specification = {
  dir: { ...text, default: '/opt/lamplight' },
  services: { ...text, default: 'standalone' },
  port: text,
  'ssh-config': text,
  health: { ...text, multiple: true },
  ops: { ...text, multiple: true },
  'health-seconds': { ...text, default: '60' },
  'settle-seconds': { ...text, default: '3' },
  keep: { ...text, default: '5' },
  node: text,
  stage: text,
  from: text,
  'service-command': text,
  status: flag,
  rollback: flag,
  to: text,
  'dry-run': flag,
  help: flag,
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: specification, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The options in `args`, undefined where help is asked for. Throws `UsageError`. */
export function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): HostOptions | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const services = readServices(values.services);
  const action = values.stage ? 'stage' : values.status ? 'status' : values.rollback ? 'rollback' : 'deploy';
  if (values.to !== undefined && action !== 'rollback') throw new UsageError('--to goes with --rollback.');
  const seconds = [
    number('health-seconds', values['health-seconds'], 1),
    number('settle-seconds', values['settle-seconds'], 0),
  ];
  return {
    action,
    host: readHost(positionals, action),
    dir: readDir(values.dir),
    services,
    sshArgs: [
      ...(values.port === undefined ? [] : ['-p', String(number('port', values.port, 1, 65_535))]),
      ...(values['ssh-config'] === undefined ? [] : ['-F', values['ssh-config']]),
    ],
    checks: [
      ...['--seconds', String(seconds[0]), '--settle', String(seconds[1])],
      ...(values.health ?? addresses(services, publicPorts, '/health')).flatMap((url) => ['--health', readUrl(url)]),
      ...(values.ops ?? addresses(services, opsPorts)).flatMap((url) => ['--ops', readUrl(url)]),
    ],
    keep: number('keep', values.keep, 1, 100),
    node: values.node,
    stage: values.stage,
    from: values.from,
    serviceCommand: values['service-command'] ?? environment['SERVICE_COMMAND'] ?? '',
    to: values.to,
    dryRun: values['dry-run'] ?? false,
  };
}

function readHost(positionals: readonly string[], action: Action): string {
  const [host = '', ...more] = positionals;
  if (action === 'stage' && host === '') return host;
  // A host that begins with a dash would be an option of ssh.
  if (more.length > 0 || !/^([A-Za-z_][\w.-]*@)?[A-Za-z0-9][\w.:-]*$/.test(host)) {
    throw new UsageError('Name one host: deploy-host user@host');
  }
  return host;
}

function readDir(dir: string): string {
  const usual = /^(\/[A-Za-z0-9_][A-Za-z0-9._-]*){2,}$/;
  if (usual.test(dir)) return dir;
  throw new UsageError(
    `--dir ${dir}: write an absolute folder of its own, two levels deep or more, such as /opt/lamplight.`,
  );
}

function readServices(list: string): readonly ServiceName[] {
  const names = list.split(',');
  const chosen = order.filter((name) => names.includes(name));
  const known = chosen.length === names.length && chosen.length > 0;
  if (known && (!chosen.includes('standalone') || chosen.length === 1)) return chosen;
  throw new UsageError(`--services ${list}: write standalone, or some of api,realtime,worker,scheduler.`);
}

function readUrl(url: string): string {
  if (/^https?:\/\/[\w.:[\]/-]+$/.test(url)) return url.replace(/\/$/, '');
  throw new UsageError(`${url} is not an address such as http://127.0.0.1:3000/health.`);
}

function number(name: string, value: string, min: number, max = 3600): number {
  const found = Number(value);
  if (value.trim() !== '' && found >= min && found <= max) return found;
  throw new UsageError(`--${name} ${value}: write a number from ${min} to ${max}.`);
}

const addresses = (services: readonly ServiceName[], ports: Readonly<Record<string, number>>, path = ''): string[] =>
  services.flatMap((name) => (ports[name] === undefined ? [] : [`http://127.0.0.1:${ports[name]}${path}`]));

/** The systemd units of these services. */
export const unitsOf = (services: readonly ServiceName[]): readonly string[] =>
  services.map((name) => (name === 'standalone' ? 'lamplight.service' : `lamplight@${name}.service`));
