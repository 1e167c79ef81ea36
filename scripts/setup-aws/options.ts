import { parseArgs } from 'node:util';

export const usage = `setup-aws --region REGION --subnets SUBNET,SUBNET[,…] [options]: makes on AWS what Lamplight's chart needs.

An EKS cluster (Auto Mode), ECR repositories, ElastiCache, log groups and IAM roles. What exists is left or adjusted, nothing
is ever deleted, and a run that broke off is repeated. It calls the \`aws\` program with the sign-in that you gave it.

  --region REGION        such as eu-central-1
  --subnets LIST         private subnets in two zones or more, with a way out (NAT); docs/aws.md says how to make them
  --name NAME            of everything that is made (lamplight)
  --version VERSION      of Kubernetes (1.34); an existing cluster is brought up by one minor version at a time
  --namespace NAME       where the chart will be installed (lamplight)
  --github OWNER/REPO    lets this repository's workflows deploy to the cluster, without a stored key (OIDC)
  --environments LIST    of its GitHub environments that may (staging,production)
  --public-cidrs LIST    who may reach the cluster's API from outside (0.0.0.0/0; the sign-in is always asked for)
  --cache-node TYPE      of ElastiCache (cache.t4g.small)
  --log-days N           how long logs are kept (30)
  --wait-minutes N       how long to wait for the cluster and for the cache (40)
  --dry-run              prints each command that would change something, and changes nothing

Exit codes: 0 done, 1 a command failed or took too long (repeat it), 2 wrong options.`;

/** What the caller wrote is wrong; the message says what to write. */
export class UsageError extends Error {}

export interface AwsOptions {
  readonly region: string;
  readonly subnets: readonly string[];
  readonly name: string;
  readonly version: string;
  readonly namespace: string;
  readonly github: string | undefined;
  readonly environments: readonly string[];
  readonly publicCidrs: readonly string[];
  readonly cacheNode: string;
  readonly logDays: number;
  readonly waitMinutes: number;
  readonly dryRun: boolean;
}

const text = { type: 'string' } as const;
const specification = {
  region: text,
  subnets: text,
  name: { ...text, default: 'lamplight' },
  version: { ...text, default: '1.34' },
  namespace: { ...text, default: 'lamplight' },
  github: text,
  environments: { ...text, default: 'staging,production' },
  'public-cidrs': { ...text, default: '0.0.0.0/0' },
  'cache-node': { ...text, default: 'cache.t4g.small' },
  'log-days': { ...text, default: '30' },
  'wait-minutes': { ...text, default: '40' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** The only values that CloudWatch takes. */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** The options in `args`, undefined where help is asked for. Throws `UsageError` with every mistake. */
export function readOptions(args: readonly string[]): AwsOptions | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const problems: string[] = [];
  const like = (name: keyof typeof specification, pattern: RegExp, example: string): string => {
    const value = values[name];
    if (typeof value === 'string' && pattern.test(value)) return value;
    problems.push(value === undefined ? `--${name} is missing: ${example}` : `--${name} ${value}: ${example}`);
    return '';
  };
  const options: AwsOptions = {
    region: like('region', /^[a-z]{2}(-[a-z]+)+-\d$/, 'write a region such as eu-central-1.'),
    subnets: like('subnets', /^subnet-\w+(,subnet-\w+)+$/, 'write two or more, such as subnet-0a1,subnet-0b2.').split(
      ',',
    ),
    // ElastiCache takes 40 letters for a replication group's name, and the strictest alphabet.
    name: like(
      'name',
      /^(?!.*--)[a-z][a-z0-9-]{0,28}[a-z0-9]$/,
      'write 2 to 30 lower-case letters, digits and single dashes.',
    ),
    version: like('version', /^1\.\d{2}$/, 'write a minor version such as 1.34.'),
    namespace: like('namespace', /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'write the name of a namespace.'),
    github: values.github === undefined ? undefined : like('github', /^[\w.-]+\/[\w.-]+$/, 'write owner/repository.'),
    environments: like('environments', /^[\w.-]+(,[\w.-]+)*$/, 'write staging,production.').split(','),
    publicCidrs: like('public-cidrs', /^[\d.]+\/\d+(,[\d.]+\/\d+)*$/, 'write 192.0.2.0/24 or several.').split(','),
    cacheNode: like('cache-node', /^cache\.[\w-]+\.\w+$/, 'write a type such as cache.t4g.small.'),
    logDays: Number(
      like('log-days', new RegExp(`^(${retentions.join('|')})$`), `write one of ${retentions.join(', ')}.`),
    ),
    waitMinutes: Number(like('wait-minutes', /^(0\.\d+|[1-9]\d{0,2})$/, 'write minutes.')),
    dryRun: values['dry-run'] ?? false,
  };
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return options;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: specification }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
