import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, lstat, mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { filesBelow, type Release, writeManifest } from '../stage-release.ts';

/** Another release: `from` with some files replaced. What does not differ is linked, so that it costs nothing. */
export async function variant(
  from: Release,
  folder: string,
  id: string,
  replaced: Readonly<Record<string, string>> = {},
): Promise<Release> {
  await promisify(execFile)('cp', ['-al', from.folder, folder]);
  const manifest: unknown = JSON.parse(await readFile(join(from.folder, 'package.json'), 'utf8'));
  const own = JSON.stringify({ ...(manifest as object), version: id });
  for (const [file, text] of Object.entries({ 'package.json': own, ...replaced })) {
    await rm(join(folder, file)); // it is a link to the other release's file
    await writeFile(join(folder, file), text);
  }
  await rm(join(folder, '.manifest'));
  await writeManifest(folder);
  return { id, folder };
}

/** The same release with its packages and its Node where they are on this machine: sent at once, where it does not matter. */
export async function slimmed(from: Release, folder: string, root: string): Promise<Release> {
  await cp(from.folder, folder, { recursive: true, filter: (path) => !/\/(node_modules|bin)$/.test(path) });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin/node'), `#!/bin/sh\nexec ${process.execPath} "$@"\n`, { mode: 0o755 });
  await writeManifest(folder);
  return { id: from.id, folder };
}

/** A server that only says which release it is, for what is not about Lamplight itself. */
export const saysItsRelease = `
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const serve = (port, body) => createServer((_, response) => response.end(body)).listen(Number(port), '127.0.0.1');
serve(process.env.PORT, JSON.stringify({ version }));
serve(process.env.OPS_PORT, 'lamplight_build_info{version="' + version + '"} 1');
`;

/** Every file below a folder that `chosen` names, with what it holds, so that two looks at it can be compared. */
export async function checksums(folder: string, chosen = /./): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const file of (await filesBelow(folder)).filter((each) => chosen.test(each)).sort()) {
    const path = join(folder, file);
    const content = (await lstat(path)).isSymbolicLink() ? await readlink(path) : await readFile(path);
    found[file] = createHash('sha256').update(content).digest('hex');
  }
  return found;
}
