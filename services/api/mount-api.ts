import { join } from 'node:path';
import type { Principal } from '#domain/accounts/principal.ts';
import type { HttpApp } from '#platform/http/create-app.ts';
import { serveDocs } from '#platform/http/docs-routes.ts';
import { serveWebApp } from '#platform/http/static-files.ts';
import type { Foundation } from '#services/foundation/foundation.ts';
import { mountAccountRoutes } from './account-routes.ts';
import { mountConversationRoutes } from './conversation-routes.ts';

/** Where `npm run build` puts the web app. */
const webAppFolder = join(import.meta.dirname, '../../web/dist');

/** Everything but the long-lived connections: the short routes, the docs, and the web app. */
export function mountApi(app: HttpApp<Principal>, { config, sessions, chat }: Foundation): void {
  mountAccountRoutes(app, sessions);
  mountConversationRoutes(app, chat);
  serveDocs(app.express, { version: config.version, serverUrl: config.http.publicUrl });
  serveWebApp(app.express, webAppFolder);
}
