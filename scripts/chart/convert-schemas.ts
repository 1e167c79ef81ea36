import { parse } from 'yaml';
import { z } from 'zod';

type Schema = { [key: string]: unknown };

const openApi = z.object({ definitions: z.record(z.string(), z.record(z.string(), z.unknown())) });
const groupVersionKinds = z.array(z.object({ group: z.string(), version: z.string(), kind: z.string() }));
const resourceDefinition = z.object({
  kind: z.literal('CustomResourceDefinition'),
  spec: z.object({
    group: z.string(),
    names: z.object({ kind: z.string() }),
    versions: z.array(
      z.object({ name: z.string(), schema: z.object({ openAPIV3Schema: z.record(z.string(), z.unknown()) }) }),
    ),
  }),
});

/** What text alone stands for in Kubernetes's OpenAPI, although the API server takes numbers too. */
const textOrNumber: Readonly<Record<string, Schema>> = {
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { type: ['string', 'integer'] },
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { type: ['string', 'number'] },
};

/** The file name that kubeconform looks a kind up by: `deployment-apps-v1.json`. */
const fileName = (group: string, version: string, kind: string): string =>
  `${[kind.toLowerCase(), group.split('.')[0], version].filter((part) => part).join('-')}.json`;

/** One JSON Schema for each wanted kind of Kubernetes's OpenAPI, by file name. Unknown fields are refused. */
export function convertOpenApi(text: string, kinds: ReadonlySet<string>): ReadonlyMap<string, string> {
  const { definitions } = openApi.parse(JSON.parse(text));
  const files = new Map<string, string>();
  for (const [name, definition] of Object.entries(definitions)) {
    for (const { group, version, kind } of groupVersionKinds.parse(
      definition['x-kubernetes-group-version-kind'] ?? [],
    )) {
      if (!kinds.has(kind) || !name.endsWith(`.${kind}`)) continue;
      const needed = withReferences(name, definitions);
      const schema = { ...asKind(needed[name] ?? {}, group, version, kind), definitions: needed };
      files.set(fileName(group, version, kind), JSON.stringify(schema));
    }
  }
  return files;
}

/** The JSON Schemas of a CustomResourceDefinition, one for each of its versions, by file name. */
export function convertResource(text: string): ReadonlyMap<string, string> {
  const { spec } = resourceDefinition.parse(parse(text));
  return new Map(
    spec.versions.map(({ name, schema }) => {
      const kind = spec.names.kind;
      const strict = asKind(strictly(schema.openAPIV3Schema), spec.group, name, kind);
      return [fileName(spec.group, name, kind), JSON.stringify(strict)];
    }),
  );
}

function asKind(schema: Schema, group: string, version: string, kind: string): Schema {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const exact = { apiVersion: { const: apiVersion }, kind: { const: kind } };
  return { ...schema, properties: { ...properties, ...exact }, required: ['apiVersion', 'kind', 'metadata'] };
}

/** `name` and all that it refers to, each made strict. */
function withReferences(name: string, definitions: Readonly<Record<string, Schema>>): Record<string, Schema> {
  const found: Record<string, Schema> = {};
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const definition = definitions[next];
    if (next in found || !definition) continue;
    found[next] = textOrNumber[next] ?? strictly(definition);
    const references = JSON.stringify(found[next]).matchAll(/"#\/definitions\/([^"]+)"/g);
    open.push(...[...references].flatMap(([, reference]) => reference ?? []));
  }
  return found;
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same schema, with unknown fields refused wherever fields are named, and without words that only readers need. */
function strictly(schema: Schema): Schema {
  const result: Schema = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'description' && typeof value === 'string') continue;
    if (key === 'properties' && isSchema(value)) {
      result[key] = Object.fromEntries(
        Object.entries(value).map(([name, each]) => [name, isSchema(each) ? strictly(each) : each]),
      );
    } else if (Array.isArray(value)) result[key] = value.map((each) => (isSchema(each) ? strictly(each) : each));
    else result[key] = isSchema(value) && key !== 'default' ? strictly(value) : value;
  }
  const open = schema['additionalProperties'] !== undefined || schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (schema['properties'] !== undefined && !open) result['additionalProperties'] = false;
  return result;
}
