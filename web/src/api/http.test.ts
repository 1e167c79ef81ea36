import { describe, expect, test } from 'vitest';
import { ApiError } from './api-error.ts';
import { createApi } from './http.ts';

const traceId = 'a'.repeat(32);
const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'x-trace-id': traceId } });

function create(answer: () => Response | Promise<Response>, token: string | undefined = 'token') {
  const requests: { url: string; init: RequestInit }[] = [];
  const over: string[] = [];
  const api = createApi({
    fetch: async (url, init) => {
      requests.push({ url: String(url), init: init ?? {} });
      return answer();
    },
    origin: '',
    token: () => token,
    onSessionOver: (ended) => over.push(ended),
  });
  return { api, requests, over };
}

describe('createApi', () => {
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

  test('takes an answer without a body', async () => {
    const { api } = create(() => new Response(null, { status: 204 }));
    await expect(api('DELETE /api/conversations/:id', { params: { id: 'c' } })).resolves.toBeUndefined();
  });

  test('throws what the server says, with its code and trace ID', async () => {
    const error = { code: 'not_found', message: 'There is no such conversation.', traceId };
    const { api, over } = create(() => json({ error }, 404));
    const thrown = api('GET /api/conversations/:id', { params: { id: 'c' } });
    await expect(thrown).rejects.toMatchObject(error);
    await expect(thrown).rejects.toBeInstanceOf(ApiError);
    expect(over).toEqual([]);
  });

  test.each(['session_expired', 'unauthenticated'])('tells which token is over on %s', async (code) => {
    const { api, over } = create(() => json({ error: { code, message: 'It is over.', traceId } }, 401));
    await expect(api('GET /api/me', {})).rejects.toMatchObject({ endsSession: true });
    expect(over).toEqual(['token']);
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
