import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { systemClock } from '#platform/clock.ts';
import type { LogFields } from '#platform/telemetry/log-fields.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Queue, QueueSpec } from './queue.ts';
import type { QueueTools } from './run-job.ts';

interface LogLine extends LogFields {
  readonly level: string;
  readonly message: string;
}

/** What a queue needs, and what it told: its log lines, the waits in seconds, and how tries ended. */
export interface Recorded {
  readonly tools: QueueTools;
  readonly lines: LogLine[];
  readonly waits: number[];
  readonly ends: string[];
}

/** A queue for one test, with a spec of its own. */
interface Given extends Recorded {
  readonly queue: Queue;
  readonly spec: QueueSpec<Work>;
  /** The same queue as another process would have it. */
  beside(): Queue;
}

export type Setup = () => Given;

const workSchema = z.object({ n: z.number(), text: z.string().optional() });
export type Work = z.infer<typeof workSchema>;

export const workQueue = (): QueueSpec<Work> => ({ name: `test-${randomUUID()}`, data: workSchema });

export const noJobs = { waiting: 0, active: 0, delayed: 0, dead: 0 };

export function recordingTools(): Recorded {
  const lines: LogLine[] = [];
  const log =
    (level: string) =>
    (message: string, fields: LogFields = {}) => {
      lines.push({ level, message, ...fields });
    };
  const logger: Logger = { error: log('error'), warn: log('warn'), info: log('info'), debug: log('debug') };
  const waits: number[] = [];
  const ends: string[] = [];
  const metrics = {
    wait: (_queue: string, seconds: number) => waits.push(seconds),
    ended: (_queue: string, outcome: string) => ends.push(outcome),
  };
  return { tools: { clock: systemClock, logger, metrics, random: Math.random }, lines, waits, ends };
}

/** A promise that the test resolves. */
export const gate = () => Promise.withResolvers<void>();
