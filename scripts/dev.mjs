// npm run dev: everything in one process, restarted on change, and the web app with hot reload. Ctrl-C ends both.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { prepare } from './prepare/prepare.mjs';
import { projectNode, root } from './prepare/project.mjs';
import { detached, exitOf, relaySignals } from './prepare/run.mjs';
import { readableLine } from './readable-logs.mjs';

await prepare();
const vite = join(root, 'node_modules/vite/bin/vite.js');
/** @param {string[]} args @param {'pipe' | 'inherit'} output */
const run = (args, output) => spawn(projectNode, args, { cwd: root, detached, stdio: ['ignore', output, 'inherit'] });

const services = run(['--watch', '--watch-preserve-output', 'services/standalone/main.ts'], 'pipe');
const web = run([vite, 'web', '--clearScreen', 'false'], 'inherit');
const children = [services, web];
relaySignals(() => children);
if (services.stdout) {
  createInterface({ input: services.stdout }).on('line', (text) => {
    const line = readableLine(text, 'info');
    if (line !== undefined) process.stdout.write(`${line}\n`);
  });
}

const codes = await Promise.all(
  children.map(async (child) => {
    const code = await exitOf(child);
    for (const other of children) other.kill(); // one without the other is of no use
    return code;
  }),
);
process.exitCode = codes.find((code) => code !== 0 && code < 128) ?? 0;
