import type { Cluster } from './cluster.ts';

const name = 'lamplight';
const services = ['api', 'realtime', 'worker', 'scheduler', 'edge'] as const;
const scaled = ['api', 'realtime', 'worker'] as const;

export interface ReleaseOptions {
  /** Folder of the chart. */
  readonly chart: string;
  readonly valuesFile: string;
  /** The tag of both images of the first revision. */
  readonly tag: string;
}

interface Status {
  readonly revision: number;
  readonly status: string;
  /** What the Deployments' pods are made of, in the order of the Deployments' names. */
  readonly images: readonly string[];
}

/** Lamplight as Helm has installed it. */
export class Release {
  readonly #cluster: Cluster;
  readonly #options: ReleaseOptions;
  #tag: string;
  #edgeTag: string;
  #replicas = 2;

  constructor(cluster: Cluster, options: ReleaseOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.#tag = options.tag;
    this.#edgeTag = options.tag;
  }

  get name(): string {
    return name;
  }

  deployment(service: string): string {
    return `${name}-${service}`;
  }

  /** Of all that belongs to it. */
  get label(): string {
    return `app.kubernetes.io/instance=${name}`;
  }

  podsOf(service: string): string {
    return `${this.label},app.kubernetes.io/component=${service}`;
  }

  /** Installs it, or changes what runs, and waits until that serves; what fails is rolled back by Helm, and thrown. */
  async upgrade({
    tag = this.#tag,
    edgeTag = this.#edgeTag,
    replicas = this.#replicas,
    timeoutSeconds = 240,
  }: {
    tag?: string;
    edgeTag?: string;
    replicas?: number;
    timeoutSeconds?: number;
  } = {}): Promise<void> {
    const counts = scaled.map((service) => `${service}.replicas=${replicas}`);
    const set = [`image.tag=${tag}`, `edge.image.tag=${edgeTag}`, ...counts].join(',');
    await this.#cluster.helm([
      ...['upgrade', '--install', name, this.#options.chart, '-f', this.#options.valuesFile, '--set', set],
      ...['--rollback-on-failure', '--wait', `--timeout=${timeoutSeconds}s`],
    ]);
    this.#tag = tag;
    this.#edgeTag = edgeTag;
    this.#replicas = replicas;
  }

  /** Waits until every Deployment has all of its pods. */
  async settled(): Promise<void> {
    for (const service of services) await this.#cluster.settled(this.deployment(service));
  }

  async test(): Promise<void> {
    await this.#cluster.helm(['test', name, '--timeout=120s']);
  }

  async status(): Promise<Status> {
    const release = JSON.parse(await this.#cluster.helm(['status', name, '-o', 'json']));
    const { items } = JSON.parse(await this.#cluster.kubectl(['get', 'deployments', '-l', this.label, '-o', 'json']));
    const images = items.flatMap((item: Deployment) => item.spec.template.spec.containers.map(({ image }) => image));
    return { revision: Number(release.version), status: release.info.status, images };
  }
}

interface Deployment {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
}
