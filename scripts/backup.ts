// Writes all that Lamplight keeps into one archive, beside the running system: node scripts/backup.ts --out FILE
import { backup } from './archive/backup-command.ts';
import { runCommand } from './archive/run-command.ts';

await runCommand((context) => backup(process.argv.slice(2), context));
