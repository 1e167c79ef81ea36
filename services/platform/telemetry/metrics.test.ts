import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import { metricDefinitions } from './metric-definitions.ts';
import { createMetrics, type Metrics } from './metrics.ts';

let metrics: Metrics;
const start = () => {
  metrics = createMetrics({ service: 'worker', version: '1.2.3' });
  return metrics;
};
afterEach(() => metrics.close());

/** The samples of the metrics whose names begin with `name`. */
const samples = async (name: string) =>
  (await metrics.expose()).body
    .split('\n')
    .filter((line) => line.startsWith(name))
    .sort();

describe('createMetrics', () => {
  it('counts, sets and observes with the labels of each metric, and with the service', async () => {
    start();
    metrics.tokens.inc({ model: 'm', kind: 'input' }, 12);
    metrics.tokens.inc({ model: 'm', kind: 'input' });
    metrics.takeovers.inc();
    metrics.activeRuns.inc();
    metrics.activeRuns.inc(3);
    metrics.activeRuns.dec();
    metrics.activeStreams.inc({ transport: 'sse' });
    metrics.httpRequestDuration.observe({ method: 'GET', route: '/api/me', status: '200' }, 0.02);
    expect(await samples('lamplight_tokens')).toEqual([
      'lamplight_tokens_total{model="m",kind="input",service="worker"} 13',
    ]);
    expect(await samples('lamplight_takeovers')).toEqual(['lamplight_takeovers_total{service="worker"} 1']);
    expect(await samples('lamplight_active_runs')).toEqual(['lamplight_active_runs{service="worker"} 3']);
    expect(await samples('lamplight_active_streams')).toEqual([
      'lamplight_active_streams{transport="sse",service="worker"} 1',
    ]);
    expect(await samples('lamplight_http_request_duration_seconds_bucket{le="0.025"')).toEqual([
      'lamplight_http_request_duration_seconds_bucket{le="0.025",service="worker",method="GET",route="/api/me",status="200"} 1',
    ]);
  });

  it('exposes every metric of the table under its name and help, beside those of the process', async () => {
    const { contentType, body } = await start().expose();
    expect(contentType).toContain('text/plain; version=0.0.4');
    for (const { name, help, kind } of Object.values(metricDefinitions)) {
      expect(body).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n`);
    }
    expect(body).toContain('process_cpu_seconds_total');
    expect(body).not.toContain('nodejs_eventloop_lag');
    expect(body).toContain('lamplight_build_info{version="1.2.3",service="worker"} 1');
  });

  it('keeps a registry for itself', async () => {
    const other = createMetrics({ service: 'api', version: '1' });
    start().takeovers.inc();
    expect((await other.expose()).body).toContain('lamplight_takeovers_total{service="api"} 0');
    other.close();
  });

  it('asks for the depth of the queues whenever it is read, and forgets those that are gone', async () => {
    start();
    const answers = [[{ queue: 'answer', state: 'waiting', jobs: 7 } as const], []];
    metrics.collectQueueDepth(async () => answers.shift() ?? []);
    expect(await samples('lamplight_queue_depth')).toEqual([
      'lamplight_queue_depth{queue="answer",state="waiting",service="worker"} 7',
    ]);
    expect(await samples('lamplight_queue_depth')).toEqual([]);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('away'))],
    [
      'throws',
      () => {
        throw new Error('away');
      },
    ],
    ['never answers', () => new Promise<never>(() => {})],
  ])('exposes the rest where the queue %s', async (_, read) => {
    start();
    metrics.collectQueueDepth(read);
    expect(await samples('lamplight_queue_depth')).toEqual([]);
    expect(await samples('lamplight_collect_failures')).toEqual([
      'lamplight_collect_failures_total{metric="lamplight_queue_depth",service="worker"} 2',
    ]);
  });

  it('tells how late the event loop was since it was last read', async () => {
    start();
    const lag = async (quantile: string) =>
      Number((await samples(`lamplight_event_loop_lag_seconds{quantile="${quantile}"`))[0]?.split(' ')[1]);
    const tick = () => wait(50);
    // The monitor needs a tick before and one after what holds the loop up.
    await tick();
    const end = performance.now() + 300;
    while (performance.now() < end);
    await tick();
    expect(await lag('1')).toBeGreaterThan(0.2);
    await waitFor(
      async () => {
        await tick();
        return (await lag('1')) < 0.2;
      },
      { what: 'a reading without the lag before it' },
    );
  });

  it('refuses labels that are not in the table, and a counter that goes back', () => {
    start();
    // @ts-expect-error: a kind that the table does not have
    metrics.tokens.inc({ model: 'm', kind: 'other' });
    // @ts-expect-error: a label is missing
    metrics.jobs.inc({ queue: 'answer' });
    // @ts-expect-error: a metric without labels takes none
    expect(() => metrics.takeovers.inc({ model: 'm' })).toThrow(/model/);
    expect(() => metrics.takeovers.inc(-1)).toThrow(/decrease/);
  });
});

describe('metricDefinitions', () => {
  it('follow the naming rules of Prometheus', () => {
    const names = Object.values(metricDefinitions).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const definition of Object.values(metricDefinitions)) {
      expect(definition.name).toMatch(/^(lamplight|gen_ai)_[a-z_]+$/);
      expect(definition.name.endsWith('_total')).toBe(definition.kind === 'counter');
      if (definition.kind === 'histogram') {
        expect(definition.name).toMatch(/_seconds$/);
        expect([...definition.buckets].sort((a, b) => a - b)).toEqual(definition.buckets);
      }
    }
  });
});
