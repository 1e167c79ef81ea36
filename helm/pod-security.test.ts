import { describe, expect, inject, it } from 'vitest';
import { exampleNames } from '#scripts/chart/paths.ts';
import { exampleManifests, manifestsFor, type PodTemplate, podsIn } from './chart-values.fixture.ts';

const { helm } = inject('programs');

/** What of the pod is not as Kubernetes's `restricted` level and a read-only root want it. */
function faultsOf({ owner, spec }: PodTemplate): string[] {
  const pod = spec['securityContext'] as Record<string, unknown> | undefined;
  const faults = [
    pod?.['runAsNonRoot'] !== true && 'may run as root',
    !(Number(pod?.['runAsUser']) > 0) && 'has no user',
    JSON.stringify(pod?.['seccompProfile']) !== '{"type":"RuntimeDefault"}' && 'has no seccomp profile',
    spec['automountServiceAccountToken'] !== false && 'gets a token',
    ['hostNetwork', 'hostPID', 'hostIPC'].some((name) => spec[name] !== undefined) && 'shares what is of the host',
    spec.volumes.some((volume) => !['emptyDir', 'configMap', 'secret'].some((kind) => kind in volume)) &&
      'mounts what is of the host',
  ];
  for (const { name, securityContext, resources, volumeMounts } of [...spec.initContainers, ...spec.containers]) {
    const limits = (resources as { limits?: { memory?: string } } | undefined)?.limits;
    faults.push(
      securityContext?.['allowPrivilegeEscalation'] !== false && `${name} may gain rights`,
      securityContext?.['readOnlyRootFilesystem'] !== true && `${name} may write to its root`,
      JSON.stringify(securityContext?.['capabilities']) !== '{"drop":["ALL"]}' && `${name} has capabilities`,
      limits?.memory === undefined && `${name} has no limit of memory`,
      name !== 'test' && !volumeMounts.some(({ mountPath }) => mountPath === '/tmp') && `${name} has no /tmp`,
    );
  }
  return faults.filter((fault) => fault !== false).map((fault) => `${owner}: ${fault}`);
}

type Labels = Readonly<Record<string, string>>;
interface Selector {
  readonly matchLabels?: Labels;
}
const selects = ({ matchLabels = {} }: Selector, labels: Labels): boolean =>
  Object.entries(matchLabels).every(([name, value]) => labels[name] === value);

describe.skipIf(!helm)('pods of the chart', () => {
  it.each(exampleNames())('are restricted, with ci/%s.yaml', async (name) => {
    expect(podsIn(await exampleManifests(name)).flatMap(faultsOf)).toEqual([]);
  });

  it('are seen not to be where they are not', async () => {
    const loose = { containerSecurityContext: { readOnlyRootFilesystem: false }, podSecurityContext: { runAsUser: 0 } };
    const faults = podsIn(await manifestsFor(loose)).flatMap(faultsOf);
    expect(faults).toContain('Deployment lamplight-api: api may write to its root');
    expect(faults).toContain('Deployment lamplight-api: has no user');
  });

  it.each(exampleNames())(
    'can each be reached by nobody, and by one policy of their own, with ci/%s.yaml',
    async (name) => {
      const manifests = await exampleManifests(name);
      const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
      for (const { owner, labels } of podsIn(manifests)) {
        const over = policies.filter(({ spec }) => selects(spec?.['podSelector'] as Selector, labels));
        const [own, ...others] = over.filter(({ metadata }) => metadata.name !== 'lamplight-nothing');
        expect(over.length, owner).toBe(2);
        expect(own?.metadata.labels['app.kubernetes.io/component'], owner).toBe(labels['app.kubernetes.io/component']);
        expect(others, owner).toEqual([]);
        expect(own?.spec?.['policyTypes']).toEqual(['Ingress', 'Egress']);
      }
      const nothing = policies.find(({ metadata }) => metadata.name === 'lamplight-nothing');
      expect([nothing?.spec?.['ingress'], nothing?.spec?.['egress']]).toEqual([undefined, undefined]);
    },
  );

  it('take each other only by what their Service selects', async () => {
    const manifests = await exampleManifests('trial');
    const pods = podsIn(manifests);
    const services = manifests.filter(({ kind }) => kind === 'Service');
    expect(services.length).toBe(7);
    for (const { metadata, spec } of services) {
      const found = pods.filter(({ labels }) => selects({ matchLabels: spec?.['selector'] as Labels }, labels));
      expect(found.map(({ owner }) => owner.split(' ')[1])).toEqual([metadata.name]);
    }
  });

  it('let workers reach the models where they are set to be', async () => {
    const policies = await manifestsFor({
      settings: { OPENAI_BASE_URL: 'http://models.internal:11434/v1' },
      models: {
        config: { providers: [{ baseUrl: 'http://plain.internal/v1' }, { baseUrl: 'https://secure.internal' }] },
      },
    });
    const worker = policies.find(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'lamplight-worker',
    );
    expect(worker?.spec?.['egress']).toContainEqual({
      ports: [443, 11434, 80].map((port) => ({ protocol: 'TCP', port })),
    });
  });

  it('let the api alone reach an OpenID provider, where it is', async () => {
    const rule = { ports: [443, 8443].map((port) => ({ protocol: 'TCP', port })) };
    const policies = (await exampleManifests('production')).filter(({ kind }) => kind === 'NetworkPolicy');
    const reaching = policies.filter(({ spec }) => JSON.stringify(spec?.['egress'])?.includes(JSON.stringify(rule)));
    expect(reaching.map(({ metadata }) => metadata.name)).toEqual(['lamplight-api']);
  });
});
