import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { possibleErrors } from '#contract/possible-errors.ts';
import { routes } from '#contract/routes.ts';
import { createOpenApi } from './openapi.ts';

const about = { version: '1.2.3', serverUrl: 'https://lamplight.example.org' };
const shape = z.object({
  openapi: z.string(),
  info: z.object({ version: z.string() }),
  servers: z.array(z.object({ url: z.string() })),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        operationId: z.string(),
        description: z.string().optional(),
        security: z.array(z.record(z.string(), z.array(z.string()))),
        parameters: z
          .array(z.looseObject({ name: z.string(), in: z.string(), required: z.boolean().optional() }))
          .optional(),
        requestBody: z.looseObject({ content: z.record(z.string(), z.unknown()) }).optional(),
        responses: z.record(z.string(), z.looseObject({ content: z.record(z.string(), z.unknown()).optional() })),
      }),
    ),
  ),
  components: z.object({
    schemas: z.record(z.string(), z.unknown()),
    securitySchemes: z.record(z.string(), z.unknown()),
  }),
});
const create = async () => shape.parse(await createOpenApi(routes, about));

describe('the OpenAPI document', () => {
  it('is valid by the schema of OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate({ ...(await createOpenApi(routes, about)) });
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  it('has every reference it makes', async () => {
    const document = await create();
    const text = JSON.stringify(await createOpenApi(routes, about));
    const named = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(10);
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(named));
    expect(text).not.toContain('$defs');
    expect(Object.keys(document.components.schemas).filter((name) => name.endsWith('Output'))).toEqual([]);
  });

  it('leaves every object open to fields that come later', async () => {
    expect(JSON.stringify(await createOpenApi(routes, about))).not.toContain('"additionalProperties":false');
  });

  it('has every route of the contract and no other', async () => {
    const { paths } = await create();
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => `${operationId} ${method} ${path}`),
    );
    const ours = Object.entries(routes).map(
      ([name, { method, path }]) => `${name} ${method} ${path.replace(/:(\w+)/g, '{$1}')}`,
    );
    expect(documented.sort()).toEqual(ours.sort());
  });

  it('tells what a route takes, gives and can fail with', async () => {
    const { paths } = await create();
    const list = paths['/api/conversations']?.['get'];
    expect(list?.parameters?.map(({ name }) => name).sort()).toEqual(['cursor', 'limit', 'q']);
    expect(list?.parameters?.some(({ required }) => required)).toBe(false);
    expect(list?.security).toEqual([{ session: [] }, { apiKey: [] }]);
    expect(list?.description).toBe('An API key needs the scope `read`.');
    const guest = paths['/api/auth/guest']?.['post'];
    expect(guest?.security).toEqual([]);
    expect(Object.keys(guest?.responses ?? {})).toEqual(['201', '400', '403', '413', '415', '429', '500', '503']);
    const retry = paths['/api/messages/{id}/retry']?.['post'];
    expect(JSON.stringify(retry?.responses['409'])).toContain('"enum":["not_retryable","answer_running"]');
    const remove = paths['/api/conversations/{id}']?.['delete'];
    expect(remove?.responses['204']?.content).toBeUndefined();
  });

  it('tells by what one is known on each route, all of it among the schemes', async () => {
    const { paths, components } = await create();
    const securityOf = (path: string, method = 'post') => paths[path]?.[method]?.security;
    expect(securityOf('/api/keys', 'get'), 'no key makes keys').toEqual([{ session: [] }]);
    expect(paths['/api/keys']?.['get']?.description).toBe('For the role `user` and those above it. No API key may.');
    expect(securityOf('/api/auth/register'), 'with a session or without').toEqual([{}, { session: [] }]);
    expect(securityOf('/api/auth/refresh')).toEqual([{ refreshCookie: [] }, {}]);
    expect(securityOf('/api/auth/token')).toEqual([]);
    const used = Object.values(paths).flatMap((methods) => Object.values(methods).flatMap(({ security }) => security));
    const names = new Set(used.flatMap((one) => Object.keys(one)));
    expect([...names].sort()).toEqual(Object.keys(components.securitySchemes).sort());
  });

  it('tells what may come as a form, and which replies set the cookie', async () => {
    const { paths } = await create();
    const token = paths['/api/auth/token']?.['post'];
    expect(Object.keys(token?.requestBody?.content ?? {})).toEqual([
      'application/json',
      'application/x-www-form-urlencoded',
    ]);
    expect(token?.responses['200']?.['headers']).toHaveProperty('Set-Cookie');
    const list = paths['/api/conversations']?.['get'];
    expect(list?.responses['200']?.['headers']).not.toHaveProperty('Set-Cookie');
  });

  it('tells which files a route takes', async () => {
    const put = (await create()).paths['/api/characters/{id}/picture']?.['put'];
    expect(put?.requestBody).toEqual({
      required: true,
      content: { 'image/png': {}, 'image/jpeg': {}, 'image/webp': {} },
    });
    expect(Object.keys(put?.responses ?? {})).toEqual(expect.arrayContaining(['200', '413', '415']));
  });

  it('tells of files that are given whole or in part', async () => {
    const get = (await create()).paths['/api/media/{id}']?.['get'];
    const kinds = ['audio/*', 'image/*'];
    expect(Object.keys(get?.responses['200']?.content ?? {}).sort()).toEqual(kinds);
    expect(Object.keys(get?.responses['206']?.content ?? {}).sort()).toEqual(kinds);
    expect(Object.keys(get?.responses ?? {})).toEqual(
      expect.arrayContaining(['200', '206', '304', '400', '404', '416']),
    );
    expect(get?.parameters).toContainEqual(expect.objectContaining({ name: 'Range', in: 'header' }));
  });

  it('describes the events of an answer', async () => {
    const { paths, components } = await create();
    const follow = paths['/api/runs/{id}/events']?.['get'];
    expect(Object.keys(follow?.responses ?? {})).toEqual(expect.arrayContaining(['200', '204', '404']));
    expect(follow?.parameters?.map(({ name }) => name).sort()).toEqual(['Last-Event-ID', 'after', 'id']);
    expect(JSON.stringify(follow?.responses['200']?.content)).toContain('DeltaEvent');
    for (const name of ['Run', 'DeltaEvent', 'ResetEvent', 'DoneEvent', 'ErrorDetail']) {
      expect(components.schemas[name], name).toHaveProperty('properties');
    }
  });

  it('tells its version and its server, and may be made again', async () => {
    const [first, second] = [await create(), await create()];
    expect(first).toEqual(second);
    expect(first).toMatchObject({ openapi: '3.1.1', info: { version: '1.2.3' }, servers: [{ url: about.serverUrl }] });
  });
});

it('the possible errors of a route are named once each', () => {
  const codes = possibleErrors(routes.send);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes).toEqual(expect.arrayContaining(['unauthenticated', 'payload_too_large', 'answer_running', 'internal']));
  expect(possibleErrors(routes.health)).not.toContain('unauthenticated');
});
