// npm run check: types, lint and format, unused code, import directions. Runs them all, shows what fails.
import { join } from 'node:path';
import { prepare } from './prepare/prepare.mjs';
import { projectNode, root } from './prepare/project.mjs';
import { runQuietly } from './prepare/run.mjs';

const tool = (/** @type {string} */ path) => join(root, 'node_modules', path);
const checks = [
  { name: 'types of the services', args: [tool('typescript/bin/tsc'), '-p', '.'] },
  { name: 'types of the web app', args: [tool('typescript/bin/tsc'), '-p', 'web'] },
  { name: 'types of the service worker', args: [tool('typescript/bin/tsc'), '-p', 'web/service-worker'] },
  { name: 'lint and format', args: [tool('@biomejs/biome/bin/biome'), 'ci', '--colors=off'] },
  { name: 'unused files, exports and packages', args: [tool('knip/bin/knip.js')] },
  { name: 'import directions', args: [join('tests', 'architecture', 'main.ts')] },
];

await prepare();
let failed = 0;
for (const { name, args } of checks) {
  const { code, output, seconds } = await runQuietly(projectNode, args, { cwd: root });
  process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)\n`);
  if (code !== 0) {
    failed += 1;
    process.stdout.write(`${output.trim()}\n\n`);
  }
}
process.stdout.write(`${checks.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
