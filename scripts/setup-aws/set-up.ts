import { type Aws, AwsError, listAt, textAt } from './aws.ts';
import { type Network, openCache, startCache, tokenName } from './cache.ts';
import { awaitCluster, fillCluster, startCluster } from './cluster.ts';
import type { AwsOptions } from './options.ts';
import { setUpLogs, setUpRegistry } from './registry.ts';
import { type Account, type Roles, setUpRoles } from './roles.ts';

/** Makes everything that is missing, in an order in which each step finds what it needs. Returns what a person does next. */
export async function setUp(aws: Aws, options: AwsOptions): Promise<string> {
  const account = await findAccount(aws);
  const network = await findNetwork(aws, options);
  await setUpRegistry(aws);
  await setUpLogs(aws, options);
  const roles = await setUpRoles(aws, options, account);
  // Both take a quarter of an hour: they are begun before either is waited for.
  await startCluster(aws, options, roles);
  await startCache(aws, options, network);
  await awaitCluster(aws, options.name);
  await fillCluster(aws, options, roles, account);
  const endpoint = await openCache(aws, options, network);
  return nextSteps(options, account, roles, endpoint);
}

async function findAccount(aws: Aws): Promise<Account> {
  const identity = await aws.look('sts', 'get-caller-identity');
  const [id, partition] = [textAt(identity, 'Account'), textAt(identity, 'Arn')?.split(':')[1]];
  if (!id || !partition)
    throw new AwsError('`aws sts get-caller-identity` does not say which account this is: sign in first.');
  return { id, partition };
}

async function findNetwork(aws: Aws, { subnets }: AwsOptions): Promise<Network> {
  const found = listAt(await aws.look('ec2', 'describe-subnets', '--subnet-ids', ...subnets), 'Subnets');
  if (found.length < subnets.length)
    throw new AwsError(`Not all of ${subnets.join(', ')} are subnets of this account and region.`);
  const vpcs = new Set(found.map((each) => textAt(each, 'VpcId')));
  const zones = new Set(found.map((each) => textAt(each, 'AvailabilityZone')));
  const [vpc] = vpcs;
  if (!vpc || vpcs.size > 1) throw new AwsError('The subnets are of more than one VPC.');
  if (zones.size < 2) throw new AwsError('The subnets are all in one zone: name some of two zones or more.');
  return { vpc };
}

function nextSteps(options: AwsOptions, { id, partition }: Account, roles: Roles, endpoint: string): string {
  const { name, region, namespace } = options;
  const registry = `${id}.dkr.ecr.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
  const token = `$(aws secretsmanager get-secret-value --region ${region} --secret-id ${tokenName(name)} --query SecretString --output text)`;
  return `
What to do next (docs/aws.md says more):

  aws eks update-kubeconfig --region ${region} --name ${name}
  kubectl create namespace ${namespace}
  printf 'rediss://:%s@${endpoint}:6379' "${token}" |
    kubectl -n ${namespace} create secret generic lamplight-redis --from-file=url=/dev/stdin
  kubectl -n ${namespace} create secret generic lamplight-mongodb --from-file=uri=FILE-WITH-THE-URI
  kubectl -n ${namespace} create secret generic lamplight-openai --from-file=OPENAI_API_KEY=FILE-WITH-THE-KEY
  aws ecr get-login-password --region ${region} | docker login --username AWS --password-stdin ${registry}
  npm run images -- --engine docker --push ${registry}
  helm upgrade --install lamplight helm/lamplight -n ${namespace} -f helm/lamplight/values-aws.yaml \\
    --set settings.OPENAI_INPUT_PRICE=INPUT-PRICE --set settings.OPENAI_OUTPUT_PRICE=OUTPUT-PRICE \\
    --set publicUrl=https://chat.example.org --set image.registry=${registry} --set edge.image.registry=${registry}
${roles.deploy === undefined ? '' : `\nGitHub's workflows sign in as ${roles.deploy}\n`}`;
}
