import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { AppError } from '#platform/errors.ts';
import { rateHeaders } from './rate-headers.ts';
import { createTestApp } from './test-app.ts';

const ofLimit = { allowed: true, limit: 20, used: 3, remaining: 17, resetMs: 13_001 };

describe('the headers of a limit', () => {
  it('tell what is left, in whole seconds, on success and on refusal', async () => {
    const app = createTestApp();
    app.express.get('/fine', (_req, res) => {
      rateHeaders(res)(ofLimit);
      res.send('fine');
    });
    app.express.get('/refused', (_req, res) => {
      rateHeaders(res)({ ...ofLimit, remaining: 0 });
      throw new AppError('rate_limited', 'Too often.', { retryAfter: 13.001 });
    });
    app.finish();
    const fine = await request(app.express).get('/fine');
    expect(fine.headers).toMatchObject({
      'ratelimit-limit': '20',
      'ratelimit-remaining': '17',
      'ratelimit-reset': '14',
    });
    expect(fine.headers).not.toHaveProperty('retry-after');
    const refused = await request(app.express).get('/refused');
    expect(refused.status).toBe(429);
    expect(refused.headers).toMatchObject({
      'ratelimit-limit': '20',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '14',
      'retry-after': '14',
    });
    expect(refused.body.error).toMatchObject({ code: 'rate_limited', retryAfter: 14 });
  });

  it('come too late for a reply that has begun, and say nothing of a window that has not', async () => {
    const app = createTestApp();
    app.express.get('/late', (_req, res) => {
      res.write('begun');
      rateHeaders(res)(ofLimit);
      res.end();
    });
    app.express.get('/unused', (_req, res) => {
      rateHeaders(res)({ ...ofLimit, used: 0, resetMs: 0 });
      res.end();
    });
    app.finish();
    expect((await request(app.express).get('/late')).headers).not.toHaveProperty('ratelimit-limit');
    expect((await request(app.express).get('/unused')).headers).toMatchObject({ 'ratelimit-reset': '0' });
  });
});
