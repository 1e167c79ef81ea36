import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runQuietly } from '../prepare/run.mjs';
import type { HostOptions } from './options.ts';
import { HostError, type HostFacts, sshCommand } from './remote-session.ts';
import { filesBelow, type Release } from './stage-release.ts';

async function sizeOf(folder: string): Promise<number> {
  const sizes = await Promise.all(
    (await filesBelow(folder)).map(async (file) => (await stat(join(folder, file))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Throws where the host cannot hold the release. A quarter more than its size: blocks, and what lies there half sent. */
export async function requireRoom(release: Release, { free }: HostFacts, { host, dir }: HostOptions): Promise<void> {
  const needed = Math.ceil(((await sizeOf(release.folder)) * 1.25) / 1024);
  if (free >= needed) return;
  const inMb = (kib: number) => `${Math.ceil(kib / 1024)} MB`;
  throw new HostError(
    `${dir} on ${host} has ${inMb(free)} free, and the release needs ${inMb(needed)}. Nothing was sent.`,
  );
}

/**
 * Sends it beside the releases, where nothing looks for it yet. What the current release has already is linked, and what an
 * earlier try has sent stays. Files are compared by content, since their times say nothing about a release.
 */
export async function sendRelease(release: Release, options: HostOptions, facts: HostFacts): Promise<void> {
  const { host, dir } = options;
  const [ssh = '', ...words] = sshCommand(options);
  const shell = [ssh, ...words].map((word) => (/\s/.test(word) ? `'${word}'` : word)).join(' ');
  const args = [
    ...[
      '--recursive',
      '--links',
      '--perms',
      '--chmod=u+w,go-w,a+rX',
      '--checksum',
      '--partial',
      '--delete',
      '--timeout=60',
    ],
    ...['--rsh', shell],
    ...(facts.current === '' ? [] : ['--link-dest', `../${facts.current}/`]),
    `${release.folder}/`,
    `${host}:${dir}/releases/.incoming-${release.id}/`,
  ];
  const { code, output } = await runQuietly('rsync', args);
  if (code === 0) return;
  const local = code === 127 ? ' Install rsync on this machine.' : '';
  throw new HostError(
    `${output.trim()}\nThe release was not sent whole (rsync ended with ${code}).${local} ${facts.current || 'No release'} goes on on ${host}; deploy again to go on from here.`,
  );
}
