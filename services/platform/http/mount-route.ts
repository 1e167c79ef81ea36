import { isDeepStrictEqual } from 'node:util';
import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import { possibleErrors } from '#contract/possible-errors.ts';
import type { Route } from '#contract/route.ts';
import { AppError, isAppError } from '#platform/errors.ts';
import type { ClientAddress } from './client-address.ts';
import type { RefuseForeignPage } from './foreign-pages.ts';
import { invalidRequest, type Problem, problemsOf } from './problems.ts';
import type { ReadBody } from './read-body.ts';
import { readFile } from './read-file.ts';
import { recordOf } from './request-record.ts';

type Part<R extends Route, K extends 'params' | 'query' | 'body'> = R[K] extends z.ZodType ? z.output<R[K]> : undefined;

/** A request as a handler gets it: checked by the route's schemas, so that their types are facts. */
interface Call<R extends Route, P> {
  readonly params: Part<R, 'params'>;
  readonly query: Part<R, 'query'>;
  readonly body: Part<R, 'body'>;
  /** Reads the file that is the body: called when it is known that it is wanted. */
  readonly file: R extends { readonly file: object } ? () => Promise<Uint8Array> : undefined;
  readonly principal: R['auth'] extends 'session' ? P : R['auth'] extends 'optional' ? P | undefined : undefined;
  readonly req: Request;
  readonly res: Response;
  /** Of whoever asks: see `ClientAddress`. */
  readonly address: string;
  /** Aborted when the client goes away before it is answered. */
  readonly signal: AbortSignal;
}

/** What a handler gives back: the JSON reply; nothing where the route has none, or writes its events to `res` itself. */
// biome-ignore lint/suspicious/noConfusingVoidType: an async function that returns nothing has the type Promise<void>.
type Reply<R extends Route> = R['reply'] extends z.ZodType ? z.output<R['reply']> : void;
export type RouteHandler<R extends Route, P> = (call: Call<R, P>) => Reply<R> | Promise<Reply<R>>;

/** Whom a bearer token speaks for; throws `unauthenticated` or `session_expired`, and `forbidden` where that is not enough for the route. */
export type Authenticate<P> = (token: string, route: Route) => Promise<P>;

export interface RouteServices<P> {
  readonly authenticate: Authenticate<P>;
  readonly readBody: ReadBody;
  readonly refuseForeignPage: RefuseForeignPage;
  readonly clientAddress: ClientAddress;
  /** Refuse what differs from the contract: for tests, which thereby find drift and leaked fields. */
  readonly checkReplies: boolean;
}

/** The Express handler of a route of the contract: session, then schemas, then `handler`, then its reply. */
export function serveRoute<R extends Route, P extends { readonly id: string }>(
  route: R,
  handler: RouteHandler<R, P>,
  { authenticate, readBody, refuseForeignPage, clientAddress, checkReplies }: RouteServices<P>,
): RequestHandler {
  return async (req, res) => {
    const record = recordOf(res);
    record.route = route.path;
    record.stream = route.reply === 'events';
    record.quiet = route.path === '/health';
    res.setHeader('Cache-Control', 'no-store');
    if (route.cookie) refuseForeignPage(req);
    let principal: P | undefined;
    if (route.auth === 'session' || (route.auth === 'optional' && req.headers.authorization !== undefined)) {
      principal = await authenticate(bearerToken(req), route);
      record.userId = principal.id;
    }
    const input = await readInput(route, req, res, readBody);
    // A body may take minutes to arrive: whoever sends it may have been signed out meanwhile.
    const authenticateAgain = async () => {
      if (principal) principal = await authenticate(bearerToken(req), route);
    };
    if (route.body) await authenticateAgain();
    res.status(route.status);
    const { file: limits } = route;
    const file =
      limits &&
      (async () => {
        const bytes = await readFile(req, limits);
        await authenticateAgain();
        return bytes;
      });
    const call = {
      ...input,
      file,
      principal,
      req,
      res,
      get address() {
        return clientAddress(req);
      },
      get signal() {
        return abortedByClient(res);
      },
    };
    // `readInput` parsed each part by the schema that its type comes from; TypeScript cannot follow that through `R`.
    const answered = Promise.try(handler, call as unknown as Call<R, P>);
    const reply = await (checkReplies ? answered.catch((error) => checkError(route, error)) : answered);
    if (route.reply === 'events') return req.method === 'HEAD' ? void res.end() : undefined;
    if (route.reply === undefined) return void (res.writableEnded || res.end());
    if (typeof route.reply === 'string') return;
    if (checkReplies) checkReply(route, route.reply, reply);
    res.json(reply);
  };
}

const bearerForm = /^Bearer +([^\s,]+) *$/i;

/** The token of `Authorization: Bearer` (RFC 6750). */
function bearerToken(req: Request): string {
  const token = bearerForm.exec(req.headers.authorization ?? '')?.[1];
  if (token === undefined) throw new AppError('unauthenticated', 'Sign in first: no token came with the request.');
  return token;
}

/** Every part is checked before any is complained of, so that a client learns all that is wrong at once. */
async function readInput(route: Route, req: Request, res: Response, readBody: ReadBody) {
  const problems: Problem[] = [];
  const read = (schema: z.ZodType | undefined, value: unknown): unknown => {
    if (schema === undefined) return undefined;
    const result = schema.safeParse(value);
    if (!result.success) problems.push(...problemsOf(result.error));
    return result.data;
  };
  const params = read(route.params, req.params);
  const query = read(route.query, route.query && req.query);
  const accepted = { form: route.form ?? false, optional: route.optionalBody ?? false };
  const body = read(route.body, route.body && (await readBody(req, res, accepted)));
  if (problems.length > 0) throw invalidRequest(problems);
  return { params, query, body };
}

function abortedByClient(res: Response): AbortSignal {
  const controller = new AbortController();
  const abort = () => {
    if (!res.writableFinished) controller.abort();
  };
  if (res.closed) abort();
  else res.once('close', abort);
  return controller.signal;
}

function checkReply(route: Route, schema: z.ZodType, reply: unknown): void {
  const sent: unknown = JSON.parse(JSON.stringify(reply ?? null));
  const result = schema.safeParse(sent);
  if (!result.success) {
    throw new Error(`${route.path} answers what its schema refuses: ${JSON.stringify(problemsOf(result.error))}`);
  }
  if (!isDeepStrictEqual(result.data, sent)) {
    throw new Error(`${route.path} answers fields that its schema does not have: ${JSON.stringify(sent)}`);
  }
}

function checkError(route: Route, error: unknown): never {
  if (isAppError(error) && !possibleErrors(route).includes(error.code)) {
    throw new Error(`${route.path} answers ${error.code}, which its contract does not name.`, { cause: error });
  }
  throw error;
}
