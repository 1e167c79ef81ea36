import { afterEach, describe, expect, inject, it } from 'vitest';
import { chartFolder } from '#scripts/chart/paths.ts';
import { runProgram } from '#scripts/programs/run-program.ts';
import { leastValues, type Manifest, manifestsFor, valueArgs } from './chart-values.fixture.ts';
import { type Cluster, startCluster } from './cluster.fixture.ts';

const { helm } = inject('programs');

const bundled = (persistence: object = {}) => ({ mongodb: { bundled: { enabled: true, persistence } } });
const disk = (size: string, storageClass = '') => bundled({ enabled: true, size, storageClass });

const asRelease = (manifests: readonly Manifest[], version: string): Manifest[] =>
  manifests.map((each) => ({
    ...each,
    metadata: { ...each.metadata, labels: { ...each.metadata.labels, 'app.kubernetes.io/version': version } },
  }));

describe.skipIf(!helm)('an upgrade', () => {
  const clusters: Cluster[] = [];
  afterEach(() => {
    for (const cluster of clusters.splice(0)) cluster.close();
  });

  /** What helm says to `values` in a cluster where `installed` runs; empty where it has nothing against them. */
  async function objection(installed: readonly Manifest[], values: object): Promise<string> {
    const cluster = await startCluster(installed);
    clusters.push(cluster);
    const { code, stderr } = await runProgram('helm', [
      'template',
      'lamplight',
      chartFolder,
      '--namespace',
      'lamplight',
      '--dry-run=server',
      '--disable-openapi-validation',
      '--kubeconfig',
      cluster.kubeconfig,
      ...(await valueArgs(leastValues, values)),
    ]);
    return code === 0 ? '' : stderr;
  }

  it('to the same, to a newer release and to an empty cluster is taken', async () => {
    const installed = await manifestsFor({});
    expect(await objection([], {})).toBe('');
    expect(await objection(installed, {})).toBe('');
    expect(await objection(asRelease(installed, '0.0.9'), {})).toBe('');
    expect(await objection(await manifestsFor(disk('8Gi')), disk('8Gi'))).toBe('');
  });

  it.each(['0.1.1', '0.2.0', '1.0.0', '99.0.0-rc.1'])(
    'from the newer release %s is refused, unless allowed',
    async (version) => {
      const installed = asRelease(await manifestsFor({}), version);
      expect(await objection(installed, {})).toContain(`This upgrade is refused:\n  - release ${version} runs`);
      expect(await objection(installed, { allowDowngrade: true })).toBe('');
    },
  );

  it('that leaves a bundled MongoDB behind is refused, unless allowed', async () => {
    const installed = await manifestsFor(bundled());
    expect(await objection(installed, {})).toContain('the bundled MongoDB runs, and what it holds would stay behind');
    expect(await objection(installed, { allowDatabaseChange: true })).toBe('');
  });

  it('that leaves an external MongoDB behind is refused, unless allowed', async () => {
    const installed = await manifestsFor({});
    expect(await objection(installed, bundled())).toContain('an external MongoDB is in use, and what it holds would');
    expect(await objection(installed, { ...bundled(), allowDatabaseChange: true })).toBe('');
  });

  it.each([
    [
      'its disk',
      disk('8Gi'),
      bundled({ enabled: false }),
      'persistence.enabled: cannot be changed once it is installed',
    ],
    ['having no disk', bundled({ enabled: false }), disk('8Gi'), 'persistence.enabled: cannot be changed'],
    ['the size of its disk', disk('8Gi'), disk('9Gi'), 'persistence.size: is 8Gi in the cluster'],
    ['the class of its disk', disk('8Gi', 'slow'), disk('8Gi', 'fast'), 'persistence.storageClass: cannot be changed'],
  ])('that changes %s of a bundled MongoDB is refused', async (_, before, after, says) => {
    expect(await objection(await manifestsFor(before), after)).toContain(`mongodb.bundled.${says}`);
  });

  it('beside a Deployment of another release is none of its business', async () => {
    const others = asRelease(await manifestsFor({}), '9.0.0').map((each) => ({
      ...each,
      metadata: { ...each.metadata, labels: { ...each.metadata.labels, 'app.kubernetes.io/instance': 'other' } },
    }));
    expect(await objection(others, {})).toBe('');
  });
});
