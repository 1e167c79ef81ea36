import { Validator } from '@seriousme/openapi-schema-validator';
import supertest from 'supertest';
import { describe, expect, it } from 'vitest';
import { listRoutes } from './create-app.ts';
import { docsRoutes, serveDocs } from './docs-routes.ts';
import { createTestApp } from './test-app.ts';

const options = { version: '1.2.3', serverUrl: 'https://lamplight.example.org' };

function docsApp() {
  const app = createTestApp();
  serveDocs(app.express, options);
  app.finish();
  return app;
}

describe('the docs', () => {
  const app = docsApp();

  it('have the contract as a valid OpenAPI document', async () => {
    const { body, headers } = await supertest(app.express).get('/api/openapi.json').expect(200);
    expect(headers['content-type']).toContain('application/json');
    expect(body.info.version).toBe('1.2.3');
    const { valid } = await new Validator().validate(body);
    expect(valid).toBe(true);
    expect((await supertest(app.express).get('/api/openapi.json')).body).toEqual(body);
  });

  it('are a page whose every file is served here', async () => {
    const { text } = await supertest(app.express).get('/docs').expect(200);
    const addresses = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => String(address));
    expect(addresses.length).toBe(5);
    for (const address of addresses) {
      expect(address).toMatch(/^\/(docs|api)\//);
      const { headers } = await supertest(app.express).get(address).expect(200);
      expect(headers['content-length']).not.toBe('0');
      expect(headers['content-type']).not.toContain('text/html');
    }
  });

  it('may load nothing from elsewhere', async () => {
    const { headers } = await supertest(app.express).get('/docs/').expect(200);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toMatch(/https?:|\*/);
    const { text } = await supertest(app.express).get('/docs/start.js');
    expect(text).toContain('validatorUrl: null');
  });

  it('serve the files that they name and no others', async () => {
    for (const path of ['/docs/package.json', '/docs/index.html', '/docs/..%2fpackage.json', '/docs/nope']) {
      await supertest(app.express).get(path).expect(404);
    }
  });

  it('name the routes that they add', () => {
    expect(listRoutes(docsApp().express).sort()).toEqual([...docsRoutes].sort());
  });
});
