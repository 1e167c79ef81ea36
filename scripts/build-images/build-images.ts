import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from './engines.ts';
import type { ImageName, Options } from './options.ts';
import type { Source } from './read-source.ts';

export interface BuiltImage {
  readonly name: ImageName;
  /** The local name, `docker.io/lamplight/server:TAG`. */
  readonly image: string;
  /** The digest of its configuration. */
  readonly id: string;
  readonly sizeBytes: number;
  readonly base: string;
  /** What is not the base image's. */
  readonly addedBytes: number;
  /** `REGISTRY/lamplight/server@sha256:…` where it was pushed. */
  readonly pushed?: string;
}

const dockerfiles: Readonly<Record<ImageName, string>> = {
  server: 'deploy/Dockerfile',
  edge: 'deploy/edge.Dockerfile',
};

/** The image that the last stage stands on. */
export function baseOf(dockerfile: string): string {
  const last = [...dockerfile.matchAll(/^FROM\s+(\S+)/gim)].at(-1)?.[1];
  if (!last) throw new Error('The Dockerfile has no FROM.');
  return last;
}

/** Builds, measures and pushes them one after another; rejects where one adds more than it may, before it is pushed. */
export async function buildImages(
  folder: string,
  { options, engine, source }: { options: Options; engine: Engine; source: Source },
): Promise<BuiltImage[]> {
  const tag = options.tag ?? source.version;
  const built: BuiltImage[] = [];
  for (const name of options.images) {
    const image = `docker.io/lamplight/${name}:${tag}`;
    const dockerfile = dockerfiles[name];
    await engine.build({
      folder,
      dockerfile,
      name: image,
      values: { VERSION: tag, REVISION: source.revision, CREATED: source.created, SOURCE: source.url },
      extra: options.buildArguments,
    });
    const base = baseOf(await readFile(join(folder, dockerfile), 'utf8'));
    const sizeBytes = await engine.size(image);
    const addedBytes = sizeBytes - (await engine.size(base));
    if (addedBytes > options.maxAddedMb * 1e6) {
      throw new Error(
        `${image} adds ${megabytes(addedBytes)} to ${base}; at most ${options.maxAddedMb} MB are allowed (--max-added).`,
      );
    }
    built.push({ name, image, id: await engine.id(image), sizeBytes, base, addedBytes });
  }
  if (options.registry === undefined) return built;
  const pushed: BuiltImage[] = [];
  for (const each of built) {
    const repository = `${options.registry}/lamplight/${each.name}`;
    pushed.push({ ...each, pushed: `${repository}@${await engine.push(each.image, `${repository}:${tag}`)}` });
  }
  return pushed;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** What was built, for people. */
export const summary = (built: readonly BuiltImage[]): string =>
  built
    .map(
      ({ image, id, sizeBytes, base, addedBytes, pushed }) =>
        `${image}  ${megabytes(sizeBytes)}, ${megabytes(addedBytes)} of it over ${base}\n  ${pushed ?? id}\n`,
    )
    .join('');
