import express, { type Express, type RequestHandler } from 'express';
import type { Route } from '#contract/route.ts';
import { AppError } from '#platform/errors.ts';
import { type ClientAddress, clientAddresses } from './client-address.ts';
import { corsOrigins } from './cors-origins.ts';
import { errorConverter } from './error-response.ts';
import { refuseForeignPages } from './foreign-pages.ts';
import { type Authenticate, type RouteHandler, serveRoute } from './mount-route.ts';
import { observeRequests, type RequestObserver } from './observe-requests.ts';
import { createReadBody } from './read-body.ts';
import { securityHeaders } from './security-headers.ts';

export interface AppOptions<P> extends RequestObserver {
  /** Origins whose pages may call the API from elsewhere: exact, as a browser sends them. */
  readonly corsOrigins: readonly string[];
  readonly authenticate: Authenticate<P>;
  /** What people type into their browser: pages from there are our own, as those of the host that a request names are. */
  readonly publicUrl?: string;
  /** People reach this over TLS: send HSTS. Default: no. */
  readonly https?: boolean;
  /** Default: that of the connection. */
  readonly clientAddress?: ClientAddress;
  /** Comes before every route: may turn a request away. */
  readonly ceiling?: RequestHandler;
  /** Refuse replies that differ from the contract; for tests. */
  readonly checkReplies?: boolean;
}

export interface HttpApp<P> {
  readonly express: Express;
  /** Serves one route of the contract; throws where its method and path are served already. */
  mount<R extends Route>(route: R, handler: RouteHandler<R, P>): void;
  /** Answers what no route took with `not_found`, and all errors. Call it last, after every route and file. */
  finish(): void;
}

/** An Express app that traces, logs, measures and guards each request; what it serves is mounted on it. */
export function createApp<P extends { readonly id: string }>(options: AppOptions<P>): HttpApp<P> {
  const app = express();
  app.set('query parser', 'simple');
  app.set('case sensitive routing', true);
  // Replies are a person's own and change all the time: a hash of each is work for nothing.
  app.set('etag', false);
  app.disable('x-powered-by');
  app.use(observeRequests(options));
  app.use(securityHeaders({ https: options.https ?? false }));
  app.use(corsOrigins(options.corsOrigins));
  app.use(refuseTwoHosts);
  if (options.ceiling) app.use(options.ceiling);

  const { authenticate, checkReplies = false, clientAddress = clientAddresses([]) } = options;
  const refuseForeignPage = refuseForeignPages({
    publicUrl: options.publicUrl ?? '',
    corsOrigins: options.corsOrigins,
  });
  const services = { authenticate, checkReplies, clientAddress, readBody: createReadBody(), refuseForeignPage };
  return {
    express: app,
    mount(route, handler) {
      if (listRoutes(app).includes(nameOf(route.method, route.path))) {
        throw new Error(`${nameOf(route.method, route.path)} is mounted twice.`);
      }
      app[route.method](route.path, serveRoute(route, handler, services));
    },
    finish() {
      app.use((req) => {
        throw new AppError('not_found', `There is nothing at ${req.method} ${req.path.slice(0, 200)}.`);
      });
      app.use(errorConverter(options.logger));
    },
  };
}

/** Node takes the first `Host`; whatever stands before it may have taken another. RFC 9112, section 3.2, refuses such a request. */
const refuseTwoHosts: RequestHandler = ({ headersDistinct }, _res, next) => {
  if ((headersDistinct['host']?.length ?? 0) > 1) {
    throw new AppError('invalid_request', 'The request names more than one host.');
  }
  next();
};

const nameOf = (method: string, path: string): string => `${method.toUpperCase()} ${path}`;

/** Every route that an app serves, whoever registered it: `GET /api/me`. */
export const listRoutes = (app: Express): string[] =>
  app.router.stack.flatMap(({ route }) =>
    route ? [...new Set(route.stack.map(({ method }) => nameOf(method, route.path)))] : [],
  );

/** The name under which `listRoutes` has a route of the contract. */
export const routeName = (route: Route): string => nameOf(route.method, route.path);
