import { parseArgs } from 'node:util';
import {
  defaultMessage,
  readAccount,
  readAddress,
  readSeconds,
  type SmokeOptions,
  UsageError,
} from '../smoke/options.ts';
import { type ImageReference, readImage } from './images.ts';

export const usage = `release deploy|verify|rollback|ship [options]: brings Lamplight to the cluster of KUBECONFIG by its chart.

  deploy    helm upgrade --install; where it does not get ready, helm itself puts back what was there
  verify    helm test, then the checks of \`npm run smoke\` at --url, then with --load a load test
  rollback  to the last good revision before the one that runs, or to --to
  ship      deploy, verify, and rollback where verify fails

  --release NAME       of helm (lamplight)
  --namespace NAME     (lamplight)
  --timeout SECONDS    how long helm may wait for each of deploy, test and rollback (1200)
  --report FILE        writes what was done, with figures, as JSON

deploy and ship:
  --chart DIR          (helm/lamplight)
  --values FILE        repeatable, later ones win
  --set KEY=VALUE      repeatable; for what is not in a file
  --server IMAGE       the server's image, as host/name@sha256:…
  --edge IMAGE         the edge's image, likewise
  --allow-tags         takes name:tag too; for images that only a trial cluster has
  --create-namespace
  --commit COMMIT      prints the time from this commit (of the checkout here) to the running release

verify and ship:
  --url URL            where people reach it
  --api URL            where the API is, when it has a host of its own
  --ca FILE            certificates to trust beside the usual ones; or NODE_EXTRA_CA_CERTS
  --message TEXT       what the checks say to the model
  --wait SECONDS       how long /health may take to answer for the first time (60)
  --load NAME          a load test of \`npm run load\`, such as smoke; its people are guests. none: no load test

The checks come as a guest; where guests may not, with the account of SMOKE_EMAIL and SMOKE_PASSWORD (or SMOKE_PASSWORD_FILE).

rollback:
  --to REVISION        in place of the last good one

Exit codes: 0 done; 1 not done, and the last lines say what runs now (1 too after a rollback that ship had to do);
2 wrong options.`;

const actions = ['deploy', 'verify', 'rollback', 'ship'] as const;

export interface Target {
  readonly release: string;
  readonly namespace: string;
  /** Seconds. */
  readonly timeout: number;
}

export interface Deployment {
  readonly chart: string;
  readonly values: readonly string[];
  readonly set: readonly string[];
  readonly server: ImageReference | undefined;
  readonly edge: ImageReference | undefined;
  readonly createNamespace: boolean;
  readonly commit: string | undefined;
}

export interface Verification {
  readonly smoke: SmokeOptions;
  readonly load: string | undefined;
}

export interface ReleaseOptions {
  readonly action: (typeof actions)[number];
  readonly target: Target;
  readonly deployment: Deployment;
  /** Absent where the action looks at nothing. */
  readonly verification: Verification | undefined;
  readonly to: number | undefined;
  readonly report: string | undefined;
  readonly ca: string | undefined;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const many = { type: 'string', multiple: true, default: [] as string[] } as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        release: { ...text, default: 'lamplight' },
        namespace: { ...text, default: 'lamplight' },
        timeout: { ...text, default: '1200' },
        report: text,
        chart: { ...text, default: 'helm/lamplight' },
        values: many,
        set: many,
        server: text,
        edge: text,
        'allow-tags': flag,
        'create-namespace': flag,
        commit: text,
        url: text,
        api: text,
        ca: text,
        message: { ...text, default: defaultMessage },
        wait: { ...text, default: '60' },
        load: text,
        to: text,
        help: { ...flag, short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Undefined where only help was asked for. */
export function readOptions(args: readonly string[], environment: NodeJS.ProcessEnv): ReleaseOptions | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const action = actions.find((name) => name === positionals[0]);
  if (!action || positionals.length > 1) throw new UsageError(`Say one of ${actions.join(', ')} (--help says more).`);
  const image = (name: 'server' | 'edge') =>
    values[name] === undefined ? undefined : readImage(`--${name}`, values[name], values['allow-tags']);
  return {
    action,
    target: {
      release: readName('--release', values.release),
      namespace: readName('--namespace', values.namespace),
      timeout: readSeconds('--timeout', values.timeout, 1),
    },
    deployment: {
      chart: values.chart,
      values: values.values,
      set: values.set,
      server: image('server'),
      edge: image('edge'),
      createNamespace: values['create-namespace'],
      commit: values.commit,
    },
    verification: action === 'verify' || action === 'ship' ? readVerification(values, environment) : undefined,
    to: values.to === undefined ? undefined : readRevision(values.to),
    report: values.report,
    ca: values.ca,
  };
}

function readVerification(values: ReturnType<typeof parse>['values'], environment: NodeJS.ProcessEnv): Verification {
  if (values.url === undefined) throw new UsageError('--url is missing: the address at which people reach it.');
  const url = readAddress('--url', values.url);
  const api = values.api === undefined ? url : readAddress('--api', values.api);
  const wait = readSeconds('--wait', values.wait, 0);
  const account = readAccount(environment);
  return {
    smoke: { url, api, message: values.message, model: undefined, account, seconds: 60, wait },
    load: values.load === 'none' ? undefined : values.load,
  };
}

/** A DNS label, as Kubernetes wants it; helm's own limit of a release's name is 53. */
function readName(option: string, value: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/.test(value)) return value;
  throw new UsageError(`${option} must be lower-case letters, digits and hyphens; it is "${value}".`);
}

function readRevision(value: string): number {
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new UsageError(`--to must be a revision of \`helm history\`, such as 7; it is "${value}".`);
}
