import { describe, expect, test } from 'vitest';
import { ApiError } from './api-error.ts';
import { createApi } from './http.ts';

const traceId = 'a'.repeat(32);
const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'x-trace-id': traceId } });

const refused = (code: string, headers?: HeadersInit) =>
  new Response(JSON.stringify({ error: { code, message: 'No.', traceId } }), {
    status: 401,
    ...(headers && { headers }),
  });

interface Options {
  readonly token?: string | undefined;
  /** What a refused token is renewed to. */
  readonly renewed?: string;
}

function create(answer: (init: RequestInit) => Response | Promise<Response>, options: Options = {}) {
  const { token = 'token', renewed } = options;
  const requests: { url: string; init: RequestInit }[] = [];
  const renewals: string[] = [];
  const api = createApi({
    fetch: async (url, init = {}) => {
      requests.push({ url: String(url), init });
      return answer(init);
    },
    origin: '',
    credentials: {
      token: () => token,
      renew: async (old) => {
        renewals.push(old);
        return renewed;
      },
    },
  });
  return { api, requests, renewals };
}

const authorizationOf = ({ init }: { readonly init: RequestInit }) => new Headers(init.headers).get('authorization');

describe('createApi', () => {
  test('does not take the page of a gateway for an answer', async () => {
    const { api } = create(() => new Response('<!doctype html><title>Hotel</title>'));
    await expect(api('GET /api/me', {})).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('gives up a request that takes longer than its patience', async () => {
    const api = createApi({
      fetch: (_, init) =>
        new Promise((_resolve, reject) => {
          const { signal } = init ?? {};
          if (signal?.aborted) reject(signal.reason);
          signal?.addEventListener('abort', () => reject(signal.reason));
        }),
      origin: '',
      credentials: { token: () => undefined, renew: async () => undefined },
      patienceMs: 1,
    });
    await expect(api('GET /api/auth/options', {})).rejects.toMatchObject({ code: 'unreachable' });
    const leaving = new AbortController();
    leaving.abort();
    await expect(api('GET /api/auth/options', { signal: leaving.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  test('fills the path and the query, and leaves out what is not given', async () => {
    const { api, requests } = create(() => json({ items: [] }));
    await api('GET /api/conversations/:id/messages', { params: { id: 'a/b' }, query: { cursor: 'x y' } });
    await api('GET /api/conversations', { query: { q: '', cursor: undefined } });
    expect(requests.map(({ url }) => url)).toEqual([
      '/api/conversations/a%2Fb/messages?cursor=x+y',
      '/api/conversations',
    ]);
  });

  test('sends the token, a trace of its own and a JSON body', async () => {
    const { api, requests } = create(() => json({ access_token: 't', token_type: 'Bearer', expires_in: 1 }, 201));
    await api('POST /api/auth/guest', { body: { name: 'Ada' } });
    const headers = new Headers(requests[0]?.init.headers);
    expect(headers.get('authorization')).toBe('Bearer token');
    expect(headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(headers.get('content-type')).toBe('application/json');
    expect(requests[0]?.init.body).toBe('{"name":"Ada"}');
  });

  test('sends a file as it is, under its type', async () => {
    const { api, requests } = create(() => json({}));
    const file = new Blob(['pixels'], { type: 'image/png' });
    await api('PUT /api/characters/:id/picture', { params: { id: 'fox' }, file });
    expect(new Headers(requests[0]?.init.headers).get('content-type')).toBe('image/png');
    expect(requests[0]?.init.body).toBe(file);
  });

  test('takes an answer without a body', async () => {
    const { api } = create(() => new Response(null, { status: 204 }));
    await expect(api('DELETE /api/conversations/:id', { params: { id: 'c' } })).resolves.toBeUndefined();
  });

  test('throws what the server says, with its code and trace ID', async () => {
    const error = { code: 'not_found', message: 'There is no such conversation.', traceId };
    const { api, renewals } = create(() => json({ error }, 404));
    const thrown = api('GET /api/conversations/:id', { params: { id: 'c' } });
    await expect(thrown).rejects.toMatchObject(error);
    await expect(thrown).rejects.toBeInstanceOf(ApiError);
    expect(renewals).toEqual([]);
  });

  test.each(['session_expired', 'unauthenticated'])('asks once more with a new token on %s', async (code) => {
    const { api, requests, renewals } = create(
      (init) => (authorizationOf({ init }) === 'Bearer token' ? refused(code) : json({ items: [] })),
      { renewed: 'new' },
    );
    await expect(api('GET /api/conversations', {})).resolves.toEqual({ items: [] });
    expect(renewals).toEqual(['token']);
    expect(requests.map(authorizationOf)).toEqual(['Bearer token', 'Bearer new']);
  });

  test('asks no third time', async () => {
    const { api, requests } = create(() => refused('session_expired'), { renewed: 'new' });
    await expect(api('GET /api/me', {})).rejects.toMatchObject({ endsSession: true });
    expect(requests).toHaveLength(2);
  });

  test('throws the refusal where the session is over', async () => {
    const { api, requests } = create(() => refused('session_expired'));
    await expect(api('GET /api/me', {})).rejects.toMatchObject({ code: 'session_expired' });
    expect(requests).toHaveLength(1);
  });

  test('a wrong password is no refused token', async () => {
    const { api, renewals } = create(() => refused('wrong_credentials'), { renewed: 'new' });
    await expect(api('POST /api/auth/token', { body: { username: 'a', password: 'b' } })).rejects.toThrow('No.');
    expect(renewals).toEqual([]);
  });

  test('tells how long to wait', async () => {
    const { api } = create(() => refused('rate_limited', { 'retry-after': '90' }));
    await expect(api('GET /api/me', {})).rejects.toMatchObject({ retryAfter: 90 });
  });

  test('lets the refresh cookie of the API come along', async () => {
    const { api, requests } = create(() => json({ items: [] }));
    await api('GET /api/conversations', {});
    expect(requests[0]?.init.credentials).toBe('include');
  });

  test('reads as a file what is no reply of a schema', async () => {
    const { api } = create(() => new Response('{"people":[]}'));
    const file = await api('GET /api/me/export', { as: 'file' });
    expect(await file.text()).toBe('{"people":[]}');
  });

  test('tells a request that took too long as unreachable', async () => {
    const { api } = create(() => Promise.reject(new DOMException('timed out', 'TimeoutError')));
    const signal = AbortSignal.abort(new DOMException('timed out', 'TimeoutError'));
    await expect(api('GET /api/me', { signal })).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('tells a page of a proxy as unreachable, under the trace ID that the proxy gives', async () => {
    const { api } = create(() => new Response('<html>', { status: 502, headers: { 'x-trace-id': traceId } }));
    await expect(api('GET /api/me', {})).rejects.toMatchObject({ code: 'unreachable', traceId });
  });

  test('tells a network failure as unreachable, under the trace ID that it sent', async () => {
    const { api, requests } = create(() => Promise.reject(new TypeError('Failed to fetch')));
    const thrown: unknown = await api('GET /api/me', {}).catch((error: unknown) => error);
    const sent = new Headers(requests[0]?.init.headers).get('traceparent')?.split('-')[1];
    expect(thrown).toMatchObject({ code: 'unreachable', traceId: sent });
  });

  test('leaves an abort what it is', async () => {
    const aborted = new DOMException('aborted', 'AbortError');
    const { api } = create(() => Promise.reject(aborted));
    await expect(api('GET /api/me', { signal: AbortSignal.abort() })).rejects.toBe(aborted);
  });
});
