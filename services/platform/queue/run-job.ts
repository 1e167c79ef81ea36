import { z } from 'zod';
import type { Clock } from '#platform/clock.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { continueTrace, currentTrace, formatTraceparent, runInTrace } from '#platform/telemetry/trace.ts';
import { type AddOptions, GivenUp, type JobHandler, type QueueSpec } from './queue.ts';

/** What a queue tells about its jobs; all times in seconds. */
export interface QueueMetrics {
  /** From the moment a job was due until its first try began. */
  wait(queue: string, seconds: number): void;
  /** How long one try took. A job that its process handed back, since it had to stop, counts as retried. */
  ended(queue: string, outcome: 'done' | 'retried' | 'dead', seconds: number): void;
}

export interface QueueTools {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: QueueMetrics | undefined;
  /** At least 0, below 1: spreads the retries. */
  readonly random: () => number;
}

/** What travels with a job, as JSON. */
const envelopeSchema = z.object({
  data: z.unknown(),
  traceparent: z.string().optional(),
  /** When it may run first: ms since the epoch. */
  dueAt: z.number(),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** One try of a job, as an adapter took it. */
export interface TakenJob {
  readonly id: string;
  readonly attempt: number;
  /** Tries in all. */
  readonly attempts: number;
  readonly addedAt: number;
  readonly envelope: unknown;
}

/** How a try ended, and what the adapter does next. `handed-back`: it goes to another consumer, and counts as no try. */
export type JobOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'handed-back' }
  | { readonly kind: 'retry' | 'dead'; readonly error: Error };

/** Dead letters that a queue keeps; the oldest make room. */
export const deadLettersKept = 1_000;

const jobIdForm = /^[\w-]{1,200}$/;

/** Throws a `TypeError` where an id has other characters than the port allows. */
export function checkJobId(id: string): string {
  if (!jobIdForm.test(id)) throw new TypeError(`A job's id has letters, digits, "-" and "_" only, not ${id}.`);
  return id;
}

/** The tries of a job and its first back-off, with what the port promises where they are not given. */
export const withDefaults = ({ attempts = 1, backoff = 1_000, delay = 0 }: AddOptions) => ({
  attempts: Math.max(1, attempts),
  backoff: Math.max(0, backoff),
  delay: Math.max(0, delay),
});

/** Milliseconds before the next try, after `attempt` tries: doubles, and loses up to a quarter at random, so it always grows. */
export const backoffDelay = (attempt: number, first: number, random: () => number): number =>
  Math.round(first * 2 ** (attempt - 1) * (1 - random() / 4));

/** Packs data with the trace of the caller. */
export function sealJob(data: unknown, dueAt: number): Envelope {
  const trace = currentTrace();
  return trace ? { data, traceparent: formatTraceparent(trace), dueAt } : { data, dueAt };
}

export const dataOf = (envelope: unknown): unknown => envelopeSchema.safeParse(envelope).data?.data;

const toError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(`Something that is no Error was thrown: ${String(thrown)}`);

/** Runs one try in the trace of whoever added the job, measures it, logs where it fails. Never rejects. */
export function runJob<D>(
  spec: QueueSpec<D>,
  handle: JobHandler<D>,
  taken: TakenJob,
  signal: AbortSignal,
  { clock, logger, metrics }: QueueTools,
): Promise<JobOutcome> {
  const envelope = envelopeSchema.safeParse(taken.envelope);
  return runInTrace(continueTrace(envelope.data?.traceparent), async () => {
    const began = clock.monotonic();
    if (taken.attempt === 1 && envelope.data) {
      metrics?.wait(spec.name, Math.max(0, clock.now() - envelope.data.dueAt) / 1_000);
    }
    const outcome = await attempt(spec, handle, taken, envelope.data, signal);
    const seconds = (clock.monotonic() - began) / 1_000;
    const told = outcome.kind === 'retry' || outcome.kind === 'handed-back' ? 'retried' : outcome.kind;
    metrics?.ended(spec.name, told, seconds);
    report(spec, taken, outcome, logger);
    return outcome;
  });
}

async function attempt<D>(
  spec: QueueSpec<D>,
  handle: JobHandler<D>,
  taken: TakenJob,
  envelope: Envelope | undefined,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const data = spec.data.safeParse(envelope?.data);
  if (!envelope || !data.success) {
    const reason = data.error ? z.prettifyError(data.error) : 'its envelope is broken';
    return { kind: 'dead', error: new Error(`The job's data do not fit the queue ${spec.name}: ${reason}`) };
  }
  try {
    await handle({ id: taken.id, data: data.data, attempt: taken.attempt, addedAt: taken.addedAt }, signal);
    return { kind: 'done' };
  } catch (error) {
    if (signal.aborted) return { kind: 'handed-back' };
    const again = taken.attempt < taken.attempts && !(error instanceof GivenUp);
    return { kind: again ? 'retry' : 'dead', error: toError(error) };
  }
}

function report(spec: QueueSpec<unknown>, taken: TakenJob, outcome: JobOutcome, logger: Logger): void {
  const fields = logFieldsOf(spec.name, taken);
  if (outcome.kind === 'handed-back') logger.info('A job was handed back: its process has to stop', fields);
  else if (outcome.kind === 'retry') {
    logger.warn('A job failed and will be tried again', { ...fields, error: outcome.error });
  } else if (outcome.kind === 'dead') reportDead(spec.name, taken, outcome.error, logger);
}

export function reportDead(queue: string, job: Pick<TakenJob, 'id' | 'attempt'>, error: Error, logger: Logger): void {
  logger.error('A job failed for good: it is a dead letter now', { ...logFieldsOf(queue, job), error });
}

const logFieldsOf = (queue: string, job: Pick<TakenJob, 'id' | 'attempt'>) => ({
  'lamplight.queue.name': queue,
  'lamplight.job.id': job.id,
  'lamplight.job.attempt': job.attempt,
});
