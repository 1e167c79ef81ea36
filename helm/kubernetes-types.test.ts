import { beforeAll, describe, expect, inject, it } from 'vitest';
import { makeSchemas } from '#scripts/chart/make-schemas.ts';
import { exampleNames } from '#scripts/chart/paths.ts';
import { renderExample } from '#scripts/chart/render-chart.ts';
import { kubernetesVersions } from '#scripts/chart/schema-sources.ts';
import { validateManifests } from '#scripts/chart/validate-manifests.ts';

const { helm, kubeconform, go } = inject('programs');

describe.skipIf(!helm || !kubeconform || !go)('renders of the chart', () => {
  let schemas = '';
  // The first time Go fetches Kubernetes itself.
  beforeAll(async () => {
    schemas = await makeSchemas();
  }, 600_000);

  it.each(exampleNames())('are what Kubernetes and its extensions take, with ci/%s.yaml', async (name) => {
    const manifests = await renderExample(name);
    for (const version of kubernetesVersions) expect(await validateManifests(manifests, schemas, version)).toEqual([]);
  });

  it.each([
    ['a field that there is not', 'production', 'enableServiceLinks: false', 'enableServiceLink: false'],
    ['a number where text belongs', 'minimal', 'clusterIP: None', 'clusterIP: 5'],
    ['a field that an HTTPRoute has not', 'gateway', 'parentRefs:', 'parentReferences:'],
    ['a field that a ServiceMonitor has not', 'production', 'scrapeTimeout:', 'timeout:'],
    ['a field that a Certificate has not', 'production', 'dnsNames:', 'hostNames:'],
    ['a field that a ScaledObject has not', 'gateway', 'maxReplicaCount:', 'maxReplicas:'],
    ['a kind that is not known', 'minimal', 'kind: PodDisruptionBudget', 'kind: PodDisruptionBudge'],
  ])('are not taken with %s', async (_, name, text, wrong) => {
    const manifests = await renderExample(name);
    expect(manifests).toContain(text);
    for (const version of kubernetesVersions) {
      expect(await validateManifests(manifests.replaceAll(text, wrong), schemas, version)).not.toEqual([]);
    }
  });
});
