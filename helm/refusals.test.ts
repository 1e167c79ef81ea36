import { describe, expect, inject, it } from 'vitest';
import { renderChart } from '#scripts/chart/render-chart.ts';
import { leastValues, valueArgs } from './chart-values.fixture.ts';

const { helm } = inject('programs');

const refusal = async (...values: readonly object[]): Promise<string> =>
  renderChart(await valueArgs(...values)).then(
    () => 'not refused',
    (error: Error) => error.message,
  );

const certificate = { edge: { tls: { enabled: true, existingSecret: 'tls' } } };

const refused: ReadonlyArray<readonly [string, object, string | RegExp]> = [
  ['no address', { publicUrl: '' }, 'publicUrl: is missing. Write what people type into their browser'],
  [
    'an address with a path',
    { publicUrl: 'https://example.org/chat' },
    /publicUrl: .* is not a scheme and a host alone/,
  ],
  [
    'an API address that is none',
    { apiUrl: 'api.example.org' },
    'apiUrl: "api.example.org" is not a scheme and a host',
  ],
  ['an origin with a wildcard inside', { corsOrigins: ['https://a.*.org'] }, 'corsOrigins: "https://a.*.org" is not'],
  [
    'no MongoDB',
    { mongodb: { existingSecret: { name: '' } } },
    'mongodb.existingSecret.name: is missing. Name a Secret of the namespace lamplight whose key mongodb holds a uri',
  ],
  [
    'a bundled Redis without a password',
    { redis: { existingSecret: { name: '' }, bundled: { enabled: true } } },
    'redis.existingSecret.name: is missing. Name a Secret of the namespace lamplight whose key password holds the password',
  ],
  [
    'a worker that is ended too early',
    { worker: { terminationGracePeriodSeconds: 60 } },
    'worker.terminationGracePeriodSeconds: would end a process that stops in order. Write 915 or more',
  ],
  [
    'a realtime that is ended too early',
    { realtime: { shutdownGraceSeconds: 40, terminationGracePeriodSeconds: 64 } },
    'realtime.terminationGracePeriodSeconds: would end a process that stops in order. Write 65 or more',
  ],
  [
    'an edge that is ended too early',
    { edge: { preStopSeconds: 30 } },
    /edge.terminationGracePeriodSeconds: .* Write 65/,
  ],
  ['TLS without a certificate', { edge: { tls: { enabled: true } } }, 'edge.tls.existingSecret: is missing.'],
  [
    'TLS with an issuer without a name',
    { edge: { tls: { enabled: true, certManager: { enabled: true } } } },
    'edge.tls.certManager.issuerRef.name: is missing.',
  ],
  [
    'TLS with two certificates',
    { edge: { tls: { enabled: true, existingSecret: 'a', certManager: { enabled: true, issuerRef: { name: 'b' } } } } },
    'edge.tls: existingSecret is given and certManager is enabled. Choose one.',
  ],
  ['TLS for http', { ...certificate, publicUrl: 'http://a.org' }, 'publicUrl: begins with http://, while edge.tls'],
  [
    'TLS behind an Ingress that ends it',
    { ...certificate, ingress: { enabled: true, tls: { existingSecret: 'a' } } },
    'edge.tls.enabled: the Ingress or Gateway ends TLS',
  ],
  ['an Ingress to nowhere', { edge: { enabled: false }, ingress: { enabled: true } }, 'edge.enabled: is off, while'],
  ['an Ingress without a certificate', { ingress: { enabled: true } }, 'ingress.tls.existingSecret: is missing.'],
  [
    'an Ingress with two issuers',
    { ingress: { enabled: true, certManager: { issuer: 'a', clusterIssuer: 'b' } } },
    'ingress.certManager: has an issuer and a clusterIssuer. Choose one.',
  ],
  [
    'an Ingress with TLS for http',
    { ingress: { enabled: true, tls: { existingSecret: 'a' } }, publicUrl: 'http://a.org' },
    'publicUrl: begins with http://, while ingress.tls is enabled.',
  ],
  [
    'a traffic policy from outside for what is not reached from there',
    { edge: { service: { externalTrafficPolicy: 'Local' } } },
    'edge.service.externalTrafficPolicy: is nothing that a ClusterIP has.',
  ],
  [
    'a class of load balancer without one',
    { edge: { service: { type: 'NodePort', loadBalancerClass: 'a/b' } } },
    'edge.service.loadBalancerClass: is nothing that a NodePort has.',
  ],
  ...['name', 'instance', 'component'].map(
    (label) =>
      [
        `a common label in place of the ${label} that selects pods`,
        { commonLabels: { [`app.kubernetes.io/${label}`]: 'x' } },
        `commonLabels: has app.kubernetes.io/${label}, by which the chart finds its pods.`,
      ] as const,
  ),
  ...['api', 'realtime', 'worker', 'scheduler', 'edge'].map(
    (component) =>
      [
        `a label of the ${component}'s pods in place of one that selects them`,
        { [component]: { podLabels: { 'app.kubernetes.io/component': 'x' } } },
        `${component}.podLabels: has app.kubernetes.io/component, by which the chart finds its pods.`,
      ] as const,
  ),
  ['a route of no gateway', { gateway: { enabled: true } }, 'gateway.parentRefs: is empty.'],
  ['keys of no models', { models: { keys: { KEY: { name: 'a', key: 'b' } } } }, 'models.config: is empty, while'],
  [
    'a model without a price',
    { openai: { existingSecret: { name: 'a' } }, settings: { OPENAI_INPUT_PRICE: 0 } },
    'settings.OPENAI_OUTPUT_PRICE: is missing. Write what a million tokens of the model cost',
  ],
  [
    'an OpenID provider without a client',
    { settings: { OIDC_ISSUER: 'https://login.example.org' } },
    'settings.OIDC_ISSUER: belongs together with settings.OIDC_CLIENT_ID.',
  ],
  [
    "a client's secret for no OpenID provider",
    { oidc: { existingSecret: { name: 'a' } } },
    'settings.OIDC_ISSUER: is missing, while oidc.existingSecret names a secret for it.',
  ],
  [
    'scaling by nothing',
    { api: { autoscaling: { enabled: true, targetCPU: 0 } } },
    'api.autoscaling: has nothing to scale by.',
  ],
  [
    'scaling from more to less',
    { edge: { autoscaling: { enabled: true, minReplicas: 9 } } },
    'edge.autoscaling: minReplicas is above maxReplicas.',
  ],
  [
    'KEDA without Prometheus',
    { worker: { autoscaling: { enabled: true, targetQueueDepth: 5, keda: { enabled: true } } } },
    'keda.prometheusUrl: is missing, while worker is scaled by a metric.',
  ],
  ['a name that there is not', { image: { tagg: 'x' } }, /at '\/image': additional properties 'tagg' not allowed/],
  ['a setting that there is not', { settings: { LOG_LEVL: 'info' } }, /at '\/settings': .*'LOG_LEVL' not allowed/],
  ['a secret among the settings', { settings: { MONGODB_URI: 'x' } }, /at '\/settings': .*'MONGODB_URI' not allowed/],
  ['what signs among the settings', { settings: { JWT_SECRET: 'x' } }, /at '\/settings': .*'JWT_SECRET' not allowed/],
  ['text for a number', { api: { replicas: 'two' } }, /at '\/api\/replicas': got string, want integer/],
  [
    'a Service of no known type',
    { edge: { service: { type: 'Foo' } } },
    /at '\/edge\/service\/type': value must be one/,
  ],
];

describe.skipIf(!helm)('the chart refuses', () => {
  it.each(refused)('%s, and says what to write', async (_, values, says) => {
    const message = await refusal(leastValues, values);
    if (typeof says === 'string') expect(message).toContain(says);
    else expect(message).toMatch(says);
  });

  it('nothing of the least values', async () => {
    expect(await refusal(leastValues)).toBe('not refused');
  });

  it('with all mistakes at once', async () => {
    const message = await refusal({});
    expect(message).toMatch(/These values are not right:\n {2}- publicUrl.*\n {2}- mongodb.*\n {2}- redis/);
  });
});
