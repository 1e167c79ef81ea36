// Fills an empty system from an archive that scripts/backup.ts wrote, or only checks one: node scripts/restore.ts --in FILE
import { restore } from './archive/restore-command.ts';
import { runCommand } from './archive/run-command.ts';

await runCommand((context) => restore(process.argv.slice(2), context));
