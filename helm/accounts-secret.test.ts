import { afterEach, describe, expect, inject, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { loadConfig } from '#platform/config/load-config.ts';
import { chartFolder } from '#scripts/chart/paths.ts';
import { runOrThrow } from '#scripts/programs/run-program.ts';
import { leastValues, type Manifest, manifestsFor, valueArgs } from './chart-values.fixture.ts';
import { type Cluster, startCluster } from './cluster.fixture.ts';

const { helm } = inject('programs');
const secret = z.object({ stringData: z.object({ JWT_SECRET: z.string(), ADMIN_PASSWORD: z.string() }) });

const secretsIn = (manifests: readonly unknown[]): Manifest[] =>
  manifests.filter((each): each is Manifest => (each as Manifest | null)?.kind === 'Secret');

describe.skipIf(!helm)('the Secret of accounts', () => {
  const clusters: Cluster[] = [];
  afterEach(() => {
    for (const cluster of clusters.splice(0)) cluster.close();
  });

  /** The Secrets of an upgrade in a cluster that holds `held`. */
  async function upgraded(held: readonly Manifest[], values: object = {}): Promise<Manifest[]> {
    const cluster = await startCluster(held);
    clusters.push(cluster);
    const where = ['--dry-run=server', '--disable-openapi-validation', '--kubeconfig', cluster.kubeconfig];
    const text = await runOrThrow('helm', [
      ...['template', 'lamplight', chartFolder, '--namespace', 'lamplight', ...where],
      ...(await valueArgs(leastValues, values)),
    ]);
    return secretsIn(parseAllDocuments(text).map((each): unknown => each.toJS({ maxAliasCount: 1000 })));
  }

  it('is made with random content that the services take, before the migration that needs it', async () => {
    const [one, other] = [secretsIn(await manifestsFor({})), secretsIn(await manifestsFor({}))];
    expect(one).toHaveLength(1);
    const { stringData } = secret.parse(one[0]);
    expect(loadConfig(stringData).accounts).toMatchObject({
      jwtSecrets: [stringData.JWT_SECRET],
      admin: { password: stringData.ADMIN_PASSWORD },
    });
    const others = secret.parse(other[0]).stringData;
    expect(others.JWT_SECRET).not.toBe(stringData.JWT_SECRET);
    expect(others.ADMIN_PASSWORD).not.toBe(stringData.ADMIN_PASSWORD);
    expect(one[0]?.metadata).toMatchObject({
      name: 'lamplight-accounts',
      annotations: { 'helm.sh/hook': 'pre-install,pre-upgrade', 'helm.sh/hook-weight': '-10' },
    });
  });

  it('is neither made anew nor deleted where it is there', async () => {
    const made = secretsIn(await manifestsFor({}));
    expect(await upgraded([])).toHaveLength(1);
    expect(await upgraded(made)).toEqual([]);
    expect(made[0]?.metadata.annotations['helm.sh/hook-delete-policy']).toBe('hook-failed');
  });

  it('is yours where you name one', async () => {
    const named = {
      accounts: { existingSecret: { name: 'keys', jwtSecretKey: 'sign', adminPasswordKey: 'password' } },
    };
    expect(await upgraded([], named)).toEqual([]);
    const text = JSON.stringify(await manifestsFor(named));
    expect(text).toContain('"secretKeyRef":{"name":"keys","key":"sign"}');
    expect(text).toContain('"secretKeyRef":{"name":"keys","key":"password"}');
  });
});
