// npm start: installs and builds what is missing, then runs everything in one process. Works on any Node from 18 on.
// A person sees one line with the address, then warnings and errors; all log lines go to LOG_FILE as JSON. Operators who
// want the JSON on stdout run `node services/standalone/main.ts` themselves.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { prepare } from './prepare/prepare.mjs';
import { projectNode, root } from './prepare/project.mjs';
import { detached, exitOf, relaySignals } from './prepare/run.mjs';
import { readableLine } from './readable-logs.mjs';

const dotenv = existsSync(join(root, '.env')) ? readFileSync(join(root, '.env'), 'utf8') : '';

/** @param {string} name */
function setting(name) {
  const line = new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=\\s*(.*?)\\s*$`, 'm').exec(dotenv)?.[1];
  return process.env[name] || line?.replace(/^(["'])(.*)\1$/, '$2') || undefined;
}

await prepare({ web: true });
const logFile = resolve(root, setting('LOG_FILE') ?? join(setting('DATA_DIR') ?? 'data', 'lamplight.log'));
mkdirSync(dirname(logFile), { recursive: true });
// The line that says where it listens is of level info: what is more important alone would leave a person without it.
const logLevel = setting('LOG_LEVEL') === 'debug' ? 'debug' : 'info';

const child = spawn(projectNode, ['services/standalone/main.ts'], {
  cwd: root,
  detached,
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, LOG_FILE: logFile, LOG_LEVEL: logLevel },
});
relaySignals(() => [child]);
createInterface({ input: child.stdout }).on('line', (text) => {
  const line = readableLine(text, 'warn');
  if (line !== undefined) process.stdout.write(`${line}\n`);
});
process.exitCode = await exitOf(child);
