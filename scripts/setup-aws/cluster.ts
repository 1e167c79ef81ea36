import { type Aws, AwsError, at, listAt, textAt } from './aws.ts';
import type { AwsOptions } from './options.ts';
import type { Account, Roles } from './roles.ts';

const logged = ['api', 'audit', 'authenticator'];

/** Begins the cluster, or brings an existing one to what the options say; `awaitCluster` waits for it. */
export async function startCluster(aws: Aws, options: AwsOptions, roles: Roles): Promise<void> {
  const { name, version } = options;
  const found = at(await aws.look('eks', 'describe-cluster', '--name', name), 'cluster');
  if (!found) return createCluster(aws, options, roles);
  if (at(found, 'computeConfig.enabled') !== true) {
    throw new AwsError(`The cluster ${name} exists and is not one of Auto Mode. Give another --name.`);
  }
  await bringUp(aws, name, textAt(found, 'version') ?? version, version);
  const loggedNow = listAt(found, 'logging.clusterLogging').flatMap((each) =>
    at(each, 'enabled') === true ? listAt(each, 'types') : [],
  );
  if (logged.every((type) => loggedNow.includes(type))) return;
  await awaitCluster(aws, name);
  await aws.change('eks', 'update-cluster-config', '--name', name, '--logging', loggingOf(logged));
}

const loggingOf = (types: readonly string[]): string => JSON.stringify({ clusterLogging: [{ types, enabled: true }] });

/** Auto Mode: EKS runs the nodes, the load balancers, the volumes and the identities of pods, so nothing is installed for those. */
async function createCluster(aws: Aws, options: AwsOptions, roles: Roles): Promise<void> {
  const { name, version, subnets, publicCidrs } = options;
  const compute = { enabled: true, nodePools: ['general-purpose', 'system'], nodeRoleArn: roles.node };
  const network = {
    subnetIds: subnets,
    endpointPublicAccess: true,
    endpointPrivateAccess: true,
    publicAccessCidrs: publicCidrs,
  };
  await aws.change(
    ...['eks', 'create-cluster', '--name', name, '--kubernetes-version', version, '--role-arn', roles.cluster],
    ...['--resources-vpc-config', JSON.stringify(network)],
    ...['--compute-config', JSON.stringify(compute)],
    ...['--kubernetes-network-config', JSON.stringify({ elasticLoadBalancing: { enabled: true } })],
    ...['--storage-config', JSON.stringify({ blockStorage: { enabled: true } })],
    ...[
      '--access-config',
      JSON.stringify({ authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: true }),
    ],
    ...['--logging', loggingOf(logged), '--deletion-protection'],
  );
}

async function bringUp(aws: Aws, name: string, from: string, to: string): Promise<void> {
  if (from === to) return;
  const steps = Number(to.split('.')[1]) - Number(from.split('.')[1]);
  if (steps !== 1)
    throw new AwsError(`The cluster ${name} is ${from}. EKS goes up by one minor version at a time, not to ${to}.`);
  await awaitCluster(aws, name);
  await aws.change('eks', 'update-cluster-version', '--name', name, '--kubernetes-version', to);
}

export const awaitCluster = (aws: Aws, name: string): Promise<void> =>
  aws.until(`the cluster ${name}`, async () => {
    const status = textAt(await aws.look('eks', 'describe-cluster', '--name', name), 'cluster.status');
    if (status === 'ACTIVE') return 'ready';
    return status === 'FAILED' || status === 'DELETING' ? `failed: it is ${status}` : 'waiting';
  });

/** What needs the cluster's API: metrics for autoscaling, the collector of logs, and who may deploy. */
export async function fillCluster(aws: Aws, options: AwsOptions, roles: Roles, account: Account): Promise<void> {
  await ensureAddon(aws, options.name, 'metrics-server');
  const identity = JSON.stringify([{ serviceAccount: 'cloudwatch-agent', roleArn: roles.logs }]);
  await ensureAddon(aws, options.name, 'amazon-cloudwatch-observability', '--pod-identity-associations', identity);
  if (roles.deploy !== undefined) await ensureAccess(aws, options, roles.deploy, account);
}

async function ensureAddon(aws: Aws, cluster: string, addon: string, ...more: readonly string[]): Promise<void> {
  const which = ['--cluster-name', cluster, '--addon-name', addon];
  const describe = async () => textAt(await aws.look('eks', 'describe-addon', ...which), 'addon.status');
  if ((await describe()) === undefined) await aws.change('eks', 'create-addon', ...which, ...more);
  await aws.until(`the add-on ${addon}`, async () => {
    const status = await describe();
    if (status === 'ACTIVE' || status === 'DEGRADED') return 'ready'; // degraded until a node has come for its pods
    return status?.endsWith('FAILED') ? `failed: it is ${status}` : 'waiting';
  });
}

/** Everything in the one namespace, as far as AWS's policy goes; a group besides, for a RoleBinding of the cluster's owner. */
async function ensureAccess(aws: Aws, options: AwsOptions, role: string, { partition }: Account): Promise<void> {
  const which = ['--cluster-name', options.name, '--principal-arn', role];
  if (!(await aws.look('eks', 'describe-access-entry', ...which))) {
    await aws.change('eks', 'create-access-entry', ...which, '--kubernetes-groups', 'lamplight-deployers');
  }
  const policy = `arn:${partition}:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy`;
  const given = listAt(await aws.look('eks', 'list-associated-access-policies', ...which), 'associatedAccessPolicies');
  const has = given.some(
    (each) =>
      textAt(each, 'policyArn') === policy && listAt(each, 'accessScope.namespaces').includes(options.namespace),
  );
  if (has) return;
  const scope = ['--access-scope', `type=namespace,namespaces=${options.namespace}`];
  await aws.change('eks', 'associate-access-policy', ...which, '--policy-arn', policy, ...scope);
}
