// Installs the packages where they are missing or not those of package-lock.json. Needs no network when nothing is missing.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { projectNode, root } from './project.mjs';
import { runQuietly } from './run.mjs';

/** What npm writes down in node_modules once it has installed everything. */
const npmRecord = 'node_modules/.package-lock.json';
const npmProgram = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean }>} Packages */

/**
 * What is installed differently from what is locked; undefined where all is as it should be. Optional packages that are
 * absent belong to other platforms.
 * @param {Packages} locked `packages` of package-lock.json
 * @param {Packages} installed `packages` of what npm wrote down in node_modules after installing
 * @param {(path: string) => boolean} exists
 */
export function findStale(locked, installed, exists) {
  return Object.keys(locked).find((path) => {
    const wanted = locked[path];
    const found = installed[path];
    if (path === '' || (!found && wanted?.optional)) return false;
    return found?.version !== wanted?.version || found?.integrity !== wanted?.integrity || !exists(path);
  });
}

/** @param {string} file @returns {Packages} */
const packagesOf = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages ?? {};

function isInstalled() {
  if (!existsSync(join(root, npmRecord))) return false;
  const exists = (/** @type {string} */ path) => existsSync(join(root, path, 'package.json'));
  if (findStale(packagesOf('package-lock.json'), packagesOf(npmRecord), exists)) return false;
  try {
    execFileSync(projectNode, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // node_modules came from a machine of another kind
  }
}

/** Runs `npm install` with the npm that started this script, else the one on the PATH. @param {string} node runs npm */
async function npmInstall(node) {
  // Not `npm ci`: it refuses a package-lock.json that lacks the optional packages of other platforms, which a registry may
  // not have. `--no-save` keeps to the locked versions and leaves the file as it is.
  const options = ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--prefix', root];
  const npm = process.env.npm_execpath ?? '';
  const [command, args] = basename(npm) === 'npm-cli.js' ? [node, [npm, ...options]] : [npmProgram, options];
  const env = { ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter) };
  const { code, output } = await runQuietly(command, args, { cwd: root, env });
  if (code !== 0) throw new Error(`${output.trim()}\n\nThe packages could not be installed (npm ended with ${code}).`);
}

/** Throws what a person can act on where the packages cannot be installed. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  process.stderr.write('Installing packages …\n');
  await npmInstall(process.execPath);
  if (Number.parseInt(process.versions.node, 10) >= 24) return;
  // An older Node leaves out optional packages that ask for a newer one, and says nothing. The project's own Node is there
  // now and gets them; until then this counts as not installed.
  rmSync(join(root, npmRecord));
  await npmInstall(projectNode);
}
