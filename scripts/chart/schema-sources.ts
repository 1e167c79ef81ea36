/** A Go module, which Go's own client fetches and checks. */
export interface Source {
  readonly module: string;
  readonly version: string;
}

export interface ResourceSource extends Source {
  /** The file with the CustomResourceDefinition. */
  readonly file: string;
}

/** The oldest Kubernetes that the chart supports, and the newest when this was written. */
export const kubernetesVersions = ['v1.30.14', 'v1.36.3'] as const;

export const kubernetesSource = (version: string): Source => ({ module: 'k8s.io/kubernetes', version });

/** The kinds of Kubernetes that the chart renders; one that is missing here is refused by kubeconform. */
export const kinds: ReadonlySet<string> = new Set([
  'ConfigMap',
  'Deployment',
  'HorizontalPodAutoscaler',
  'Ingress',
  'Job',
  'NetworkPolicy',
  'Pod',
  'PodDisruptionBudget',
  'Secret',
  'Service',
  'ServiceAccount',
  'StatefulSet',
]);

/** The kinds of others. */
export const resourceSources: readonly ResourceSource[] = [
  {
    module: 'sigs.k8s.io/gateway-api',
    version: 'v1.5.1',
    file: 'config/crd/standard/gateway.networking.k8s.io_httproutes.yaml',
  },
  {
    module: 'github.com/prometheus-operator/prometheus-operator',
    version: 'v0.85.0',
    file: 'example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml',
  },
  {
    module: 'github.com/cert-manager/cert-manager',
    version: 'v1.21.2',
    file: 'deploy/crds/cert-manager.io_certificates.yaml',
  },
  { module: 'github.com/kedacore/keda/v2', version: 'v2.21.0', file: 'config/crd/bases/keda.sh_scaledobjects.yaml' },
];
