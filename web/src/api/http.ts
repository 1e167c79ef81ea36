import type { z } from 'zod';
import type { ErrorDetail } from '#contract/errors.ts';
import type { Route } from '#contract/route.ts';
import type { routes } from '#contract/routes.ts';
import { ApiError } from './api-error.ts';
import { newTrace } from './trace.ts';

type Routes = typeof routes;

/** The routes by `METHOD /path`. Types alone: the schemas stay on the server and out of the page's bundle. */
type Endpoints = {
  [Name in keyof Routes as `${Uppercase<Routes[Name]['method']>} ${Routes[Name]['path']}`]: Routes[Name];
};
type Endpoint = keyof Endpoints;

type Part<R, Name extends string> = R extends { readonly [K in Name]: infer S extends z.ZodType }
  ? { readonly [K in Name]: z.input<S> }
  : unknown;
type Query<R> = R extends { readonly query: infer S extends z.ZodType } ? { readonly query?: z.input<S> } : unknown;
type RequestOf<E extends Endpoint> = Part<Endpoints[E], 'params'> &
  Part<Endpoints[E], 'body'> &
  Query<Endpoints[E]> & { readonly signal?: AbortSignal };
type ReplyOf<E extends Endpoint> = Endpoints[E] extends { readonly reply: infer S extends z.ZodType }
  ? z.output<S>
  : undefined;

interface AnyRequest {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Calls one route of the contract. Throws `ApiError`; an aborted request throws what `fetch` does. */
export type Api = <E extends Endpoint>(endpoint: E, request: RequestOf<E>) => Promise<ReplyOf<E>>;

export interface ApiOptions {
  readonly fetch: typeof fetch;
  /** The origin of the API; empty: the page's own. */
  readonly origin: string;
  readonly token: () => string | undefined;
  /** Called where the server no longer accepts the token that the request carried. */
  readonly onSessionOver: (token: string) => void;
}

export function createApi({ fetch, origin, token, onSessionOver }: ApiOptions): Api {
  return async (endpoint, request) => {
    const { params, query, body, signal }: AnyRequest = request;
    const [method = 'GET', path = ''] = endpoint.split(' ') as [Uppercase<Route['method']>, string];
    const sent = token();
    const { traceId, traceparent } = newTrace();
    const headers: Record<string, string> = { accept: 'application/json', traceparent };
    if (sent) headers['authorization'] = `Bearer ${sent}`;
    if (body !== undefined) headers['content-type'] = 'application/json';

    let response: Response;
    let text: string;
    try {
      response = await fetch(origin + address(path, params, query), {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
      text = await response.text();
    } catch (cause) {
      if (signal?.aborted) throw cause;
      throw unreachable(traceId, cause);
    }
    const json = parse(text);
    if (!response.ok) {
      const error = errorOf(json, response.headers.get('x-trace-id') ?? traceId);
      if (error.endsSession && sent) onSessionOver(sent);
      throw error;
    }
    // The server's own tests hold its replies to the contract; checking them again would cost the page the schemas.
    return json as ReplyOf<typeof endpoint>;
  };
}

function address(path: string, params: AnyRequest['params'] = {}, query: AnyRequest['query'] = {}): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  return search.size ? `${filled}?${search}` : filled;
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An error body as the contract has it; what a proxy says instead is told as unreachable. */
function errorOf(json: unknown, traceId: string): ApiError {
  if (typeof json === 'object' && json !== null && 'error' in json) {
    const { error } = json;
    if (typeof error === 'object' && error !== null && 'code' in error && 'message' in error) {
      const detail = error as ErrorDetail;
      return new ApiError({ ...detail, traceId: detail.traceId || traceId });
    }
  }
  return unreachable(traceId, json);
}

const unreachable = (traceId: string, cause: unknown): ApiError =>
  new ApiError(
    {
      code: 'unreachable',
      message: 'Lamplight cannot be reached right now. Check your connection, then try again.',
      traceId,
    },
    { cause },
  );
