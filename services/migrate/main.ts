import { parseArgs } from 'node:util';
import { readEnvironment } from '#platform/config/read-environment.ts';
import { ensureAdministrator } from '#services/foundation/administrator.ts';
import { layFoundation, loadConfigOrExit } from '#services/foundation/foundation.ts';
import { ensureLibrary } from '#services/foundation/library.ts';
import { migrate } from '#services/foundation/migrations.ts';

const { values } = parseArgs({ options: { 'all-stopped': { type: 'boolean', default: false } } });
const config = loadConfigOrExit(readEnvironment(process.cwd()));
const foundation = await layFoundation('migrate', config);
await migrate(foundation, { allStopped: values['all-stopped'] });
await ensureAdministrator(foundation);
await ensureLibrary(foundation);
await foundation.lifecycle.stop();
