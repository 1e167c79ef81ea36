import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pairProblem } from './pair-problem.ts';
import type { WatchSettings } from './watch-settings.ts';

/** What stood in the files at one moment. */
export interface Snapshot {
  /** The same for the same content, wherever links lead and however it came there. */
  readonly digest: string;
  /** Why Nginx would not take it; undefined where nothing speaks against it. */
  readonly problem: string | undefined;
  /** The certificate's text, where there is one. */
  readonly certificate: string | undefined;
}

/** Reads what Nginx would read. Never rejects: what cannot be read is the snapshot's problem. */
export async function takeSnapshot({
  pair,
  configuration,
}: Pick<WatchSettings, 'pair' | 'configuration'>): Promise<Snapshot> {
  const files = new Map<string, string | Error>();
  const read = async (path: string) => {
    files.set(path, await readFile(path, 'utf8').catch(asError));
  };
  const listed = await listFiles(configuration);
  if (listed instanceof Error) files.set(configuration, listed);
  else await Promise.all(listed.map(read));
  if (pair) await Promise.all([read(pair.certificate), read(pair.key)]);

  const hash = createHash('sha256');
  for (const [path, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(JSON.stringify([path, content instanceof Error ? { unreadable: content.message } : content]));
  }
  const unreadable = [...files.values()].find((content) => content instanceof Error);
  const texts = pair && [files.get(pair.certificate), files.get(pair.key)];
  const [certificate, key] = texts?.map((content) => (typeof content === 'string' ? content : undefined)) ?? [];
  const mismatch = certificate !== undefined && key !== undefined ? pairProblem(certificate, key) : undefined;
  const noMain = files.has(join(configuration, 'nginx.conf'))
    ? undefined
    : `there is no nginx.conf in ${configuration}`;
  return { digest: hash.digest('hex'), problem: unreadable?.message ?? noMain ?? mismatch, certificate };
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** All files below a folder, through links, but hidden ones: those are on their way there, or how Kubernetes keeps the others. */
async function listFiles(folder: string): Promise<string[] | Error> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const parts = await Promise.all(
      entries
        .filter(({ name }) => !name.startsWith('.'))
        .map(async (entry) => {
          const path = join(folder, entry.name);
          if (entry.isFile()) return [path];
          const inside = await listFiles(path);
          return inside instanceof Error ? [path] : inside;
        }),
    );
    return parts.flat();
  } catch (error) {
    return asError(error);
  }
}
