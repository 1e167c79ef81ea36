import { readEnvironment } from '#platform/config/read-environment.ts';
import { layFoundation, loadConfigOrExit } from '#services/foundation/foundation.ts';
import { requireMigrated } from '#services/foundation/migrations.ts';
import { requireServers } from '#services/foundation/require-servers.ts';
import { startWorker } from './start-worker.ts';

const config = requireServers(loadConfigOrExit(readEnvironment(process.cwd())));
const foundation = await layFoundation('worker', config);
await requireMigrated(foundation);

startWorker(foundation);
await foundation.ready();
