import { type RunOptions, runOrThrow } from '#scripts/programs/run-program.ts';

/** The namespace of this test, and the tools that speak to its cluster. */
export class Cluster {
  readonly namespace: string;
  readonly #signal: AbortSignal;

  constructor(namespace: string, signal: AbortSignal) {
    this.namespace = namespace;
    this.#signal = signal;
  }

  kubectl(args: readonly string[], options: RunOptions = {}): Promise<string> {
    return runOrThrow('kubectl', ['-n', this.namespace, ...args], { signal: this.#signal, ...options });
  }

  helm(args: readonly string[], options: RunOptions = {}): Promise<string> {
    return runOrThrow('helm', ['-n', this.namespace, ...args], { signal: this.#signal, ...options });
  }

  /** Waits until a Deployment has all of its pods, of its newest form. */
  async settled(deployment: string, seconds = 120): Promise<void> {
    await this.kubectl(['rollout', 'status', `deployment/${deployment}`, `--timeout=${seconds}s`]);
  }

  /** Names of the running pods with this label, the oldest first. */
  async pods(label: string): Promise<string[]> {
    const names = await this.kubectl([
      ...['get', 'pods', '-l', label, '--field-selector=status.phase=Running'],
      ...['--sort-by=.metadata.creationTimestamp', '-o', 'jsonpath={.items[*].metadata.name}'],
    ]);
    return names.split(' ').filter((name) => name !== '');
  }

  /** The address of a Service: of its load balancer where it has one, else the cluster's own. */
  async address(service: string): Promise<string> {
    const { spec, status } = JSON.parse(await this.kubectl(['get', 'service', service, '-o', 'json']));
    const [ingress] = status?.loadBalancer?.ingress ?? [];
    return ingress?.ip ?? ingress?.hostname ?? spec.clusterIP;
  }

  /** A fresh namespace in which the API server refuses what is not `restricted`. */
  async createNamespace(): Promise<void> {
    await this.removeNamespace();
    await runOrThrow('kubectl', ['create', 'namespace', this.namespace], { signal: this.#signal });
    const level = 'pod-security.kubernetes.io/enforce=restricted';
    await runOrThrow('kubectl', ['label', 'namespace', this.namespace, level], { signal: this.#signal });
  }

  async removeNamespace(): Promise<void> {
    await runOrThrow('kubectl', ['delete', 'namespace', this.namespace, '--ignore-not-found', '--timeout=180s']);
  }
}
