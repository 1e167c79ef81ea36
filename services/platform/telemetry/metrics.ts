import { monitorEventLoopDelay } from 'node:perf_hooks';
import prometheus from 'prom-client';
import { type LabelValues, type MetricDefinition, type MetricName, metricDefinitions } from './metric-definitions.ts';

type Labels<D extends Readonly<Record<string, LabelValues>>> = {
  readonly [K in keyof D]: D[K] extends readonly string[] ? D[K][number] : string;
};

/** A metric without labels takes its value alone; one with labels takes them all, first. */
type Call<L, V extends unknown[]> = keyof L extends never ? V : [labels: L, ...V];

interface Counter<L> {
  /** Adds 1, or `by`; throws where `by` is negative or not a number. */
  inc(...call: Call<L, [by?: number]>): void;
}

interface Gauge<L> {
  inc(...call: Call<L, [by?: number]>): void;
  dec(...call: Call<L, [by?: number]>): void;
  set(...call: Call<L, [value: number]>): void;
}

interface Histogram<L> {
  observe(...call: Call<L, [value: number]>): void;
}

type Instrument<D extends MetricDefinition> = {
  counter: Counter<Labels<D['labels']>>;
  gauge: Gauge<Labels<D['labels']>>;
  histogram: Histogram<Labels<D['labels']>>;
}[D['kind']];

type Instruments = { readonly [N in MetricName]: Instrument<(typeof metricDefinitions)[N]> };

interface QueueDepth {
  readonly queue: string;
  readonly state: 'waiting' | 'active' | 'delayed' | 'dead';
  readonly jobs: number;
}

export interface Metrics extends Instruments {
  /** `read` is asked for the depth of the queues whenever the metrics are read; it has a second. */
  collectQueueDepth(read: () => Promise<readonly QueueDepth[]>): void;
  /** What a Prometheus server reads. Resets the event loop's lag. */
  expose(): Promise<{ readonly contentType: string; readonly body: string }>;
  /** Ends the watch of the event loop. */
  close(): void;
}

const collectTimeoutMs = 1000;
/** Each look wakes an idle process: every 20 ms costs it 0.3 % of a core, every 10 ms twice that. */
const lagResolutionMs = 20;
const lagPercentiles = [
  ['0.5', 50],
  ['0.99', 99],
  ['1', 100],
] as const;

/** The metrics of one process in a registry of their own. */
export function createMetrics({ service, version }: { service: string; version: string }): Metrics {
  const registry = new prometheus.Registry();
  registry.setDefaultLabels({ service });
  collectProcessMetrics(registry);
  const instruments = createInstruments(registry);
  instruments.buildInfo.set({ version }, 1);

  const loop = monitorEventLoopDelay({ resolution: lagResolutionMs });
  loop.enable();
  const readLag = () => {
    for (const [quantile, percentile] of lagPercentiles) {
      // The monitor measures the whole time between its ticks, and a fresh one holds no value at all.
      const lagMs = loop.count === 0 ? 0 : Math.max(0, loop.percentile(percentile) / 1e6 - lagResolutionMs);
      instruments.eventLoopLag.set({ quantile }, lagMs / 1000);
    }
    loop.reset();
  };

  let readQueueDepth: (() => Promise<readonly QueueDepth[]>) | undefined;
  const collectQueueDepth = async () => {
    if (!readQueueDepth) return;
    registry.getSingleMetric(metricDefinitions.queueDepth.name)?.reset();
    try {
      for (const { queue, state, jobs } of await withTimeout(readQueueDepth())) {
        instruments.queueDepth.set({ queue, state }, jobs);
      }
    } catch {
      // A dependency that is away must not take the other metrics with it; readiness and the logs name its error.
      instruments.collectFailures.inc({ metric: metricDefinitions.queueDepth.name });
    }
  };

  return {
    ...instruments,
    collectQueueDepth: (read) => {
      readQueueDepth = read;
    },
    expose: async () => {
      readLag();
      await collectQueueDepth();
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
    close: () => {
      loop.disable();
    },
  };
}

/** What prom-client knows of the process, without its event loop lag: ours below tells the same, and two cost twice. */
function collectProcessMetrics(registry: prometheus.Registry): void {
  prometheus.collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 10_000 });
  for (const { name } of registry.getMetricsAsArray()) {
    if (name.startsWith('nodejs_eventloop_lag')) registry.removeSingleMetric(name);
  }
}

function createInstruments(registry: prometheus.Registry): Instruments {
  const made = Object.entries(metricDefinitions).map(([key, definition]) => [
    key,
    createInstrument(definition, registry),
  ]);
  // Each entry is made from the row of its own key, which the compiler cannot follow through `fromEntries`.
  return Object.fromEntries(made) as Instruments;
}

function createInstrument({ kind, name, help, labels, buckets }: MetricDefinition, registry: prometheus.Registry) {
  const options = { name, help, labelNames: Object.keys(labels), registers: [registry] };
  if (kind === 'histogram') return new prometheus.Histogram({ ...options, ...(buckets && { buckets: [...buckets] }) });
  return kind === 'counter' ? new prometheus.Counter(options) : new prometheus.Gauge(options);
}

function withTimeout<T>(work: Promise<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(() => reject(new Error('took too long')), collectTimeoutMs);
  work.then(resolve, reject).finally(() => clearTimeout(timer));
  return promise;
}
