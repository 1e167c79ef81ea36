// Installs the packages where they are missing or not those of package-lock.json. Needs no network when nothing is missing.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectNode, root } from './project.mjs';
import { runQuietly } from './run.mjs';

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
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return false;
  const exists = (/** @type {string} */ path) => existsSync(join(root, path, 'package.json'));
  if (findStale(packagesOf('package-lock.json'), packagesOf('node_modules/.package-lock.json'), exists)) return false;
  try {
    execFileSync(projectNode, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // node_modules came from a machine of another kind
  }
}

/** The npm that started this script, else the one on the PATH. */
function npm() {
  const path = process.env.npm_execpath ?? '';
  return basename(path) === 'npm-cli.js'
    ? [process.execPath, path]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/** Throws what a person can act on where the packages cannot be installed. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  process.stderr.write('Installing packages …\n');
  // Not `npm ci`: it refuses a package-lock.json that lacks the optional packages of other platforms, which a registry may
  // not have. `--no-save` keeps to the locked versions and leaves the file as it is.
  const options = ['--no-save', '--include=dev', '--no-audit', '--no-fund', '--prefix', root];
  const [command = 'npm', ...args] = [...npm(), 'install', ...options];
  const { code, output } = await runQuietly(command, args, { cwd: root });
  if (code !== 0)
    throw new Error(`${output.trim()}\n\nThe packages could not be installed (npm install ended with ${code}).`);
}
