import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { AwsError, openAws, type RunAws } from './aws.ts';
import { readOptions } from './options.ts';
import { setUp } from './set-up.ts';
import { type Account, answer, failed, secretOf } from './test/fake-account.ts';

const { 'awscli-python': awsPython } = inject('programs');
const root = resolve(import.meta.dirname, '../..');
const usual = ['--region', 'eu-central-1', '--subnets', 'subnet-a1,subnet-b2', '--github', 'example/lamplight'];
const reading = /^(describe|get|list)-/;
const subnet = (zone: string) => ({ VpcId: 'vpc-1', AvailabilityZone: `eu-central-1${zone}` });
const empty = { subnet: { 'subnet-a1': subnet('a'), 'subnet-b2': subnet('b'), 'subnet-b3': subnet('b') } };

describe('setup-aws', { timeout: 40_000 }, () => {
  let account: Account;
  let calls: { words: readonly string[]; secret: Record<string, unknown> }[];
  let failing: string | undefined;
  beforeEach(() => {
    account = structuredClone(empty);
    calls = [];
    failing = undefined;
  });

  const fakeAws: RunAws = async (words) => {
    const operation = words[1] ?? '';
    calls.push({ words, secret: secretOf(words) });
    if (operation !== failing) return answer(account, words);
    failing = undefined;
    return failed('ThrottlingException', operation);
  };
  const changes = () => calls.filter(({ words }) => !reading.test(words[1] ?? ''));
  const setUpAws = async (args: readonly string[]) => {
    const options = readOptions(args);
    if (!options) throw new Error('These are no options.');
    const lines: string[] = [];
    const { region, dryRun, waitMinutes } = options;
    const print = (line: string) => void lines.push(line);
    const aws = openAws({ region, dryRun, waitMs: waitMinutes * 60_000, everyMs: 1, print, run: fakeAws });
    try {
      lines.push(await setUp(aws, options));
      return { done: true, output: lines.join('\n') };
    } catch (error) {
      if (error instanceof AwsError) return { done: false, output: [...lines, error.message].join('\n') };
      throw error;
    }
  };

  it('makes all that is missing, in order, and nothing when it runs again', async () => {
    const first = await setUpAws(usual);
    expect(first.output).toContain('What to do next');
    expect(first.output).toMatch(
      /npm run images -- .*--push (\S+)\n[\s\S]*--set image\.registry=\1 --set edge\.image\.registry=\1\n/,
    );
    expect(first.done).toBe(true);
    const made = changes();
    const operations = [...new Set(made.map(({ words }) => `${words[0]} ${words[1]}`))];
    expect(operations).toMatchInlineSnapshot(`
      [
        "ecr create-repository",
        "ecr put-lifecycle-policy",
        "logs create-log-group",
        "logs put-retention-policy",
        "iam create-role",
        "iam attach-role-policy",
        "iam create-open-id-connect-provider",
        "iam put-role-policy",
        "eks create-cluster",
        "ec2 create-security-group",
        "elasticache create-cache-subnet-group",
        "elasticache create-cache-parameter-group",
        "elasticache modify-cache-parameter-group",
        "secretsmanager create-secret",
        "elasticache create-replication-group",
        "eks create-addon",
        "eks create-access-entry",
        "eks associate-access-policy",
        "ec2 authorize-security-group-ingress",
      ]
    `);

    // A token is in no command line and in no output.
    const secrets = made.flatMap(({ secret }) => Object.values(secret));
    expect(new Set(secrets).size).toBe(1);
    const [token = ''] = secrets;
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(made.map(({ words }) => words))).not.toContain(token);
    expect(first.output).not.toContain(token);

    calls = [];
    const again = await setUpAws(usual);
    expect(again).toMatchObject({ done: true });
    expect(changes()).toEqual([]);
  });

  it('lets GitHub’s workflows find the cluster, and do nothing else in the account', async () => {
    await setUpAws(usual);
    const put = changes().find(({ words }) => words[1] === 'put-role-policy')?.words ?? [];
    const { Statement } = JSON.parse(put[put.indexOf('--policy-document') + 1] ?? '');
    const cluster = expect.stringMatching(/^arn:aws:eks:eu-central-1:\d{12}:cluster\/lamplight$/);
    expect(Statement).toEqual([{ Effect: 'Allow', Action: ['eks:DescribeCluster'], Resource: [cluster] }]);
  });

  it('changes nothing in a dry run, and prints each command that would', async () => {
    const { done, output } = await setUpAws([...usual, '--dry-run']);
    expect(done).toBe(true);
    expect(changes()).toEqual([]);
    expect(account).toEqual(empty);
    const printed = output.split('\n').filter((line) => line.startsWith('would run: aws '));
    await setUpAws(usual);
    const made = changes().map(({ words }) => `${words[0]} ${words[1]}`);
    expect(printed.map((line) => line.split(' ').slice(3, 5).join(' '))).toEqual(made);
  });

  it('completes when repeated after a command failed', async () => {
    for (const operation of ['attach-role-policy', 'create-replication-group', 'create-addon']) {
      failing = operation;
      const cut = await setUpAws(usual);
      expect(cut).toMatchObject({ done: false, output: expect.stringContaining('ThrottlingException') });
    }
    expect(await setUpAws(usual)).toMatchObject({ done: true });
    const made = changes().map(({ words }) => words.filter((word) => !word.startsWith('file:')).join(' '));
    const repeated = made.filter((each, index) => made.indexOf(each) !== index);
    // Only those that failed were sent twice.
    expect(repeated.map((each) => each.split(' ')[1])).toEqual([
      'attach-role-policy',
      'create-replication-group',
      'create-addon',
    ]);
  });

  it('adjusts what differs, and deletes nothing', async () => {
    await setUpAws(usual);
    Object.assign(account['repository']?.['lamplight/edge'] ?? {}, { imageTagMutability: 'MUTABLE' });
    Object.assign(account['logs']?.['/aws/eks/lamplight/cluster'] ?? {}, { retentionInDays: undefined });
    Object.assign(account['role']?.['lamplight-deploy'] ?? {}, { AssumeRolePolicyDocument: {} });
    Object.assign(account['parameters']?.['lamplight'] ?? {}, { 'maxmemory-policy': {} });
    calls = [];
    expect(await setUpAws([...usual, '--version', '1.35', '--cache-node', 'cache.r7g.large'])).toMatchObject({
      done: true,
    });
    expect(changes().map(({ words }) => words[1])).toEqual([
      'put-image-tag-mutability',
      'put-retention-policy',
      'update-assume-role-policy',
      'update-cluster-version',
      'modify-cache-parameter-group',
      'modify-replication-group',
    ]);
  });

  it.each([
    ['a cluster that is two versions behind', ['--version', '1.36'], /one minor version at a time/],
    ['subnets of one zone', ['--subnets', 'subnet-b2,subnet-b3'], /all in one zone/],
    ['subnets that are not there', ['--subnets', 'subnet-b2,subnet-zz'], /InvalidSubnetID|Not all of/],
  ])('refuses %s', async (_what, args, message) => {
    await setUpAws(usual);
    calls = [];
    const refused = await setUpAws([...usual, ...args]);
    expect(refused.output).toMatch(message);
    expect(refused.done).toBe(false);
    expect(changes()).toEqual([]);
  });

  it('gives up waiting after the time that it was given', async () => {
    await setUpAws(usual);
    Object.assign(account['cluster']?.['lamplight'] ?? {}, { looks: -1e9 });
    const late = await setUpAws([...usual, '--wait-minutes', '0.01']);
    expect(late).toMatchObject({ done: false, output: expect.stringContaining('was not ready within 0.01 minutes') });
  });

  it('runs the aws program of the PATH, and says so where there is none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lamplight-aws-'));
    const script = (...more: string[]) => {
      const env = { PATH: folder, FAKE_AWS: join(folder, 'account.json') };
      return spawnSync(process.execPath, [join(root, 'scripts/setup-aws.ts'), ...more], { env, encoding: 'utf8' });
    };
    expect(script(...usual)).toMatchObject({ status: 1, stderr: expect.stringContaining('install the AWS CLI') });
    expect(script('--region', 'x')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--subnets is missing'),
    });
    expect(script('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--dry-run') });
    const fake = join(import.meta.dirname, 'test/fake-aws.ts');
    await writeFile(join(folder, 'aws'), `#!/bin/sh\nexec ${process.execPath} ${fake} "$@"\n`, { mode: 0o755 });
    await writeFile(join(folder, 'account.json'), JSON.stringify(empty));
    const refused = script('--region', 'eu-central-1', '--subnets', 'subnet-a1,subnet-zz');
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('Not all of subnet-a1') });
    await rm(folder, { recursive: true });
  });

  it.skipIf(!awsPython)('gives every command parameters that the AWS CLI knows', async () => {
    await setUpAws(usual);
    await setUpAws([...usual, '--version', '1.35', '--cache-node', 'cache.r7g.large']);
    const every = calls.map(({ words, secret }) => {
      // Its file is gone by now.
      const at = words.indexOf('--cli-input-json');
      return at < 0 ? words : [...words.slice(0, at + 1), JSON.stringify(secret), ...words.slice(at + 2)];
    });
    const kinds = new Map(
      every.map((words) => [words.filter((word, index) => index < 2 || word.startsWith('--')).join(' '), words]),
    );
    const check = [join(import.meta.dirname, 'test/check-parameters.py')];
    const said = execFileSync(awsPython ?? '', check, { input: JSON.stringify([...kinds.values()]), encoding: 'utf8' });
    expect(said).toContain(`${kinds.size} commands`);
    // A check that lets a wrong one through would be none: an unknown option, a missing one, an unknown field.
    for (const words of [
      ['eks', 'describe-cluster', '--cluster', 'x'],
      ['eks', 'create-addon', '--cluster-name', 'x'],
      ['eks', 'create-cluster', '--name', 'x', '--role-arn', 'y', '--resources-vpc-config', '{"subnets":["a"]}'],
    ]) {
      const input = JSON.stringify([[...words, '--region', 'eu-central-1']]);
      expect(spawnSync(awsPython ?? '', check, { input }).status).toBe(1);
    }
  });
});

describe('the options of setup-aws', () => {
  it('are listed with every mistake at once', () => {
    const wrong = ['--region', 'Frankfurt', '--subnets', 'subnet-a1', '--log-days', '31', '--name', 'A'];
    expect(() => readOptions(wrong)).toThrow(/--region Frankfurt[\s\S]*--subnets[\s\S]*--name A[\s\S]*--log-days 31/);
    expect(() => readOptions([])).toThrow(/--region is missing[\s\S]*--subnets is missing/);
    expect(() => readOptions(['--delete'])).toThrow(/--delete/);
    expect(readOptions(['--help'])).toBeUndefined();
  });
});
