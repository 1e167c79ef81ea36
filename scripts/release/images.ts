import { UsageError } from '../smoke/options.ts';

/** An image as the chart's values have it. */
export interface ImageReference {
  /** Empty: what the node's container engine takes for granted. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

const form =
  /^(?:(?<registry>localhost|[\w-]+(?:\.[\w-]+)+|[\w.-]+:\d+)(?=[:/])(?::(?<port>\d+))?\/)?(?<repository>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::(?<tag>[\w][\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** Throws where it is no image, or names one by something that can be made to mean another one later. */
export function readImage(option: string, value: string, allowTags: boolean): ImageReference {
  const { registry, port, repository, tag = '', digest = '' } = form.exec(value)?.groups ?? {};
  if (!repository) throw new UsageError(`${option} must be an image such as host/name@sha256:…; it is "${value}".`);
  if (!digest && !(allowTags && tag)) {
    throw new UsageError(
      `${option} must name its image by digest (host/name@sha256:…), for a tag can move; it is "${value}".`,
    );
  }
  const host = registry === undefined ? 'docker.io' : port === undefined ? registry : `${registry}:${port}`;
  return { registry: host, repository, tag, digest };
}

/** Arguments of helm that set an image; each part, so that none of an older release or of a values file stays. */
export function imageArguments(prefix: string, image: ImageReference | undefined): string[] {
  if (!image) return [];
  const parts = ['registry', 'repository', 'tag', 'digest'] as const;
  return parts.flatMap((part) => ['--set-string', `${prefix}.${part}=${image[part]}`]);
}
