import { readEnvironment } from '#platform/config/read-environment.ts';
import { layFoundation, loadConfigOrExit } from '#services/foundation/foundation.ts';
import { requireMigrated } from '#services/foundation/migrations.ts';
import { requireServers } from '#services/foundation/require-servers.ts';
import { startScheduler } from './start-scheduler.ts';

const config = requireServers(loadConfigOrExit(readEnvironment(process.cwd())));
const foundation = await layFoundation('scheduler', config);
await requireMigrated(foundation);

await startScheduler(foundation, { alone: false });
await foundation.ready();
