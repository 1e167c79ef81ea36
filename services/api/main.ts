import { readEnvironment } from '#platform/config/read-environment.ts';
import { layFoundation, loadConfigOrExit } from '#services/foundation/foundation.ts';
import { requireMigrated } from '#services/foundation/migrations.ts';
import { openApp, serveApp } from '#services/foundation/open-app.ts';
import { requireServers } from '#services/foundation/require-servers.ts';
import { mountApi } from './mount-api.ts';

const config = requireServers(loadConfigOrExit(readEnvironment(process.cwd())));
const foundation = await layFoundation('api', config);
await requireMigrated(foundation);

const app = openApp(foundation);
mountApi(app, foundation);
await serveApp(foundation, app);
await foundation.ready();
