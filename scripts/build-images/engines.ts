import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOrThrow } from '#scripts/programs/run-program.ts';
import type { EngineName } from './options.ts';

interface BuildRequest {
  readonly folder: string;
  readonly dockerfile: string;
  readonly name: string;
  /** Build arguments that become labels. */
  readonly values: Readonly<Record<string, string>>;
  readonly extra: readonly string[];
}

/** A program that builds images. */
export interface Engine {
  readonly name: EngineName;
  build(request: BuildRequest): Promise<void>;
  /** Bytes of an image's layers, as they lie on a disk. */
  size(image: string): Promise<number>;
  /** The digest of a local image's configuration: the same wherever it is pushed to. */
  id(image: string): Promise<string>;
  /** Pushes a local image under another name; the digest that the registry knows it by. */
  push(image: string, target: string): Promise<string>;
}

/** OCI's own image format has no place for a health check, and drops it. */
const dockerFormat = ['--format', 'docker'];

const buildOptions = ({ dockerfile, name, values, extra }: BuildRequest): string[] => [
  ...['--file', dockerfile, '--tag', name],
  ...Object.entries(values).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
  ...extra,
];

const withDigestFile = async (push: (file: string) => Promise<unknown>): Promise<string> => {
  const file = join(tmpdir(), `lamplight-digest-${randomUUID()}`);
  try {
    await push(file);
    return (await readFile(file, 'utf8')).trim();
  } finally {
    await rm(file, { force: true });
  }
};

/** What `docker image inspect` and `podman image inspect` print, as far as it is read. */
interface Inspected {
  readonly Id: string;
  readonly Size: number;
  readonly RepoDigests?: readonly string[];
}

async function inspect(program: string, image: string): Promise<Inspected> {
  const [found] = JSON.parse(await runOrThrow(program, ['image', 'inspect', image])) as Inspected[];
  if (!found) throw new Error(`${program} knows no image ${image}.`);
  return found;
}

const sha256 = (hex: string): string => (hex.startsWith('sha256:') ? hex : `sha256:${hex}`);

const buildah: Engine = {
  name: 'buildah',
  build: async (request) => {
    // `--layers` keeps the steps, so that the second image takes the stages that it shares with the first.
    const args = ['build', '--layers', ...dockerFormat, ...buildOptions(request), '.'];
    await runOrThrow('buildah', args, { cwd: request.folder, shown: true });
  },
  size: async (image) => {
    const text = await runOrThrow('buildah', ['inspect', '--type', 'image', '--format', '{{.Manifest}}', image]);
    const { layers } = JSON.parse(text) as { layers: readonly { size: number }[] };
    return layers.reduce((sum, { size }) => sum + size, 0);
  },
  id: async (image) =>
    sha256((await runOrThrow('buildah', ['inspect', '--type', 'image', '--format', '{{.FromImageID}}', image])).trim()),
  push: (image, target) =>
    withDigestFile((file) => runOrThrow('buildah', ['push', '--digestfile', file, image, `docker://${target}`])),
};

const podman: Engine = {
  name: 'podman',
  build: async (request) => {
    const args = ['build', '--layers', ...dockerFormat, ...buildOptions(request), '.'];
    await runOrThrow('podman', args, { cwd: request.folder, shown: true });
  },
  size: async (image) => (await inspect('podman', image)).Size,
  id: async (image) => sha256((await inspect('podman', image)).Id),
  push: (image, target) =>
    withDigestFile((file) => runOrThrow('podman', ['push', '--digestfile', file, image, target])),
};

const docker: Engine = {
  name: 'docker',
  build: async (request) => {
    await runOrThrow('docker', ['build', ...buildOptions(request), '.'], { cwd: request.folder, shown: true });
  },
  size: async (image) => {
    // Docker's builder keeps base images to itself: what they measure is known once they were pulled.
    const known = await runOrThrow('docker', ['image', 'ls', '--quiet', image]);
    if (known.trim() === '') await runOrThrow('docker', ['pull', '--quiet', image]);
    return (await inspect('docker', image)).Size;
  },
  id: async (image) => sha256((await inspect('docker', image)).Id),
  push: async (image, target) => {
    await runOrThrow('docker', ['tag', image, target]);
    await runOrThrow('docker', ['push', target]);
    const { RepoDigests = [] } = await inspect('docker', target);
    const repository = target.slice(0, target.lastIndexOf(':'));
    const found = RepoDigests.find((digest) => digest.startsWith(`${repository}@`));
    if (!found) throw new Error(`docker pushed ${target} but knows no digest of it.`);
    return found.slice(repository.length + 1);
  },
};

export const engines: Readonly<Record<EngineName, Engine>> = { buildah, docker, podman };
