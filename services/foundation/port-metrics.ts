import type { ModelMetrics } from '#platform/models/model-metrics.ts';
import type { QueueMetrics } from '#platform/queue/run-job.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';

/** What the queue tells, as metrics. */
export const queueMetrics = (metrics: Metrics): QueueMetrics => ({
  wait: (queue, seconds) => metrics.queueWait.observe({ queue }, seconds),
  ended: (queue, outcome, seconds) => {
    metrics.jobs.inc({ queue, outcome });
    metrics.jobDuration.observe({ queue }, seconds);
  },
});

/** What calls to models tell, as metrics. */
export const modelMetrics = (metrics: Metrics): ModelMetrics => ({
  firstToken: (model, seconds) => metrics.timeToFirstToken.observe({ gen_ai_request_model: model }, seconds),
  ended: (model, seconds, errorCode) =>
    metrics.modelCallDuration.observe({ gen_ai_request_model: model, error_type: errorCode ?? '' }, seconds),
  retried: (model, reason) => metrics.modelRetries.inc({ model, reason }),
  fellBack: (model) => metrics.modelFallbacks.inc({ model }),
});
