import { readEnvironment } from '#platform/config/read-environment.ts';
import { mountApi } from '#services/api/mount-api.ts';
import { ensureAdministrator } from '#services/foundation/administrator.ts';
import { layFoundation, loadConfigOrExit } from '#services/foundation/foundation.ts';
import { ensureLibrary } from '#services/foundation/library.ts';
import { migrate } from '#services/foundation/migrations.ts';
import { openApp } from '#services/foundation/open-app.ts';
import { mountChatRoutes } from '#services/realtime/chat-routes.ts';
import { openRealtime, serveRealtime } from '#services/realtime/realtime.ts';
import { startScheduler } from '#services/scheduler/start-scheduler.ts';
import { startWorker } from '#services/worker/start-worker.ts';

const config = loadConfigOrExit(readEnvironment(process.cwd()));
const foundation = await layFoundation('standalone', config);
await migrate(foundation, { allStopped: true });
await ensureAdministrator(foundation);
await ensureLibrary(foundation);

const app = openApp(foundation);
const realtime = openRealtime(foundation);
mountApi(app, foundation);
mountChatRoutes(app, realtime);
// Before any message comes: what runs in the store now was left by the process before.
await startScheduler(foundation, { alone: config.storage.kind === 'embedded' });
await serveRealtime(foundation, app, realtime);
startWorker(foundation);
await foundation.ready(config.http.publicUrl);
