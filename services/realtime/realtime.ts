import type { Principal } from '#domain/accounts/principal.ts';
import type { Sessions } from '#domain/accounts/sessions.ts';
import { AppError } from '#platform/errors.ts';
import type { HttpApp } from '#platform/http/create-app.ts';
import { type RefuseForeignPage, refuseForeignPages } from '#platform/http/foreign-pages.ts';
import type { Foundation } from '#services/foundation/foundation.ts';
import { serveApp } from '#services/foundation/open-app.ts';
import { OpenStreams } from './open-streams.ts';
import { acceptSockets, isForSocket } from './socket-server.ts';

/** What the routes and the sockets of this process share. */
export interface Realtime extends Pick<Foundation, 'chat' | 'lifecycle' | 'limits'> {
  readonly sessions: Sessions;
  readonly streams: OpenStreams;
  readonly refuseForeignPage: RefuseForeignPage;
}

export function openRealtime({ config, chat, accounts: { sessions }, lifecycle, limits }: Foundation): Realtime {
  const streams = new OpenStreams({ ...chat, sessions });
  const refuseForeignPage = refuseForeignPages(config.http);
  return { chat, sessions, lifecycle, limits, streams, refuseForeignPage };
}

/** Serves the app with its sockets. When the process stops, the streams end before the server waits for its connections. */
export async function serveRealtime(
  foundation: Foundation,
  app: HttpApp<Principal>,
  realtime: Realtime,
): Promise<number> {
  const options = { shouldUpgradeCallback: isForSocket };
  const { maxSockets } = foundation.config.limits;
  const port = await serveApp(foundation, app, options, (server) => acceptSockets(server, realtime, maxSockets));
  foundation.lifecycle.add('streams', { drain: (graceMs) => realtime.streams.endAll(graceMs / 2) });
  return port;
}

/** A process that stops takes no new message: the client sends it to another. */
export function refuseWhileDraining({ lifecycle }: Realtime): void {
  if (lifecycle.draining.aborted) {
    throw new AppError('draining', 'This server is being restarted. Nothing was accepted; send again in a moment.', {
      retryAfter: 1,
    });
  }
}
