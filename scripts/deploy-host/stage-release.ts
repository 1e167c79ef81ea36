import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { runQuietly } from '../prepare/run.mjs';

/** Everything that a host needs: what is not named here does not leave this machine. */
const parts = ['LICENSE', 'library', 'services', 'nginx', 'web/dist', 'deploy/systemd'] as const;
/** Scripts that run on the host, and the folders of their parts. */
const scripts = ['deploy-host', 'certificates', 'backup', 'restore', 'archive', 'seed'];

export interface StageOptions {
  /** The checkout. */
  readonly root: string;
  /** The folder to fill; it may hold nothing yet. */
  readonly to: string;
  /** The Node that the release runs on. */
  readonly node: string;
}

export interface Release {
  /** `<version>+<fingerprint>`: what `/health` answers, and the folder's name on the host. */
  readonly id: string;
  readonly folder: string;
}

const packageFile = z.looseObject({ version: z.string() });

/**
 * Puts a release together: sources, the built web app, packages without development ones, and a Node, so that the host needs
 * none. Two releases of one version differ in their fingerprint, and a release that was put together twice is the same one.
 */
export async function stageRelease({ root, to, node }: StageOptions): Promise<Release> {
  await mkdir(to, { recursive: true });
  if ((await readdir(to)).length > 0) throw new Error(`${to} is not empty: name a folder that is, or a new one.`);
  for (const part of await existing(root)) {
    await mkdir(dirname(join(to, part)), { recursive: true });
    await cp(join(root, part), join(to, part), { recursive: true, filter: isProduction });
  }
  await mkdir(join(to, 'bin'));
  await cp(node, join(to, 'bin/node'), { dereference: true });
  await chmod(join(to, 'bin/node'), 0o755);

  const {
    scripts: _scripts,
    devDependencies: _dev,
    ...manifest
  } = packageFile.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  const fingerprint = await fingerprintOf(to, await readFile(join(root, 'package-lock.json')));
  const id = `${manifest.version}+${fingerprint}`;
  await installPackages(root, to, node);
  await writeFile(join(to, 'package.json'), `${JSON.stringify({ ...manifest, version: id }, null, 2)}\n`);
  await writeManifest(to);
  return { id, folder: to };
}

/** A release that was put together before. */
export async function readStaged(folder: string): Promise<Release> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
  const { data } = packageFile.safeParse(JSON.parse(text));
  const manifest = await readFile(join(folder, '.manifest'), 'utf8').catch(() => undefined);
  if (!data || manifest === undefined) throw new Error(`${folder} holds no release: make one with --stage.`);
  return { id: data.version, folder };
}

async function existing(root: string): Promise<string[]> {
  const names = await readdir(join(root, 'scripts'));
  const chosen = names.filter((name) => scripts.includes(name.replace(/\.(ts|mjs|sh)$/, '')));
  const present = await Promise.all(
    parts.map(async (part) => ((await readdir(join(root, dirname(part)))).includes(basename(part)) ? [part] : [])),
  );
  if (!present.flat().includes('web/dist')) throw new Error('The web app is not built: npm run deploy-host builds it.');
  return [...present.flat(), ...chosen.map((name) => join('scripts', name))];
}

const isProduction = (path: string): boolean =>
  !/\.(test|contract|fixture)\.tsx?$/.test(path) && !/\/(node_modules|test|testing)$/.test(path);

/** Every file below a folder, by its path from there. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

async function fingerprintOf(folder: string, lock: Buffer): Promise<string> {
  const hash = createHash('sha256').update(lock);
  for (const file of (await filesBelow(folder)).sort()) {
    hash.update(`${file}\0`).update(
      createHash('sha256')
        .update(await readFile(join(folder, file)))
        .digest(),
    );
  }
  return hash.digest('hex').slice(0, 12);
}

/** Not `npm ci`, for the reason that scripts/prepare/install.mjs gives; no package may run a program of its own here. */
async function installPackages(root: string, to: string, node: string): Promise<void> {
  for (const file of ['package.json', 'package-lock.json']) await cp(join(root, file), join(to, file));
  const options = ['--omit=dev', '--no-save', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env['PATH']}` };
  const { code, output } = await runQuietly('npm', ['install', ...options, '--prefix', to], { cwd: to, env });
  if (code !== 0) throw new Error(`${output.trim()}\n\nThe packages could not be installed (npm ended with ${code}).`);
  await rm(join(to, 'package-lock.json'));
}

/** The host compares its files with this list: a release is whole, or it is not taken. */
export async function writeManifest(folder: string): Promise<void> {
  const files = new Set([...(await filesBelow(folder)), '.manifest']);
  const lines = [...files].map((file) => Buffer.from(`./${file}\n`)).sort(Buffer.compare);
  await writeFile(join(folder, '.manifest'), Buffer.concat(lines));
}
