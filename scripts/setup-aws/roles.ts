import { isDeepStrictEqual } from 'node:util';
import { type Aws, at, listAt, textAt } from './aws.ts';
import type { AwsOptions } from './options.ts';

/** The account, and the partition that stands in every ARN (aws, aws-cn, aws-us-gov). */
export interface Account {
  readonly id: string;
  readonly partition: string;
}

export interface Roles {
  readonly cluster: string;
  readonly node: string;
  readonly logs: string;
  /** Of GitHub's workflows; undefined where none may deploy. */
  readonly deploy: string | undefined;
}

interface Role {
  readonly name: string;
  readonly trust: object;
  /** Names of AWS's own policies. */
  readonly policies: readonly string[];
  readonly inline?: object;
}

const githubIssuer = 'token.actions.githubusercontent.com';

const trustOf = (service: string, actions: readonly string[]): object => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: actions }],
});

/** The roles of the cluster, of its nodes, of the log collector and of GitHub's workflows. */
export async function setUpRoles(aws: Aws, options: AwsOptions, account: Account): Promise<Roles> {
  const { name, github } = options;
  const arn = (role: string) => `arn:${account.partition}:iam::${account.id}:role/${role}`;
  const [cluster, node, logs] = [`${name}-cluster`, `${name}-node`, `${name}-logs`];
  // What EKS's user guide asks of Auto Mode.
  const auto = ['Cluster', 'Compute', 'BlockStorage', 'LoadBalancing', 'Networking'].map(
    (part) => `AmazonEKS${part}Policy`,
  );
  await ensureRole(aws, account, {
    name: cluster,
    trust: trustOf('eks.amazonaws.com', ['sts:AssumeRole', 'sts:TagSession']),
    policies: auto,
  });
  await ensureRole(aws, account, {
    name: node,
    trust: trustOf('ec2.amazonaws.com', ['sts:AssumeRole']),
    policies: ['AmazonEKSWorkerNodeMinimalPolicy', 'AmazonEC2ContainerRegistryPullOnly'],
  });
  await ensureRole(aws, account, {
    name: logs,
    trust: trustOf('pods.eks.amazonaws.com', ['sts:AssumeRole', 'sts:TagSession']),
    policies: ['CloudWatchAgentServerPolicy'],
  });
  if (github === undefined) return { cluster: arn(cluster), node: arn(node), logs: arn(logs), deploy: undefined };
  await ensureRole(aws, account, await deployRole(aws, options, account));
  return { cluster: arn(cluster), node: arn(node), logs: arn(logs), deploy: arn(`${name}-deploy`) };
}

/** May find the cluster and nothing else; what it may do in there is an access entry of the cluster. */
async function deployRole(aws: Aws, options: AwsOptions, { id, partition }: Account): Promise<Role> {
  const { name, region, github, environments } = options;
  const provider = `arn:${partition}:iam::${id}:oidc-provider/${githubIssuer}`;
  const known = listAt(await aws.look('iam', 'list-open-id-connect-providers'), 'OpenIDConnectProviderList');
  if (!known.some((each) => textAt(each, 'Arn') === provider)) {
    const client = ['--client-id-list', 'sts.amazonaws.com'];
    await aws.change('iam', 'create-open-id-connect-provider', '--url', `https://${githubIssuer}`, ...client);
  }
  const subjects = environments.map((environment) => `repo:${github}:environment:${environment}`);
  const condition = { [`${githubIssuer}:aud`]: 'sts.amazonaws.com', [`${githubIssuer}:sub`]: subjects };
  return {
    name: `${name}-deploy`,
    trust: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: provider },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: { StringEquals: condition },
        },
      ],
    },
    policies: [],
    inline: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['eks:DescribeCluster'],
          Resource: [`arn:${partition}:eks:${region}:${id}:cluster/${name}`],
        },
      ],
    },
  };
}

async function ensureRole(aws: Aws, { partition }: Account, { name, trust, policies, inline }: Role): Promise<void> {
  const role = ['--role-name', name];
  const found = await aws.look('iam', 'get-role', ...role);
  const document = JSON.stringify(trust);
  if (!found) await aws.change('iam', 'create-role', ...role, '--assume-role-policy-document', document);
  else if (!isDeepStrictEqual(at(found, 'Role.AssumeRolePolicyDocument'), trust)) {
    await aws.change('iam', 'update-assume-role-policy', ...role, '--policy-document', document);
  }
  const attached = found && (await aws.look('iam', 'list-attached-role-policies', ...role));
  const names = new Set(listAt(attached, 'AttachedPolicies').map((each) => textAt(each, 'PolicyName')));
  for (const policy of policies.filter((each) => !names.has(each))) {
    await aws.change(
      'iam',
      'attach-role-policy',
      ...role,
      '--policy-arn',
      `arn:${partition}:iam::aws:policy/${policy}`,
    );
  }
  if (!inline) return;
  const own = found && (await aws.look('iam', 'get-role-policy', ...role, '--policy-name', name));
  if (isDeepStrictEqual(at(own, 'PolicyDocument'), inline)) return;
  await aws.change(
    'iam',
    'put-role-policy',
    ...role,
    '--policy-name',
    name,
    '--policy-document',
    JSON.stringify(inline),
  );
}
