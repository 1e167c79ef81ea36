// Runs a script of this project with the project's own Node: node scripts/run.mjs [--web] FILE [ARGUMENT…]
// Installs the packages first where they are missing and, with --web, builds the web app.
import { spawn } from 'node:child_process';
import { prepare } from './prepare/prepare.mjs';
import { projectNode, root } from './prepare/project.mjs';
import { detached, exitOf, relaySignals } from './prepare/run.mjs';

const web = process.argv[2] === '--web';
await prepare({ web });
const child = spawn(projectNode, process.argv.slice(web ? 3 : 2), { cwd: root, detached, stdio: 'inherit' });
relaySignals(() => [child]);
process.exitCode = await exitOf(child);
