import { describe, expect, it } from 'vitest';
import { convertOpenApi, convertResource } from './convert-schemas.ts';

const reference = (name: string) => ({ $ref: `#/definitions/${name}` });
const quantity = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const openApi = JSON.stringify({
  definitions: {
    'io.k8s.api.apps.v1.Deployment': {
      type: 'object',
      description: 'Words.',
      properties: { apiVersion: { type: 'string' }, kind: { type: 'string' }, spec: reference('Spec') },
      'x-kubernetes-group-version-kind': [{ group: 'apps', version: 'v1', kind: 'Deployment' }],
    },
    Spec: { type: 'object', properties: { size: reference(quantity), description: { type: 'string' } } },
    [quantity]: { type: 'string' },
    Unused: { type: 'object' },
    'io.k8s.api.core.v1.Secret': {
      properties: {},
      'x-kubernetes-group-version-kind': [{ group: '', version: 'v1', kind: 'Secret' }],
    },
  },
});

describe('convertOpenApi', () => {
  const files = convertOpenApi(openApi, new Set(['Deployment']));
  const schema = JSON.parse(files.get('deployment-apps-v1.json') ?? '{}');

  it('makes a file for each wanted kind, named as kubeconform looks for it', () => {
    expect([...files.keys()]).toEqual(['deployment-apps-v1.json']);
    expect([...convertOpenApi(openApi, new Set(['Secret'])).keys()]).toEqual(['secret-v1.json']);
  });

  it('holds an object to its kind, and refuses fields that are not named, at any depth', () => {
    expect(schema.properties).toMatchObject({ apiVersion: { const: 'apps/v1' }, kind: { const: 'Deployment' } });
    expect(schema.additionalProperties).toBe(false);
    expect(schema.definitions.Spec.additionalProperties).toBe(false);
  });

  it('holds what the kind refers to and no more, fields named like words of schemas among it', () => {
    expect(Object.keys(schema.definitions).sort()).toEqual(['Spec', 'io.k8s.api.apps.v1.Deployment', quantity].sort());
    expect(schema.definitions.Spec.properties.description).toEqual({ type: 'string' });
  });

  it('takes numbers where the API server does', () => {
    expect(schema.definitions[quantity]).toEqual({ type: ['string', 'number'] });
  });
});

describe('convertResource', () => {
  const definition = (properties: object) =>
    JSON.stringify({
      kind: 'CustomResourceDefinition',
      spec: {
        group: 'gateway.networking.k8s.io',
        names: { kind: 'HTTPRoute' },
        versions: [{ name: 'v1', schema: { openAPIV3Schema: { type: 'object', properties } } }],
      },
    });
  const convert = (properties: object) =>
    JSON.parse(convertResource(definition(properties)).get('httproute-gateway-v1.json') ?? '{}');

  it('refuses fields that are not named, except where any may be', () => {
    const { properties } = convert({
      strict: { type: 'array', items: { type: 'object', properties: { a: {} } } },
      open: { properties: { a: {} }, 'x-kubernetes-preserve-unknown-fields': true },
      map: { additionalProperties: { type: 'string' } },
    });
    expect(properties.strict.items.additionalProperties).toBe(false);
    expect(properties.open.additionalProperties).toBeUndefined();
    expect(properties.map.additionalProperties).toEqual({ type: 'string' });
    expect(properties.apiVersion).toEqual({ const: 'gateway.networking.k8s.io/v1' });
  });

  it('refuses what is no CustomResourceDefinition', () => {
    expect(() => convertResource('kind: Other')).toThrow();
  });
});
