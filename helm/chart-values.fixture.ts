import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { renderChart, renderExample } from '#scripts/chart/render-chart.ts';

const metadata = z.looseObject({
  name: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
});
const container = z.looseObject({
  name: z.string(),
  env: z
    .array(z.looseObject({ name: z.string(), value: z.string().optional(), valueFrom: z.unknown().optional() }))
    .default([]),
  securityContext: z.looseObject({}).optional(),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })).default([]),
});
const podSpec = z.looseObject({
  containers: z.array(container),
  initContainers: z.array(container).default([]),
  volumes: z.array(z.looseObject({ name: z.string() })).default([]),
  terminationGracePeriodSeconds: z.number().optional(),
});
const manifest = z.looseObject({ kind: z.string(), metadata, spec: z.looseObject({}).optional() });

export type Manifest = z.infer<typeof manifest>;
export interface PodTemplate {
  /** `Deployment lamplight-api`. */
  readonly owner: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: z.infer<typeof podSpec>;
}

const manifestsIn = (text: string): Manifest[] =>
  parseAllDocuments(text)
    .map((document): unknown => document.toJS({ maxAliasCount: 1000 }))
    .filter((value) => value !== null)
    .map((value) => manifest.parse(value));

export const exampleManifests = async (name: string): Promise<Manifest[]> => manifestsIn(await renderExample(name));

/** The least that the chart takes. */
export const leastValues = {
  publicUrl: 'https://chat.example.org',
  mongodb: { existingSecret: { name: 'databases', key: 'mongodb' } },
  redis: { existingSecret: { name: 'databases', key: 'redis' } },
};

/** Values as arguments for helm, in files, each over the one before. */
export async function valueArgs(...values: readonly object[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lamplight-values-'));
  const paths = values.map((_, index) => join(folder, `${index}.yaml`));
  // JSON is YAML.
  await Promise.all(values.map((each, index) => writeFile(paths[index] ?? '', JSON.stringify(each))));
  return paths.flatMap((path) => ['--values', path]);
}

/** What the chart makes of `values` over the least. */
export const manifestsFor = async (values: object): Promise<Manifest[]> =>
  manifestsIn(await renderChart(await valueArgs(leastValues, values)));

/** Every pod that the manifests make, themselves or by what owns it. */
export const podsIn = (manifests: readonly Manifest[]): PodTemplate[] =>
  manifests.flatMap(({ kind, metadata: { name, labels }, spec }) => {
    if (kind === 'Pod') return [{ owner: `${kind} ${name}`, labels, spec: podSpec.parse(spec) }];
    const template = z.looseObject({ metadata: metadata.partial(), spec: podSpec }).safeParse(spec?.['template']);
    if (!template.success) return [];
    const podLabels = template.data.metadata.labels ?? {};
    return [{ owner: `${kind} ${name}`, labels: podLabels, spec: template.data.spec }];
  });

/** The pod of the Deployment `lamplight-NAME`. */
export function podOf(manifests: readonly Manifest[], name: string): PodTemplate {
  const found = podsIn(manifests).find(({ owner }) => owner === `Deployment lamplight-${name}`);
  if (!found) throw new Error(`There is no Deployment lamplight-${name}.`);
  return found;
}

/** The environment of a pod's first container; what comes from a Secret as `name/key`. */
export function environmentOf({ spec }: PodTemplate): Record<string, string> {
  const reference = z.object({ secretKeyRef: z.object({ name: z.string(), key: z.string() }) });
  return Object.fromEntries(
    (spec.containers[0]?.env ?? []).map(({ name, value, valueFrom }) => {
      if (value !== undefined) return [name, value];
      const { secretKeyRef } = reference.parse(valueFrom);
      return [name, `${secretKeyRef.name}/${secretKeyRef.key}`];
    }),
  );
}
