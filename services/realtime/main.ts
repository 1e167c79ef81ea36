import { readEnvironment } from '#platform/config/read-environment.ts';
import { layFoundation, loadConfigOrExit } from '#services/foundation/foundation.ts';
import { requireMigrated } from '#services/foundation/migrations.ts';
import { openApp } from '#services/foundation/open-app.ts';
import { requireServers } from '#services/foundation/require-servers.ts';
import { mountChatRoutes } from './chat-routes.ts';
import { openRealtime, serveRealtime } from './realtime.ts';

const config = requireServers(loadConfigOrExit(readEnvironment(process.cwd())));
const foundation = await layFoundation('realtime', config);
await requireMigrated(foundation);

const app = openApp(foundation);
const realtime = openRealtime(foundation);
mountChatRoutes(app, realtime);
await serveRealtime(foundation, app, realtime);
await foundation.ready();
