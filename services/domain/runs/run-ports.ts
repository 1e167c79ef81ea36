import type { CurrentSettings } from '#domain/settings/runtime-settings.ts';
import type { Budgets } from '#domain/usage/budgets.ts';
import type { UsageRecords } from '#domain/usage/usage-records.ts';
import type { Broadcast } from '#platform/broadcast/broadcast.ts';
import type { Clock } from '#platform/clock.ts';
import type { Models } from '#platform/models/models.ts';
import type { Queue } from '#platform/queue/queue.ts';
import type { RunLog } from '#platform/run-log/run-log.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { RunKinds } from './run-kind.ts';
import type { RunRecords } from './run-records.ts';

/** What runs are made with: handed to each function about them. */
export interface RunPorts {
  readonly records: RunRecords;
  readonly queue: Queue;
  readonly runLog: RunLog;
  readonly broadcast: Broadcast;
  readonly models: Models;
  readonly budgets: Budgets;
  readonly usage: UsageRecords;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Unique and ordered by time (UUID version 7). */
  readonly newId: () => string;
  /** What administrators change while everything runs. */
  readonly runtime: CurrentSettings;
  readonly settings: RunSettings;
  /** What becomes of runs of each kind. */
  readonly kinds: RunKinds;
}

export interface RunSettings {
  readonly maxRunMs: number;
  /** UTF-16 units. */
  readonly maxOutputLength: number;
  /** The longest answer that is asked of a model which names none of its own. */
  readonly maxReplyTokens: number;
}
