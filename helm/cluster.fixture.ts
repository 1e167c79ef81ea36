import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from './chart-values.fixture.ts';

const version = { major: '1', minor: '32', gitVersion: 'v1.32.0' };
/** The kinds that the chart renders, by group and plural; `lookup` finds and helm maps no others. */
const served: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  v1: {
    configmaps: 'ConfigMap',
    pods: 'Pod',
    secrets: 'Secret',
    services: 'Service',
    serviceaccounts: 'ServiceAccount',
  },
  'apps/v1': { deployments: 'Deployment', statefulsets: 'StatefulSet' },
  'batch/v1': { jobs: 'Job' },
  'networking.k8s.io/v1': { networkpolicies: 'NetworkPolicy' },
  'policy/v1': { poddisruptionbudgets: 'PodDisruptionBudget' },
};
const discovery: Readonly<Record<string, object>> = {
  '/version': version,
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: Object.keys(served)
      .filter((groupVersion) => groupVersion.includes('/'))
      .map((groupVersion) => {
        const one = { groupVersion, version: 'v1' };
        return { name: groupVersion.split('/')[0], versions: [one], preferredVersion: one };
      }),
  },
  ...Object.fromEntries(
    Object.entries(served).map(([groupVersion, kinds]) => [
      `/${groupVersion.includes('/') ? 'apis' : 'api'}/${groupVersion}`,
      {
        kind: 'APIResourceList',
        groupVersion,
        resources: Object.entries(kinds).map(([name, kind]) => ({ name, kind, namespaced: true, verbs: ['get'] })),
      },
    ]),
  ),
};
const nothing = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 };

const ownedByHelm = { 'meta.helm.sh/release-name': 'lamplight', 'meta.helm.sh/release-namespace': 'lamplight' };

export interface Cluster {
  readonly kubeconfig: string;
  close(): void;
}

/** An API server as far as helm's `lookup` asks it: it says what it holds of Deployments, StatefulSets and Secrets in `lamplight`. */
export async function startCluster(holds: readonly Manifest[]): Promise<Cluster> {
  const objects = Object.fromEntries(
    holds.map((each) => [
      `${each.kind === 'Secret' ? '/api/v1' : '/apis/apps/v1'}/namespaces/lamplight/${each.kind.toLowerCase()}s/${each.metadata.name}`,
      { ...each, metadata: { ...each.metadata, annotations: ownedByHelm } },
    ]),
  );
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const found = discovery[path] ?? objects[path];
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? nothing));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const kubeconfig = join(await mkdtemp(join(tmpdir(), 'lamplight-cluster-')), 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server: address } }],
    users: [{ name: 'test', user: {} }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  };
  await writeFile(kubeconfig, JSON.stringify(config));
  return {
    kubeconfig,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
