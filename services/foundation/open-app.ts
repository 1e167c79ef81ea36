import { createServer, type Server, type ServerOptions } from 'node:http';
import { routes } from '#contract/routes.ts';
import type { AccountPorts } from '#domain/accounts/account-ports.ts';
import { type Principal, requireAccess } from '#domain/accounts/principal.ts';
import { createApp, type HttpApp } from '#platform/http/create-app.ts';
import { healthCheck } from '#platform/http/health-route.ts';
import { listen } from '#platform/http/listen.ts';
import type { Authenticate } from '#platform/http/mount-route.ts';
import { requestCeiling } from '#platform/http/request-ceiling.ts';
import { countRequests } from './count-requests.ts';
import type { Foundation } from './foundation.ts';

/** The HTTP app of a process, with the one route that each serves. */
export function openApp(foundation: Foundation): HttpApp<Principal> {
  const { service, config, telemetry, accounts, pings, lifecycle } = foundation;
  const app = createApp<Principal>({
    ...telemetry,
    corsOrigins: config.http.corsOrigins,
    publicUrl: config.http.publicUrl,
    https: config.http.publicUrl.startsWith('https:'),
    authenticate: authenticator(accounts),
    onServed: countRequests(foundation),
    ...turnstile(foundation),
  });
  const draining = () => lifecycle.draining.aborted;
  app.mount(routes.health, healthCheck({ service, version: config.version, pings, draining }));
  return app;
}

/** Who comes in, and how many at a time. */
export const turnstile = ({ config, telemetry, clock, clientAddress }: Foundation) => ({
  clientAddress,
  ceiling: requestCeiling({ ...telemetry, clock, max: config.limits.maxRequests }),
});

/** Whom a credential speaks for, where that is enough for the route. */
export const authenticator =
  ({ sessions }: Pick<AccountPorts, 'sessions'>): Authenticate<Principal> =>
  async (token, route) => {
    const principal = await sessions.authenticate(token);
    requireAccess(principal, route);
    return principal;
  };

/** Serves the app on its port; answers under way are finished when the process stops. `prepare` gets the server first. */
export async function serveApp(
  { config, lifecycle }: Foundation,
  app: HttpApp<Principal>,
  options: ServerOptions = {},
  prepare: (server: Server) => void = () => {},
): Promise<number> {
  app.finish();
  const server = createServer(options, app.express);
  prepare(server);
  const listening = await listen(server, config.http);
  lifecycle.add('http server', {
    drain: async (graceMs) => {
      await listening.close(graceMs);
    },
  });
  return listening.port;
}
