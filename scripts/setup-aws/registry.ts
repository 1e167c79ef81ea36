import { isDeepStrictEqual } from 'node:util';
import { type Aws, at, listAt, textAt } from './aws.ts';
import type { AwsOptions } from './options.ts';

const repositories = ['lamplight/server', 'lamplight/edge'] as const;

/** Layers that no tag names any more go after two weeks; of what was released the last hundred stay. */
const lifecycle = {
  rules: [
    {
      rulePriority: 1,
      description: 'What no tag names',
      selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 14 },
      action: { type: 'expire' },
    },
    {
      rulePriority: 2,
      description: 'Old releases',
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 100 },
      action: { type: 'expire' },
    },
  ],
};

/** Repositories for both images: a tag is never moved, and every image is scanned when it comes. */
export async function setUpRegistry(aws: Aws): Promise<void> {
  for (const name of repositories) {
    const found = at(await aws.look('ecr', 'describe-repositories', '--repository-names', name), 'repositories.0');
    if (!found) {
      const scan = ['--image-tag-mutability', 'IMMUTABLE', '--image-scanning-configuration', 'scanOnPush=true'];
      await aws.change('ecr', 'create-repository', '--repository-name', name, ...scan);
    } else {
      if (textAt(found, 'imageTagMutability') !== 'IMMUTABLE') {
        await aws.change(
          'ecr',
          'put-image-tag-mutability',
          '--repository-name',
          name,
          '--image-tag-mutability',
          'IMMUTABLE',
        );
      }
      if (at(found, 'imageScanningConfiguration.scanOnPush') !== true) {
        const scan = ['--image-scanning-configuration', 'scanOnPush=true'];
        await aws.change('ecr', 'put-image-scanning-configuration', '--repository-name', name, ...scan);
      }
    }
    const policy = textAt(
      await aws.look('ecr', 'get-lifecycle-policy', '--repository-name', name),
      'lifecyclePolicyText',
    );
    if (!policy || !isDeepStrictEqual(JSON.parse(policy), lifecycle)) {
      const wanted = ['--lifecycle-policy-text', JSON.stringify(lifecycle)];
      await aws.change('ecr', 'put-lifecycle-policy', '--repository-name', name, ...wanted);
    }
  }
}

/** Log groups, made before EKS and the log collector would make them and keep everything for ever. */
export async function setUpLogs(aws: Aws, { name, logDays }: AwsOptions): Promise<void> {
  const collected = ['application', 'dataplane', 'host', 'performance'].map(
    (kind) => `/aws/containerinsights/${name}/${kind}`,
  );
  for (const group of [`/aws/eks/${name}/cluster`, ...collected]) {
    const answer = await aws.look('logs', 'describe-log-groups', '--log-group-name-prefix', group);
    const found = listAt(answer, 'logGroups').find((each) => textAt(each, 'logGroupName') === group);
    if (!found) await aws.change('logs', 'create-log-group', '--log-group-name', group);
    if (at(found, 'retentionInDays') !== logDays) {
      const days = ['--retention-in-days', String(logDays)];
      await aws.change('logs', 'put-retention-policy', '--log-group-name', group, ...days);
    }
  }
}
