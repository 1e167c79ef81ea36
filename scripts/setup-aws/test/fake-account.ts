import { readFileSync } from 'node:fs';

/** What there is, by kind and name. Shapes are those of the real answers. */
export type Account = Record<string, Record<string, Thing>>;
type Thing = Record<string, unknown>;
type Parameters = Readonly<Record<string, readonly string[]>>;

/** There is no such thing; the message is the code that the real service gives. */
class Missing extends Error {}

type Handler = (account: Account, get: (name: string) => string, secret: Thing, all: Parameters) => unknown;

const id = '123456789012';
const all = (account: Account, kind: string): Record<string, Thing> => {
  return account[kind] ?? {};
};
const one = (account: Account, kind: string, name: string, code: string): Thing => {
  const found = all(account, kind)[name];
  if (!found) throw new Missing(code);
  return found;
};
const put = (account: Account, kind: string, name: string, thing: Thing): Thing => {
  account[kind] ??= {};
  const kept = account[kind];
  kept[name] = { ...kept[name], ...thing };
  return kept[name];
};
/** What is made is in the state `first`, and in `then` once it was looked at so often. */
const settling = (thing: Thing, key: string, first: string, then: string): Thing => {
  const looks = Number(thing['looks'] ?? 0);
  thing['looks'] = looks + 1;
  const { looks: _looks, ...shown } = thing;
  return { ...shown, [key]: looks < 2 ? first : then };
};

const repositoryMissing = 'RepositoryNotFoundException';
const eksMissing = 'ResourceNotFoundException';

const ecr: Record<string, Handler> = {
  'ecr describe-repositories': (account, get) => ({
    repositories: [one(account, 'repository', get('repository-names'), repositoryMissing)],
  }),
  'ecr create-repository': (account, get) => ({
    repository: put(account, 'repository', get('repository-name'), {
      repositoryName: get('repository-name'),
      imageTagMutability: get('image-tag-mutability'),
      imageScanningConfiguration: { scanOnPush: get('image-scanning-configuration') === 'scanOnPush=true' },
    }),
  }),
  'ecr put-image-tag-mutability': (account, get) =>
    put(account, 'repository', get('repository-name'), { imageTagMutability: get('image-tag-mutability') }),
  'ecr put-image-scanning-configuration': (account, get) =>
    put(account, 'repository', get('repository-name'), { imageScanningConfiguration: { scanOnPush: true } }),
  'ecr get-lifecycle-policy': (account, get) =>
    one(account, 'lifecycle', get('repository-name'), 'LifecyclePolicyNotFoundException'),
  'ecr put-lifecycle-policy': (account, get) =>
    put(account, 'lifecycle', get('repository-name'), { lifecyclePolicyText: get('lifecycle-policy-text') }),
};

const logs: Record<string, Handler> = {
  'logs describe-log-groups': (account, get) => ({
    logGroups: Object.values(all(account, 'logs')).filter((group) =>
      String(group['logGroupName']).startsWith(get('log-group-name-prefix')),
    ),
  }),
  'logs create-log-group': (account, get) => {
    put(account, 'logs', get('log-group-name'), { logGroupName: get('log-group-name') });
  },
  'logs put-retention-policy': (account, get) => {
    put(account, 'logs', get('log-group-name'), { retentionInDays: Number(get('retention-in-days')) });
  },
};

const iam: Record<string, Handler> = {
  'sts get-caller-identity': () => ({ Account: id, Arn: `arn:aws:iam::${id}:user/operator`, UserId: 'A' }),
  'iam get-role': (account, get) => ({ Role: one(account, 'role', get('role-name'), 'NoSuchEntity') }),
  'iam create-role': (account, get) => ({
    Role: put(account, 'role', get('role-name'), {
      RoleName: get('role-name'),
      AssumeRolePolicyDocument: JSON.parse(get('assume-role-policy-document')),
    }),
  }),
  'iam update-assume-role-policy': (account, get) => {
    put(account, 'role', get('role-name'), { AssumeRolePolicyDocument: JSON.parse(get('policy-document')) });
  },
  'iam list-attached-role-policies': (account, get) => ({
    AttachedPolicies: Object.keys(all(account, `attached ${get('role-name')}`)).map((PolicyName) => ({ PolicyName })),
  }),
  'iam attach-role-policy': (account, get) => {
    one(account, 'role', get('role-name'), 'NoSuchEntity');
    put(account, `attached ${get('role-name')}`, get('policy-arn').split('/').at(-1) ?? '', {});
  },
  'iam get-role-policy': (account, get) =>
    one(account, `inline ${get('role-name')}`, get('policy-name'), 'NoSuchEntity'),
  'iam put-role-policy': (account, get) => {
    put(account, `inline ${get('role-name')}`, get('policy-name'), {
      PolicyDocument: JSON.parse(get('policy-document')),
    });
  },
  'iam list-open-id-connect-providers': (account) => ({
    OpenIDConnectProviderList: Object.keys(all(account, 'oidc')).map((Arn) => ({ Arn })),
  }),
  'iam create-open-id-connect-provider': (account, get) =>
    put(account, 'oidc', `arn:aws:iam::${id}:oidc-provider/${get('url').replace('https://', '')}`, {}),
};

const eks: Record<string, Handler> = {
  'eks describe-cluster': (account, get) => ({
    cluster: settling(one(account, 'cluster', get('name'), eksMissing), 'status', 'CREATING', 'ACTIVE'),
  }),
  'eks create-cluster': (account, get) => ({
    cluster: put(account, 'cluster', get('name'), {
      name: get('name'),
      version: get('kubernetes-version'),
      computeConfig: JSON.parse(get('compute-config')),
      logging: JSON.parse(get('logging')),
      resourcesVpcConfig: { ...JSON.parse(get('resources-vpc-config')), clusterSecurityGroupId: 'sg-cluster' },
    }),
  }),
  'eks update-cluster-version': (account, get) =>
    put(account, 'cluster', get('name'), { version: get('kubernetes-version'), looks: 0 }),
  'eks update-cluster-config': (account, get) =>
    put(account, 'cluster', get('name'), { logging: JSON.parse(get('logging')), looks: 0 }),
  'eks describe-addon': (account, get) => ({
    addon: settling(one(account, 'addon', get('addon-name'), eksMissing), 'status', 'CREATING', 'ACTIVE'),
  }),
  'eks create-addon': (account, get) => {
    one(account, 'cluster', get('cluster-name'), eksMissing);
    return { addon: put(account, 'addon', get('addon-name'), { addonName: get('addon-name') }) };
  },
  'eks describe-access-entry': (account, get) => ({
    accessEntry: one(account, 'access', get('principal-arn'), eksMissing),
  }),
  'eks create-access-entry': (account, get) => ({ accessEntry: put(account, 'access', get('principal-arn'), {}) }),
  'eks list-associated-access-policies': (account, get) => {
    // A dry run asks before there is an entry.
    one(account, 'access', get('principal-arn'), eksMissing);
    return { associatedAccessPolicies: Object.values(all(account, `policies ${get('principal-arn')}`)) };
  },
  'eks associate-access-policy': (account, get) => {
    const [type = '', namespaces = ''] = get('access-scope')
      .split(',')
      .map((part) => part.split('=')[1]);
    const scope = { type, namespaces: [namespaces] };
    return put(account, `policies ${get('principal-arn')}`, get('policy-arn'), {
      policyArn: get('policy-arn'),
      accessScope: scope,
    });
  },
};

const network: Record<string, Handler> = {
  'ec2 describe-subnets': (account, _get, _secret, parameters) => ({
    Subnets: (parameters['subnet-ids'] ?? []).map((name) => one(account, 'subnet', name, 'InvalidSubnetID.NotFound')),
  }),
  'ec2 describe-security-groups': (account) => ({ SecurityGroups: Object.values(all(account, 'group')) }),
  'ec2 create-security-group': (account, get) =>
    put(account, 'group', get('group-name'), {
      GroupName: get('group-name'),
      GroupId: 'sg-cache',
      VpcId: get('vpc-id'),
      IpPermissions: [],
    }),
  'ec2 authorize-security-group-ingress': (account, get) => {
    const [group] = Object.keys(all(account, 'group'));
    const rule = { FromPort: Number(get('port')), UserIdGroupPairs: [{ GroupId: get('source-group') }] };
    put(account, 'group', group ?? '', { IpPermissions: [rule] });
    return { Return: true };
  },
};

const cache: Record<string, Handler> = {
  'secretsmanager get-secret-value': (account, get) => one(account, 'secret', get('secret-id'), eksMissing),
  'secretsmanager create-secret': (account, get, secret) => ({
    Name: put(account, 'secret', get('name'), { SecretString: secret['SecretString'] }) && get('name'),
  }),
  'elasticache describe-cache-subnet-groups': (account, get) => ({
    CacheSubnetGroups: [one(account, 'subnets', get('cache-subnet-group-name'), 'CacheSubnetGroupNotFoundFault')],
  }),
  'elasticache create-cache-subnet-group': (account, get) =>
    put(account, 'subnets', get('cache-subnet-group-name'), {}),
  'elasticache describe-cache-parameter-groups': (account, get) => ({
    CacheParameterGroups: [
      one(account, 'parameters', get('cache-parameter-group-name'), 'CacheParameterGroupNotFound'),
    ],
  }),
  'elasticache create-cache-parameter-group': (account, get) =>
    put(account, 'parameters', get('cache-parameter-group-name'), {}),
  'elasticache describe-cache-parameters': (account, get) => ({
    Parameters: Object.values(
      one(account, 'parameters', get('cache-parameter-group-name'), 'CacheParameterGroupNotFound'),
    ),
  }),
  'elasticache modify-cache-parameter-group': (account, get) => {
    const [ParameterName = '', ParameterValue = ''] = get('parameter-name-values')
      .split(',')
      .map((part) => part.split('=')[1]);
    return put(account, 'parameters', get('cache-parameter-group-name'), {
      [ParameterName]: { ParameterName, ParameterValue },
    });
  },
  'elasticache describe-replication-groups': (account, get) => ({
    ReplicationGroups: [
      settling(
        one(account, 'replication', get('replication-group-id'), 'ReplicationGroupNotFoundFault'),
        'Status',
        'creating',
        'available',
      ),
    ],
  }),
  'elasticache create-replication-group': (account, get, secret) =>
    put(account, 'replication', get('replication-group-id'), {
      TransitEncryptionEnabled: true,
      AuthTokenEnabled: typeof secret['AuthToken'] === 'string',
      ClusterEnabled: false,
      CacheNodeType: get('cache-node-type'),
      NodeGroups: [{ PrimaryEndpoint: { Address: 'master.lamplight.cache.example', Port: 6379 } }],
    }),
  'elasticache modify-replication-group': (account, get) =>
    put(account, 'replication', get('replication-group-id'), { CacheNodeType: get('cache-node-type') }),
};

const handlers: Record<string, Handler> = { ...ecr, ...logs, ...iam, ...eks, ...network, ...cache };

const parametersOf = (words: readonly string[]): Parameters => {
  const parameters: Record<string, string[]> = {};
  let name = '';
  for (const word of words) {
    if (word.startsWith('--')) {
      name = word.slice(2);
      parameters[name] = [];
    } else parameters[name]?.push(word);
  }
  return parameters;
};

/** What `--cli-input-json` brings. */
export function secretOf(words: readonly string[]): Thing {
  const [file] = parametersOf(words)['cli-input-json'] ?? [];
  return file === undefined ? {} : JSON.parse(readFileSync(new URL(file), 'utf8'));
}

/** Answers one call as the program does, and changes the account. Throws where it does not know the operation or lacks a parameter. */
export function answer(account: Account, words: readonly string[]): { code: number; stdout: string; stderr: string } {
  const [service = '', operation = '', ...rest] = words;
  const handler = handlers[`${service} ${operation}`];
  if (!handler) throw new Error(`The fake aws does not know ${service} ${operation}.`);
  const parameters = parametersOf(rest);
  const get = (name: string): string => {
    const value = parameters[name]?.[0];
    if (value === undefined) throw new Error(`${service} ${operation} was not given --${name}.`);
    return value;
  };
  try {
    const reply = handler(account, get, secretOf(rest), parameters);
    return { code: 0, stdout: reply === undefined ? '' : `${JSON.stringify(reply, null, 4)}\n`, stderr: '' };
  } catch (error) {
    if (error instanceof Missing) return failed(error.message, operation);
    throw error;
  }
}

/** How the program says that a call failed. */
export const failed = (code: string, operation: string) => ({
  code: 254,
  stdout: '',
  stderr: `\nAn error occurred (${code}) when calling the ${operation} operation: so it is\n`,
});
