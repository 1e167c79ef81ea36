import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadConfig } from '#platform/config/load-config.ts';
import { settingNamed } from '#platform/config/settings.ts';
import { staleFiles } from '#scripts/chart/generated-files.ts';
import { chartFolder, exampleNames } from '#scripts/chart/paths.ts';
import { chartSettings } from '#scripts/chart/settings-schema.ts';
import { runProgram } from '#scripts/programs/run-program.ts';
import { queues } from '#services/foundation/queues.ts';
import { environmentOf, exampleManifests, manifestsFor, podOf, podsIn } from './chart-values.fixture.ts';

const { helm } = inject('programs');
const read = (name: string) => readFile(join(chartFolder, name), 'utf8');

type Schema = { readonly $ref?: string; readonly type?: unknown; readonly properties?: Record<string, Schema> } & {
  readonly $defs?: Record<string, Schema>;
  readonly additionalProperties?: unknown;
};

/** What is wrong with the schema of a group of values: values that it does not know, and names that it would let pass. */
function faultsOf(values: Record<string, unknown>, schema: Schema, root: Schema, path = ''): string[] {
  const real = schema.$ref ? (root.$defs?.[schema.$ref.replace('#/$defs/', '')] ?? {}) : schema;
  if (!real.properties) return [];
  const faults = real.additionalProperties === false ? [] : [`${path || 'the root'} takes any name`];
  for (const [name, value] of Object.entries(values)) {
    const known = real.properties[name];
    if (!known) faults.push(`${path}${name} is not in the schema`);
    else if (typeof value === 'object' && value !== null && !Array.isArray(value))
      faults.push(...faultsOf(value as Record<string, unknown>, known, root, `${path}${name}.`));
  }
  return faults;
}

describe.skipIf(!helm)('the chart', () => {
  it('has a schema that knows every value, and no other', async () => {
    const schema: Schema = JSON.parse(await read('values.schema.json'));
    const values = parse(await read('values.yaml'));
    expect(faultsOf(values, schema, schema)).toEqual([]);
    expect(faultsOf({ ...values, edge: { enable: true } }, schema, schema)).toEqual([
      'edge.enable is not in the schema',
    ]);
  });

  it('has a README, a schema and golden renders that are current (npm run chart -- update)', async () => {
    expect(await staleFiles()).toEqual([]);
  });

  it.each(exampleNames())('has no faults that helm lint finds, with ci/%s.yaml', async (name) => {
    const { code, stdout } = await runProgram('helm', [
      'lint',
      '--strict',
      chartFolder,
      '--values',
      join(chartFolder, 'ci', `${name}.yaml`),
    ]);
    expect(code, stdout).toBe(0);
  });

  it('is of the release of the package', async () => {
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile('package.json', 'utf8')));
    expect(parse(await read('Chart.yaml'))).toMatchObject({ appVersion: version });
  });

  it('gives every process all settings that its values may hold, numbers as they are written', async () => {
    const settings = Object.fromEntries(chartSettings.map(({ name }) => [name, 4_000_000]));
    const manifests = await manifestsFor({ settings });
    for (const name of ['api', 'realtime', 'worker', 'scheduler']) {
      const environment = environmentOf(podOf(manifests, name));
      for (const setting of Object.keys(settings)) expect(environment[setting], setting).toBe('4000000');
    }
  });

  it.each([true, false, 'on', 'off'])('takes GUESTS: %j as a person means it', async (given) => {
    const pod = podOf(await manifestsFor({ settings: { GUESTS: given } }), 'api');
    const { guests } = loadConfig({ GUESTS: environmentOf(pod)['GUESTS'] }).accounts;
    expect(guests).toBe(given === true || given === 'on');
  });

  it('lets a worker finish the longest answer, as long as that is', async () => {
    const longest = Number(settingNamed('MAX_RUN_SECONDS').default);
    const graces = async (values: object) => {
      const pod = podOf(await manifestsFor(values), 'worker');
      return [environmentOf(pod)['SHUTDOWN_GRACE_SECONDS'], pod.spec.terminationGracePeriodSeconds];
    };
    expect(await graces({})).toEqual([String(longest), longest + 20]);
    expect(await graces({ settings: { MAX_RUN_SECONDS: 60 } })).toEqual(['60', 80]);
    expect(await graces({ worker: { shutdownGraceSeconds: 0, preStopSeconds: 3 } })).toEqual(['0', 23]);
  });

  it('takes secrets from Secrets that are there, and makes none', async () => {
    const manifests = await exampleManifests('production');
    expect(manifests.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    expect(environmentOf(podOf(manifests, 'worker'))).toMatchObject({
      MONGODB_URI: 'lamplight-databases/mongodb',
      REDIS_URL: 'lamplight-databases/redis',
      SMTP_URL: 'lamplight-smtp/SMTP_URL',
      JWT_SECRET: 'lamplight-accounts/JWT_SECRET',
      HOSTED_KEY: 'lamplight-models/hosted',
      MODELS_FILE: '/etc/lamplight/models/models.yaml',
    });
  });

  it("keeps what only one of them needs from the others: the OpenID client's secret, the administrator's password", async () => {
    const manifests = await exampleManifests('production');
    const processes = ['api', 'realtime', 'worker', 'scheduler'];
    const having = (name: string) =>
      processes.filter((each) => environmentOf(podOf(manifests, each))[name] !== undefined);
    expect(having('OIDC_CLIENT_SECRET')).toEqual(['api']);
    expect(having('ADMIN_PASSWORD')).toEqual([]);
    const migration = podsIn(manifests).find(({ owner }) => owner === 'Job lamplight-migration');
    expect(migration && environmentOf(migration)).toMatchObject({
      ADMIN_EMAIL: 'it@example.org',
      ADMIN_PASSWORD: 'lamplight-accounts/ADMIN_PASSWORD',
      JWT_SECRET: 'lamplight-accounts/JWT_SECRET',
      PUBLIC_URL: 'https://chat.example.org',
      REGISTRATION: 'invite',
    });
  });

  it('tells the services whose word on an address counts, and nobody where the list is empty', async () => {
    const proxies = async (values: object) =>
      environmentOf(podOf(await manifestsFor(values), 'realtime'))['TRUSTED_PROXIES'];
    const given = (await proxies({})) ?? '';
    expect(loadConfig({ TRUSTED_PROXIES: given }).http.trustedProxies).toEqual([
      '10.0.0.0/8',
      '172.16.0.0/12',
      '192.168.0.0/16',
      '100.64.0.0/10',
      'fc00::/7',
    ]);
    expect(await proxies({ trustedProxies: [] })).toBeUndefined();
  });

  it('starts the pods of a changed models file anew, and only those of the services', async () => {
    const config = (id: string) => ({ models: { config: { providers: [{ name: 'a', models: [{ id }] }] } } });
    const [one, other] = await Promise.all([manifestsFor(config('one')), manifestsFor(config('other'))]);
    const templates = (manifests: typeof one, name: string) =>
      JSON.stringify(manifests.find((each) => each.kind === 'Deployment' && each.metadata.name === name)?.spec);
    expect(templates(one, 'lamplight-worker')).not.toBe(templates(other, 'lamplight-worker'));
    expect(templates(one, 'lamplight-edge')).toBe(templates(other, 'lamplight-edge'));
  });

  it('tells the edge of origins with a wildcard, and the services of exact ones alone', async () => {
    const manifests = await exampleManifests('production');
    expect(environmentOf(podOf(manifests, 'api'))['CORS_ORIGINS']).toBe('https://www.example.org');
    const [configuration] = podOf(manifests, 'edge').spec.initContainers;
    expect(configuration?.env).toContainEqual({
      name: 'CORS_ORIGINS',
      value: 'https://www.example.org,https://*.intranet.example.org',
    });
  });

  it('migrates before the release, or with it where the databases come with it', async () => {
    const jobs = async (name: string) => (await exampleManifests(name)).filter(({ kind }) => kind === 'Job');
    const [hook] = await jobs('minimal');
    expect(hook?.metadata.annotations['helm.sh/hook']).toBe('pre-install,pre-upgrade,pre-rollback');
    const [bundled] = await jobs('trial');
    expect(bundled?.metadata.annotations['helm.sh/hook']).toBeUndefined();
    expect(bundled?.metadata.name).toMatch(/^lamplight-migration-[0-9a-f]{8}$/);
  });

  it('leaves the number of pods to what scales them', async () => {
    const deployments = (await exampleManifests('production')).filter(({ kind }) => kind === 'Deployment');
    const scaled = deployments
      .filter(({ spec }) => spec?.['replicas'] === undefined)
      .map(({ metadata }) => metadata.name);
    expect(scaled.sort()).toEqual(['lamplight-edge', 'lamplight-realtime', 'lamplight-worker']);
  });

  it.each([
    ['KEDA', 'ScaledObject'],
    ['Kubernetes', 'HorizontalPodAutoscaler'],
  ])('lets %s count a queue that there is', async (_, scaler) => {
    const scaling = { enabled: true, targetQueueDepth: 20, keda: { enabled: scaler === 'ScaledObject' } };
    const manifests = await manifestsFor({
      worker: { autoscaling: scaling },
      keda: { prometheusUrl: 'http://metrics' },
    });
    const said = JSON.stringify(manifests.filter(({ kind }) => kind === scaler));
    // A label of the metric, or the matcher of a query.
    const counted = [...said.matchAll(/\bqueue"?[:=]\\?"([^"\\]+)/g)].map(([, name]) => name);
    expect(counted.length).toBeGreaterThan(0);
    for (const name of counted) expect(queues.map((queue) => queue.name)).toContain(name);
  });

  it('never takes a pod away before another is there', async () => {
    for (const { kind, spec } of await exampleManifests('minimal')) {
      if (kind !== 'Deployment') continue;
      expect(spec?.['strategy']).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
    }
    expect(podsIn(await exampleManifests('minimal')).length).toBe(7);
  });
});
