// npm test: every test of the project, in one command; arguments go to vitest (`npm test -- services/domain`).
// Says at the end what was skipped, what failed, and why. Its last line is `N passed, N failed, N skipped`.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from './prepare/prepare.mjs';
import { projectNode, root } from './prepare/project.mjs';
import { exitOf } from './prepare/run.mjs';

await prepare({ web: true });
const folder = mkdtempSync(join(tmpdir(), 'lamplight-test-'));
// Servers that give up their rights reach what tests put in it for them.
chmodSync(folder, 0o711);
const tallyFile = join(folder, 'tally.json');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const reporters = ['--reporter=default', '--reporter=./tests/reporter/tally-reporter.ts'];
const child = spawn(projectNode, [vitest, 'run', ...reporters, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  // What tests leave in temporary folders goes with this one, or is kept with it where one failed: logs, for one.
  env: { ...process.env, TEST_TALLY_FILE: tallyFile, TMPDIR: folder },
});
process.on('SIGINT', () => {}); // the terminal sends it to vitest as well, which ends in order
process.on('SIGTERM', () => child.kill('SIGTERM'));
const code = await exitOf(child);

/** @typedef {{ name: string, reason: string }} Reasoned */
/** @type {{ passed: number, failed: Reasoned[], skipped: Reasoned[] }} */
const tally = existsSync(tallyFile)
  ? JSON.parse(readFileSync(tallyFile, 'utf8'))
  : { passed: 0, failed: [], skipped: [] };
const { passed, failed, skipped } = tally;
if (code !== 0 && failed.length === 0)
  failed.push({ name: 'beside the tests', reason: 'what vitest said above: coverage, or a server that did not start' });

/** @param {Reasoned[]} reasoned */
const lines = (reasoned) => reasoned.map(({ name, reason }) => `  - ${name}: ${reason}\n`).join('');

if (skipped.length > 0) {
  const strict = process.env.CI === 'true' ? ' With CI=true that is a failure.' : '';
  process.stdout.write(`\nSkipped:${strict}\n${lines(skipped)}`);
}
if (failed.length > 0) process.stdout.write(`\nFailed:\n${lines(failed)}`);
process.exitCode = code || (failed.length > 0 || (skipped.length > 0 && process.env.CI === 'true') ? 1 : 0);
if (process.exitCode) process.stdout.write(`\nWhat the tests left behind: ${folder}\n`);
process.stdout.write(`\n${passed} passed, ${failed.length} failed, ${skipped.length} skipped\n`);
if (!process.exitCode) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
