import { runOrThrow } from '#scripts/programs/run-program.ts';

/** Names of images as the cluster is told of them. */
export interface Images {
  readonly test: string;
  readonly mongo: string;
}

const registry = 'docker.io';

interface BuildOptions {
  /** A command that makes local images known to the cluster, called with their names; none where it reads the local ones. */
  readonly load: string | undefined;
  /** Further words for the image builder's `build`. */
  readonly buildArguments: readonly string[];
}

/** Builds images, and hands them to the cluster. */
export class ImageBuilder {
  readonly #options: BuildOptions;

  constructor(options: BuildOptions) {
    this.#options = options;
  }

  /** Both images of the product, as a release has them. */
  async buildRelease(tag: string): Promise<void> {
    const script = ['scripts/build-images.ts', '--tag', tag, '--allow-dirty', '--', ...this.#options.buildArguments];
    await runOrThrow(process.execPath, script);
    await this.load([`lamplight/server:${tag}`, `lamplight/edge:${tag}`]);
  }

  /** An image of `folder` on top of the server's. */
  async buildOnTop(
    base: string,
    { name, folder, file }: { name: string; folder: string; file: string },
  ): Promise<void> {
    const options = ['--format', 'docker', '--build-arg', `BASE=${registry}/${base}`, '-f', file];
    const tag = ['-t', `${registry}/${name}`];
    await runOrThrow('buildah', ['build', ...options, ...this.#options.buildArguments, ...tag, folder]);
    await this.load([name]);
  }

  async load(names: readonly string[]): Promise<void> {
    const [program, ...args] = this.#options.load?.split(' ') ?? [];
    if (program) await runOrThrow(program, [...args, ...names]);
  }
}
