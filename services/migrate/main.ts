import { readEnvironment } from '#platform/config/read-environment.ts';
import { layFoundation, loadConfigOrExit } from '#services/foundation/foundation.ts';
import { migrate } from '#services/foundation/migrations.ts';

const config = loadConfigOrExit(readEnvironment(process.cwd()));
const foundation = await layFoundation('migrate', config);
await migrate(foundation);
await foundation.lifecycle.stop();
