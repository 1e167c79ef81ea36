import { join } from 'node:path';
import type { Principal } from '#domain/accounts/principal.ts';
import type { HttpApp } from '#platform/http/create-app.ts';
import { serveDocs } from '#platform/http/docs-routes.ts';
import { createRefreshCookie } from '#platform/http/refresh-cookie.ts';
import { serveWebApp } from '#platform/http/static-files.ts';
import type { Foundation } from '#services/foundation/foundation.ts';
import { mountAdminRoutes } from './admin-routes.ts';
import { mountAnalyticsRoutes } from './analytics-routes.ts';
import { mountConversationRoutes } from './conversation-routes.ts';
import { mountKeyRoutes } from './key-routes.ts';
import { mountLibraryRoutes } from './library-routes.ts';
import { mountMeRoutes } from './me-routes.ts';
import { mountMediaRoutes } from './media-routes.ts';
import { mountMyDataRoutes } from './my-data-routes.ts';
import { mountOpenIdRoutes } from './open-id-routes.ts';
import { mountRegistrationRoutes } from './registration-routes.ts';
import { mountScheduleRoutes } from './schedule-routes.ts';
import { grantSender } from './send-grant.ts';
import { mountSessionRoutes } from './session-routes.ts';
import { mountStoryMailRoutes } from './story-mail-routes.ts';
import { mountStoryRoutes } from './story-routes.ts';
import { mountUsageRoutes } from './usage-routes.ts';

/** Where `npm run build` puts the web app. */
const webAppFolder = join(import.meta.dirname, '../../web/dist');

/** Everything but the long-lived connections: the short routes, the docs, and the web app. */
export function mountApi(app: HttpApp<Principal>, foundation: Foundation): void {
  const { config, telemetry, accounts, chat, audit, limits, stories } = foundation;
  const { publicUrl } = config.http;
  const cookie = createRefreshCookie({ https: publicUrl.startsWith('https:'), logger: telemetry.logger });
  const signedIn = { cookie, sendGrant: grantSender(cookie), limits };
  mountSessionRoutes(app, accounts, signedIn);
  mountOpenIdRoutes(app, accounts, signedIn);
  mountRegistrationRoutes(app, accounts, signedIn);
  mountMeRoutes(app, accounts);
  mountMyDataRoutes(app, { accounts, chat, stories }, signedIn);
  mountKeyRoutes(app, accounts);
  mountConversationRoutes(app, chat);
  mountLibraryRoutes(app, stories, limits);
  mountMediaRoutes(app, stories);
  mountStoryRoutes(app, stories);
  mountScheduleRoutes(app, stories);
  mountUsageRoutes(app, chat);
  mountAdminRoutes(app, foundation);
  mountAnalyticsRoutes(app, { records: chat.usage, people: accounts.records.people, clock: chat.clock }, audit);
  mountStoryMailRoutes(app, stories);
  serveDocs(app.express, { version: config.version, serverUrl: publicUrl });
  serveWebApp(app.express, webAppFolder);
}
