const podSecurity = {
  runAsNonRoot: true,
  fsGroup: 1000,
  seccompProfile: { type: 'RuntimeDefault' },
} as const;
const containerSecurity = {
  readOnlyRootFilesystem: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
} as const;

/** A namespace that takes pods without any privilege, a standalone Lamplight in it, and the edge before that. */
export function manifests(namespace: string, images: { readonly server: string; readonly edge: string }): unknown[] {
  const metadata = (name: string) => ({ name, namespace, labels: { app: 'lamplight', part: name } });
  const container = (name: string, image: string, more: object) => ({
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    securityContext: containerSecurity,
    ...more,
  });
  const pod = (name: string, spec: object) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata(name),
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 40,
      securityContext: podSecurity,
      ...spec,
    },
  });
  const configuration = { name: 'configuration', mountPath: '/etc/lamplight/nginx' };
  const temporary = { name: 'tmp', mountPath: '/tmp' };
  const edgeSettings = {
    PUBLIC_URL: 'http://chat.example.org',
    EDGE_TLS: 'off',
    EDGE_API_UPSTREAM: `standalone.${namespace}.svc.cluster.local:3000`,
    EDGE_REALTIME_UPSTREAM: `standalone.${namespace}.svc.cluster.local:3000`,
  };
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata('standalone'),
      spec: { clusterIP: 'None', selector: { part: 'standalone' }, ports: [{ port: 3000 }] },
    },
    pod('standalone', {
      containers: [
        container('server', images.server, {
          readinessProbe: { httpGet: { path: '/readyz', port: 9464 }, periodSeconds: 1 },
          volumeMounts: [{ name: 'data', mountPath: '/data' }, temporary],
        }),
      ],
      volumes: [
        { name: 'data', emptyDir: {} },
        { name: 'tmp', emptyDir: {} },
      ],
    }),
    pod('edge', {
      initContainers: [
        container('configuration', images.server, {
          command: ['node', 'nginx/main.ts', '--out', '/etc/lamplight/nginx'],
          env: Object.entries(edgeSettings).map(([name, value]) => ({ name, value })),
          volumeMounts: [configuration],
        }),
      ],
      containers: [
        container('nginx', images.edge, {
          readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
          volumeMounts: [configuration, temporary],
        }),
      ],
      volumes: [
        { name: 'configuration', emptyDir: {} },
        { name: 'tmp', emptyDir: {} },
      ],
    }),
  ];
}
