import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOrThrow } from '#scripts/programs/run-program.ts';
import { WrongUsage } from './options.ts';

/** What an image says about where it came from: from git alone, so that the same commit gives the same labels. */
export interface Source {
  readonly version: string;
  readonly revision: string;
  /** The time of the commit. */
  readonly created: string;
  /** Where the repository is; empty where it has no address. */
  readonly url: string;
}

/** Throws `WrongUsage` where the tree has changes, unless they are allowed. */
export async function readSource(folder: string, { allowDirty }: { allowDirty: boolean }): Promise<Source> {
  const git = async (...args: string[]) => (await runOrThrow('git', ['-C', folder, ...args])).trim();
  const changes = await git('status', '--porcelain', '--untracked-files=normal');
  if (changes !== '' && !allowDirty) {
    const shown = changes.split('\n').slice(0, 10).join('\n');
    throw new WrongUsage(`The tree has changes that are not committed; commit them, or say --allow-dirty:\n${shown}`);
  }
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  const remotes = await git('remote');
  return {
    version,
    revision: (await git('rev-parse', 'HEAD')) + (changes === '' ? '' : '-dirty'),
    created: new Date(Number(await git('show', '-s', '--format=%ct', 'HEAD')) * 1000).toISOString(),
    url: remotes.split('\n').includes('origin') ? publicAddress(await git('remote', 'get-url', 'origin')) : '',
  };
}

/** A remote's address without what signs in there; `git@host:path` as https, which people can open. */
export function publicAddress(remote: string): string {
  const short = /^[\w.-]+@([\w.-]+):(?!\/)(.+)$/.exec(remote);
  const text = short ? `https://${short[1]}/${short[2]}` : remote;
  if (!URL.canParse(text)) return '';
  const url = new URL(text);
  if (!['http:', 'https:', 'ssh:', 'git:'].includes(url.protocol)) return '';
  return `https://${url.host}${url.pathname.replace(/\.git$/, '')}`;
}
