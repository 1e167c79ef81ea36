import supertest from 'supertest';
import { describe, expect, it } from 'vitest';
import { routes } from '#contract/routes.ts';
import { createTestApp } from './test-app.ts';

const listed = 'https://app.example.org';

function appFor(corsOrigins: readonly string[]) {
  const app = createTestApp({ corsOrigins });
  app.mount(routes.health, () => ({ status: 'ok', service: 's', version: '1', dependencies: {} }) as const);
  app.finish();
  return supertest(app.express);
}

const unlisted = [
  'https://evil.example.org',
  'https://app.example.org.evil.org',
  'http://app.example.org',
  'https://app.example.org:444',
  'https://APP.example.org',
  'https://app.example.org/',
  'null',
  '*',
  '',
];

describe('a listed origin', () => {
  const app = appFor(['http://other.example.org', listed]);

  it('may call, with credentials, and read the trace ID', async () => {
    for (const path of ['/health', '/api/nope']) {
      const { headers } = await app.get(path).set('Origin', listed);
      expect(headers).toMatchObject({
        'access-control-allow-origin': listed,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers':
          'X-Trace-Id,Retry-After,RateLimit-Limit,RateLimit-Remaining,RateLimit-Reset,Content-Disposition,Accept-Ranges,Content-Range',
        vary: 'Origin',
      });
    }
  });

  it('has its preflights answered with what may be sent', async () => {
    const { headers } = await app
      .options('/api/chat/send')
      .set('Origin', listed)
      .set('Access-Control-Request-Method', 'POST')
      .set('Access-Control-Request-Headers', 'x-evil')
      .expect(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': listed,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET,POST,PUT,PATCH,DELETE',
      'access-control-allow-headers': 'Authorization,Content-Type,X-Trace-Id,traceparent,Last-Event-ID',
      'access-control-max-age': '600',
      vary: 'Origin',
    });
  });
});

describe.each([
  ['where others are listed', [listed]],
  ['where none is', []],
  ['where someone wrote a star', ['*']],
])('an origin that is not listed, %s,', (_where, origins) => {
  it.each(unlisted)('gets no leave to read: %j', async (origin) => {
    if (origins.includes(origin)) return;
    const app = appFor(origins);
    for (const request of [app.get('/health'), app.options('/health').set('Access-Control-Request-Method', 'POST')]) {
      const { headers } = await request.set('Origin', origin);
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
      expect(headers['vary']).toContain('Origin');
    }
  });
});

it('a call without an origin is served as ever', async () => {
  const { headers } = await appFor([listed]).get('/health').expect(200);
  expect(headers['access-control-allow-origin']).toBeUndefined();
  expect(headers['vary']).toBe('Origin');
});
