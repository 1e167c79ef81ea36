import { runOutcome } from '#contract/conversations.ts';
import { followUpNames } from '#contract/stories.ts';

/**
 * A label's values: `text` where they are open (a model's id, a route's template; never an id of a person, session,
 * conversation or run, nor a raw path), else all of them.
 */
export type LabelValues = 'text' | readonly string[];

export interface MetricDefinition {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly name: string;
  readonly help: string;
  readonly labels: Readonly<Record<string, LabelValues>>;
  /** Upper bounds, in the unit that ends the name. */
  readonly buckets?: readonly number[];
}

/** What runs make: how long the one takes says nothing about the other. */
const runKinds = ['answer', 'story'] as const;

const httpBuckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const waitBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const workBuckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640, 960];
/** The bounds that OpenTelemetry's conventions ask for, with those up to the longest waits that Lamplight allows. */
const firstTokenBuckets = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60,
];
const operationBuckets = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 900];

/**
 * Every metric of Lamplight; a new one is a row here. Dashboards, alerts and the tables of the docs are checked against
 * this list. Each carries the label `service` beside its own. The `gen_ai_*` names are those of OpenTelemetry's
 * conventions, https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics, as Prometheus writes them.
 */
export const metricDefinitions = {
  buildInfo: {
    kind: 'gauge',
    name: 'lamplight_build_info',
    help: 'Always 1: the release that runs here.',
    labels: { version: 'text' },
  },
  httpRequestDuration: {
    kind: 'histogram',
    name: 'lamplight_http_request_duration_seconds',
    help: 'Time from a request to the end of its response, by route template; of an event stream, to its opening.',
    labels: { method: 'text', route: 'text', status: 'text' },
    buckets: httpBuckets,
  },
  timeToFirstToken: {
    kind: 'histogram',
    name: 'gen_ai_server_time_to_first_token_seconds',
    help: 'Time from the call to a model to its first token, of calls that gave one.',
    labels: { gen_ai_request_model: 'text' },
    buckets: firstTokenBuckets,
  },
  modelCallDuration: {
    kind: 'histogram',
    name: 'gen_ai_client_operation_duration_seconds',
    help: 'Time of one call to a model; error_type is empty where it succeeded, else the code of its error.',
    labels: { gen_ai_request_model: 'text', error_type: 'text' },
    buckets: operationBuckets,
  },
  modelRetries: {
    kind: 'counter',
    name: 'lamplight_model_retries_total',
    help: 'Calls to a model that were tried again, by the code of the error before.',
    labels: { model: 'text', reason: 'text' },
  },
  modelFallbacks: {
    kind: 'counter',
    name: 'lamplight_model_fallbacks_total',
    help: 'Answers that went to the fallback of the model named here.',
    labels: { model: 'text' },
  },
  tokens: {
    kind: 'counter',
    name: 'lamplight_tokens_total',
    help: 'Tokens as the provider counted them, or estimated where it did not.',
    labels: { model: 'text', kind: ['input', 'output', 'thinking'] },
  },
  budgetTokens: {
    kind: 'counter',
    name: 'lamplight_budget_tokens_total',
    help: 'Tokens that were reserved of budgets before answers, and those that answers were found to have taken.',
    labels: { step: ['reserved', 'settled'] },
  },
  budgetRefusals: {
    kind: 'counter',
    name: 'lamplight_budget_refusals_total',
    help: 'Answers refused because the budget is spent (tokens), or because the person has too many under way (answers).',
    labels: { kind: ['tokens', 'answers'] },
  },
  runs: {
    kind: 'counter',
    name: 'lamplight_runs_total',
    help: 'Answers and stories that ended, by model and outcome.',
    labels: { kind: runKinds, model: 'text', outcome: runOutcome.options },
  },
  runDuration: {
    kind: 'histogram',
    name: 'lamplight_run_duration_seconds',
    help: 'Time from the send to the outcome of its answer; from asking for a story to its outcome, the wait for its place included.',
    labels: { kind: runKinds, outcome: runOutcome.options },
    buckets: workBuckets,
  },
  activeRuns: {
    kind: 'gauge',
    name: 'lamplight_active_runs',
    help: 'Answers and stories that this process is making; stories that wait for their place, too.',
    labels: {},
  },
  firstDelta: {
    kind: 'histogram',
    name: 'lamplight_first_delta_seconds',
    help: 'Time from an accepted send to the first piece of its answer written to the reader.',
    labels: {},
    buckets: firstTokenBuckets,
  },
  followUps: {
    kind: 'counter',
    name: 'lamplight_story_follow_ups_total',
    help: 'What follows stories (narration, picture, mail, notice), by how it ended.',
    labels: { follow_up: followUpNames, outcome: ['ready', 'failed', 'skipped'] },
  },
  followUpDuration: {
    kind: 'histogram',
    name: 'lamplight_story_follow_up_duration_seconds',
    help: 'Time from the end of a story to the end of what follows it, however that ended.',
    labels: { follow_up: followUpNames },
    buckets: workBuckets,
  },
  activeStreams: {
    kind: 'gauge',
    name: 'lamplight_active_streams',
    help: 'Answers that readers follow through this process.',
    labels: { transport: ['sse', 'websocket'] },
  },
  websocketConnections: {
    kind: 'gauge',
    name: 'lamplight_websocket_connections',
    help: 'Open WebSocket connections.',
    labels: {},
  },
  readerCatchUps: {
    kind: 'counter',
    name: 'lamplight_reader_catch_ups_total',
    help: 'Times that a slow reader was left behind and went on from its position later.',
    labels: {},
  },
  takeovers: {
    kind: 'counter',
    name: 'lamplight_takeovers_total',
    help: 'Answers taken over from a worker whose lease lapsed.',
    labels: {},
  },
  handBacks: {
    kind: 'counter',
    name: 'lamplight_hand_backs_total',
    help: 'Answers that a stopping worker handed back.',
    labels: {},
  },
  runLogFailures: {
    kind: 'counter',
    name: 'lamplight_run_log_failures_total',
    help: 'Writes to the run log that failed; the answers went on into the store.',
    labels: {},
  },
  storyRejections: {
    kind: 'counter',
    name: 'lamplight_story_rejections_total',
    help: 'Stories that were judged unfit for children: written again, or failed after the second.',
    labels: { outcome: ['rewritten', 'failed'] },
  },
  sweepRepairs: {
    kind: 'counter',
    name: 'lamplight_sweep_repairs_total',
    help: 'What the sweep found missing or stuck and repaired, by kind.',
    labels: { kind: 'text' },
  },
  queueDepth: {
    kind: 'gauge',
    name: 'lamplight_queue_depth',
    help: 'Jobs in a queue, counted when the metrics are read.',
    labels: { queue: 'text', state: ['waiting', 'active', 'delayed', 'dead'] },
  },
  queueWait: {
    kind: 'histogram',
    name: 'lamplight_queue_wait_seconds',
    help: 'Time from when a job was due to its first start.',
    labels: { queue: 'text' },
    buckets: waitBuckets,
  },
  jobs: {
    kind: 'counter',
    name: 'lamplight_jobs_total',
    help: 'Tries of jobs that ended: retried is one that will be made again, dead one that will not.',
    labels: { queue: 'text', outcome: ['done', 'retried', 'dead'] },
  },
  jobDuration: {
    kind: 'histogram',
    name: 'lamplight_job_duration_seconds',
    help: 'Time of one try of a job.',
    labels: { queue: 'text' },
    buckets: workBuckets,
  },
  limitRefusals: {
    kind: 'counter',
    name: 'lamplight_limit_refusals_total',
    help: 'What was refused because a limit was reached, by the name of the limit.',
    labels: { policy: 'text' },
  },
  limitsCountedHere: {
    kind: 'counter',
    name: 'lamplight_limits_counted_here_total',
    help: 'Counts of limits that this process kept by itself because Redis did not answer in time.',
    labels: {},
  },
  scheduleTimes: {
    kind: 'counter',
    name: 'lamplight_schedule_times_total',
    help: 'Times of schedules that came, by what became of them: late ones passed without their story, refused ones met a budget or limit.',
    labels: { outcome: ['begun', 'skipped', 'late', 'refused', 'paused'] },
  },
  scheduleLag: {
    kind: 'histogram',
    name: 'lamplight_schedule_lag_seconds',
    help: 'Time from when a story was due to when it was begun.',
    labels: {},
    buckets: [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200],
  },
  eventLoopLag: {
    kind: 'gauge',
    name: 'lamplight_event_loop_lag_seconds',
    help: 'How late the event loop was since the metrics were last read.',
    labels: { quantile: ['0.5', '0.99', '1'] },
  },
  collectFailures: {
    kind: 'counter',
    name: 'lamplight_collect_failures_total',
    help: 'Readings of the metrics in which the one named here could not be had in time.',
    labels: { metric: 'text' },
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof metricDefinitions;
