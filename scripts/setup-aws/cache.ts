import { randomBytes } from 'node:crypto';
import { type Aws, AwsError, at, listAt, textAt } from './aws.ts';
import type { AwsOptions } from './options.ts';

export const tokenName = (name: string): string => `${name}/redis-auth-token`;

export interface Network {
  readonly vpc: string;
}

/** Begins the Valkey that stands for Redis: one primary, one replica in another zone, TLS and a token. */
export async function startCache(aws: Aws, options: AwsOptions, { vpc }: Network): Promise<void> {
  const { name, subnets } = options;
  if (!(await findGroup(aws, name, vpc))) {
    const described = ['--description', `Who may reach the cache of ${name}`];
    await aws.change('ec2', 'create-security-group', '--group-name', `${name}-cache`, ...described, '--vpc-id', vpc);
  }
  if (!(await aws.look('elasticache', 'describe-cache-subnet-groups', '--cache-subnet-group-name', name))) {
    const described = ['--cache-subnet-group-description', `The subnets of ${name}`];
    await aws.change(
      'elasticache',
      'create-cache-subnet-group',
      '--cache-subnet-group-name',
      name,
      ...described,
      '--subnet-ids',
      ...subnets,
    );
  }
  await ensureParameters(aws, name);
  await ensureReplication(aws, options, vpc);
}

const findGroup = async (aws: Aws, name: string, vpc: string): Promise<unknown> =>
  at(
    await aws.look(
      'ec2',
      'describe-security-groups',
      '--filters',
      `Name=group-name,Values=${name}-cache`,
      `Name=vpc-id,Values=${vpc}`,
    ),
    'SecurityGroups.0',
  );

/** Streams and queues are no cache: what is full must say so and drop nothing. */
async function ensureParameters(aws: Aws, name: string): Promise<void> {
  const group = ['--cache-parameter-group-name', name];
  const found = await aws.look('elasticache', 'describe-cache-parameter-groups', ...group);
  if (!found) {
    const family = ['--cache-parameter-group-family', 'valkey7', '--description', `The parameters of ${name}`];
    await aws.change('elasticache', 'create-cache-parameter-group', ...group, ...family);
  }
  const set =
    found &&
    listAt(await aws.look('elasticache', 'describe-cache-parameters', ...group, '--source', 'user'), 'Parameters');
  const policy = set?.find((each) => textAt(each, 'ParameterName') === 'maxmemory-policy');
  if (textAt(policy, 'ParameterValue') === 'noeviction') return;
  const wanted = ['--parameter-name-values', 'ParameterName=maxmemory-policy,ParameterValue=noeviction'];
  await aws.change('elasticache', 'modify-cache-parameter-group', ...group, ...wanted);
}

/** The token that clients sign in with. Made once; whoever needs it reads it from Secrets Manager. */
async function ensureToken(aws: Aws, name: string, dryRun: boolean): Promise<string> {
  const secret = tokenName(name);
  const read = async () =>
    textAt(await aws.look('secretsmanager', 'get-secret-value', '--secret-id', secret), 'SecretString');
  const found = await read();
  if (found !== undefined) return found;
  const token = randomBytes(32).toString('hex');
  await aws.changeSecretly({ SecretString: token }, 'secretsmanager', 'create-secret', '--name', secret);
  if (dryRun) return token;
  const stored = await read();
  if (stored === undefined) throw new AwsError(`The secret ${secret} was made and cannot be read.`);
  return stored;
}

async function ensureReplication(aws: Aws, { name, cacheNode, dryRun }: AwsOptions, vpc: string): Promise<void> {
  const found = at(await describeReplication(aws, name), 'ReplicationGroups.0');
  if (found) return adjustReplication(aws, name, cacheNode, found);
  const token = await ensureToken(aws, name, dryRun);
  const group = textAt(await findGroup(aws, name, vpc), 'GroupId') ?? '(the security group)';
  await aws.changeSecretly(
    { AuthToken: token },
    ...['elasticache', 'create-replication-group', '--replication-group-id', name],
    ...['--replication-group-description', `What ${name} keeps for a while`],
    ...['--engine', 'valkey', '--engine-version', '7.2', '--cache-node-type', cacheNode, '--num-cache-clusters', '2'],
    ...['--automatic-failover-enabled', '--multi-az-enabled', '--cluster-mode', 'disabled'],
    ...['--transit-encryption-enabled', '--transit-encryption-mode', 'required', '--at-rest-encryption-enabled'],
    ...['--cache-parameter-group-name', name, '--cache-subnet-group-name', name, '--security-group-ids', group],
  );
}

const describeReplication = (aws: Aws, name: string) =>
  aws.look('elasticache', 'describe-replication-groups', '--replication-group-id', name);

/** The type of its nodes is changed; what cannot be changed is refused, not overlooked. */
async function adjustReplication(aws: Aws, name: string, cacheNode: string, found: unknown): Promise<void> {
  if (
    at(found, 'TransitEncryptionEnabled') !== true ||
    at(found, 'AuthTokenEnabled') !== true ||
    at(found, 'ClusterEnabled') === true
  ) {
    throw new AwsError(
      `The replication group ${name} exists without TLS, without a token, or in cluster mode. Give another --name.`,
    );
  }
  if (textAt(found, 'CacheNodeType') === cacheNode || textAt(found, 'Status') !== 'available') return;
  const group = ['--replication-group-id', name, '--cache-node-type', cacheNode];
  await aws.change('elasticache', 'modify-replication-group', ...group, '--apply-immediately');
}

/** Waits for it, and lets the cluster's pods in. */
export async function openCache(aws: Aws, { name }: AwsOptions, { vpc }: Network): Promise<string> {
  const cluster = await aws.look('eks', 'describe-cluster', '--name', name);
  const pods =
    textAt(cluster, 'cluster.resourcesVpcConfig.clusterSecurityGroupId') ?? '(the security group of the cluster)';
  const group = await findGroup(aws, name, vpc);
  const rules = listAt(group, 'IpPermissions').flatMap((rule) =>
    at(rule, 'FromPort') === 6379 ? listAt(rule, 'UserIdGroupPairs') : [],
  );
  if (!rules.some((rule) => textAt(rule, 'GroupId') === pods)) {
    const own = textAt(group, 'GroupId') ?? '(the security group)';
    const rule = ['--protocol', 'tcp', '--port', '6379', '--source-group', pods];
    await aws.change('ec2', 'authorize-security-group-ingress', '--group-id', own, ...rule);
  }
  const path = 'ReplicationGroups.0';
  await aws.until(`the cache ${name}`, async () => {
    const status = textAt(at(await describeReplication(aws, name), path), 'Status');
    return status === 'available'
      ? 'ready'
      : status === 'create-failed'
        ? 'failed: it could not be created'
        : 'waiting';
  });
  const endpoint = textAt(await describeReplication(aws, name), `${path}.NodeGroups.0.PrimaryEndpoint.Address`);
  return endpoint ?? '(its primary endpoint)';
}
