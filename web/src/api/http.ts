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
/** A body that is a file is sent as it is, under its own type. */
type FileOf<R> = R extends { readonly file: object } ? { readonly file: Blob } : unknown;
type RequestOf<E extends Endpoint> = Part<Endpoints[E], 'params'> &
  Part<Endpoints[E], 'body'> &
  FileOf<Endpoints[E]> &
  Query<Endpoints[E]> & { readonly signal?: AbortSignal };
type ReplyOf<E extends Endpoint> = Endpoints[E] extends { readonly reply: infer S extends z.ZodType }
  ? z.output<S>
  : Endpoints[E] extends { readonly reply: string }
    ? Blob
    : undefined;
/** What the handler writes itself is read as a file. */
type AsOf<E extends Endpoint> = Endpoints[E] extends { readonly reply: string } ? { readonly as: 'file' } : unknown;

interface AnyRequest {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly file?: Blob;
  readonly as?: 'file';
  readonly signal?: AbortSignal;
}

/** Calls one route of the contract. Throws `ApiError`; an aborted request throws what `fetch` does. */
export type Api = <E extends Endpoint>(endpoint: E, request: RequestOf<E> & AsOf<E>) => Promise<ReplyOf<E>>;

/** What a request is signed with. */
export interface Credentials {
  readonly token: () => string | undefined;
  /** A token in place of a refused one; nothing where the session is over. Throws `ApiError` where that cannot be told. */
  readonly renew: (refused: string) => Promise<string | undefined>;
}

export interface ApiOptions {
  readonly fetch: typeof fetch;
  /** The origin of the API; empty: the page's own. */
  readonly origin: string;
  readonly credentials: Credentials;
  /** After how many milliseconds without its answer a request is given up as unreachable. */
  readonly patienceMs?: number | undefined;
}

export function createApi({ fetch, origin, credentials, patienceMs }: ApiOptions): Api {
  const ask = async (endpoint: Endpoint, request: AnyRequest, token: string | undefined): Promise<unknown> => {
    const { params, query, body, file } = request;
    const signal = patienceOf(patienceMs, request.signal);
    const [method = 'GET', path = ''] = endpoint.split(' ') as [Uppercase<Route['method']>, string];
    const { traceId, traceparent } = newTrace();
    const headers: Record<string, string> = { accept: 'application/json', traceparent };
    if (token) headers['authorization'] = `Bearer ${token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (file) headers['content-type'] = file.type;
    const sent = file ?? (body === undefined ? undefined : JSON.stringify(body));

    let response: Response;
    let text: string;
    try {
      response = await fetch(origin + address(path, params, query), {
        method,
        headers,
        // The refresh cookie is the API's, which may have an origin of its own.
        credentials: 'include',
        ...(sent === undefined ? {} : { body: sent }),
        ...(signal ? { signal } : {}),
      });
      if (response.ok && request.as === 'file') return await response.blob();
      text = await response.text();
    } catch (cause) {
      if (signal?.aborted && !isTimeout(signal.reason)) throw cause;
      throw unreachable(traceId, cause);
    }
    const json = parse(text);
    // A gateway that asks for its own sign-in answers with a page of its own, and 200.
    if (response.ok && json === notJson) throw unreachable(traceId, text);
    // The server's own tests hold its replies to the contract; checking them again would cost the page the schemas.
    if (response.ok) return json;
    throw errorOf(json, response.headers, traceId);
  };
  return async (endpoint, request) => {
    const token = credentials.token();
    try {
      return (await ask(endpoint, request, token)) as ReplyOf<typeof endpoint>;
    } catch (error) {
      if (!(error instanceof ApiError && error.endsSession) || token === undefined) throw error;
      const fresh = await credentials.renew(token);
      if (fresh === undefined) throw error;
      return (await ask(endpoint, request, fresh)) as ReplyOf<typeof endpoint>;
    }
  };
}

function patienceOf(ms: number | undefined, signal: AbortSignal | undefined): AbortSignal | undefined {
  if (ms === undefined) return signal;
  const patience = AbortSignal.timeout(ms);
  return signal ? AbortSignal.any([signal, patience]) : patience;
}

const isTimeout = (reason: unknown): boolean => reason instanceof DOMException && reason.name === 'TimeoutError';

function address(path: string, params: AnyRequest['params'] = {}, query: AnyRequest['query'] = {}): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  return search.size ? `${filled}?${search}` : filled;
}

const notJson = Symbol('not JSON');

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return notJson;
  }
}

/** An error body as the contract has it; what a proxy says instead is told as unreachable. */
function errorOf(json: unknown, headers: Headers, sent: string): ApiError {
  const traceId = headers.get('x-trace-id') ?? sent;
  if (typeof json === 'object' && json !== null && 'error' in json) {
    const { error } = json;
    if (typeof error === 'object' && error !== null && 'code' in error && 'message' in error) {
      const detail = error as ErrorDetail;
      const retryAfter = Number.parseInt(headers.get('retry-after') ?? '', 10);
      return new ApiError({
        ...detail,
        traceId: detail.traceId || traceId,
        ...(retryAfter >= 0 && { retryAfter }),
      });
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
