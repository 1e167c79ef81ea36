// Builds the web app where its sources changed since the last build.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { projectNode, root } from './project.mjs';
import { runQuietly } from './run.mjs';

const stamp = join(root, 'node_modules/.cache/lamplight/web-build');
const skipped = new Set(['dist', 'node_modules']);

/** @param {string} path @returns {string[]} the files below a folder, or the file itself; tests are no part of a build */
function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path, { withFileTypes: true });
  return entries
    .filter((entry) => !skipped.has(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)]));
}

/**
 * Changes when the name or content of a source changes.
 * @param {string} base
 */
export function fingerprintSources(base) {
  const hash = createHash('sha256');
  const sources = ['web', 'services/contract', 'scripts/prepare/compress-files.mjs'];
  const files = sources.flatMap((path) => filesBelow(join(base, path))).sort();
  for (const file of [...files, join(base, 'package-lock.json')]) {
    const content = readFileSync(file);
    hash.update(`${relative(base, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Throws the bundler's words where the build fails. The packages must be installed. */
export async function ensureWebBuilt() {
  const fingerprint = fingerprintSources(root);
  const built = existsSync(join(root, 'web/dist/index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8');
  if (built === fingerprint) return;
  process.stderr.write('Building the web app …\n');
  rmSync(stamp, { force: true });
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const { code, output } = await runQuietly(projectNode, [vite, 'build', 'web', '--logLevel', 'warn'], { cwd: root });
  if (code !== 0) throw new Error(`${output.trim()}\n\nThe web app could not be built.`);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, fingerprint);
}
