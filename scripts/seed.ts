// Makes the library in the store what the files of LIBRARY_DIR say, beside running services or a stopped standalone: node scripts/seed.ts
import { runCommand } from './archive/run-command.ts';
import { seed } from './seed/seed-command.ts';

await runCommand((context) => seed(process.argv.slice(2), context));
