import type { RateLimit } from '#domain/limits/rate-limit.ts';
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
import type { ChatRecords } from './chat-records.ts';

/** What chat runs on: handed to each of its functions. */
export interface ChatPorts {
  readonly records: ChatRecords;
  readonly queue: Queue;
  readonly runLog: RunLog;
  readonly broadcast: Broadcast;
  readonly models: Models;
  readonly budgets: Budgets;
  readonly usage: UsageRecords;
  /** Messages and retries, by person. */
  readonly messageLimit: RateLimit;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Unique and ordered by time (UUID version 7). */
  readonly newId: () => string;
  /** What administrators change while everything runs. */
  readonly runtime: CurrentSettings;
  readonly settings: ChatSettings;
}

export interface ChatSettings {
  readonly systemText: string;
  readonly contextMessages: number;
  readonly maxRunMs: number;
  /** UTF-16 units. */
  readonly maxOutputLength: number;
  /** The longest answer that is asked of a model which names none of its own. */
  readonly maxReplyTokens: number;
}
