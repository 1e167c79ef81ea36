import type { RunOutcome, TokenUsage } from '#contract/conversations.ts';
import type { Where } from '#platform/store/store.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { orLeaveToSweep } from './leave-to-sweep.ts';
import { kindOf } from './run-kind.ts';
import type { RunPorts } from './run-ports.ts';
import type { RunRecord } from './run-records.ts';
import { inTraceOf } from './run-trace.ts';
import { markSettled } from './settle-run.ts';
import { usageOf } from './spent-before.ts';
import { tellPerson } from './tell-person.ts';

export type Conclusion = { status: RunOutcome } & Partial<Pick<RunRecord, 'output' | 'length' | 'error' | 'spent'>>;

/** Ends a run that no worker holds, where `condition` still holds; undefined where it does not. */
export async function concludeRun(
  ports: RunPorts,
  run: Pick<RunRecord, '_id' | 'spent' | 'reserved'>,
  condition: Where,
  conclusion: Conclusion,
): Promise<RunRecord | undefined> {
  const now = ports.clock.now();
  const usage = usageOf({ ...run, ...conclusion }, undefined);
  const set = { ...conclusion, usage, slot: run._id, endedAt: now, leaseUntil: now, settled: false };
  const ended = await ports.records.runs.update(run._id, { set }, condition);
  if (!ended) return undefined;
  const end = { kind: 'done', at: { attempt: ended.attempt, length: Number.POSITIVE_INFINITY } } as const;
  const appendDone = async () => {
    try {
      await ports.runLog.append(ended._id, { ...end, outcome: conclusion.status, length: ended.length });
    } catch (error) {
      ports.logger.warn('Readers were not told of an end by the log; they find it in the store.', {
        'event.action': 'run_end',
        'lamplight.run.id': ended._id,
        error,
      });
    }
  };
  await inTraceOf(ended, () => afterEnd(ports, ended, appendDone));
  return ended;
}

/**
 * What follows the one write that ended a run: its copy and its budget, so that a reader who is told of the end finds both, then `done`
 * to its readers, then the rest. All of it may be repeated.
 */
export async function afterEnd(ports: RunPorts, run: RunRecord, appendDone: () => Promise<void>): Promise<void> {
  const done = await Promise.all([
    orLeaveToSweep(ports, run, kindOf(ports, run).copyEnd(run)),
    orLeaveToSweep(ports, run, ports.budgets.settle(run)),
  ]);
  await appendDone();
  if (done.every(Boolean)) await orLeaveToSweep(ports, run, markSettled(ports, run));
  await tellPerson(ports, run.ownerId, { kind: 'run_ended', runId: run._id, conversationId: run.conversationId });
  observeEnd(ports, run);
}

function observeEnd(ports: RunPorts, run: RunRecord): void {
  const { metrics, logger } = ports;
  const outcome = run.status;
  if (outcome === 'queued' || outcome === 'running') return;
  const model = run.answeredBy ?? run.model;
  const duration = (run.endedAt ?? run.createdAt) - run.createdAt;
  const { kind = 'answer' } = run;
  metrics.runs.inc({ kind, model, outcome });
  metrics.runDuration.observe({ kind, outcome }, duration / 1_000);
  if (run.usage) countTokens(metrics, model, run.usage);
  const level = outcome === 'failed' || outcome === 'interrupted' ? 'warn' : 'info';
  logger[level](`The ${kindOf(ports, run).noun} ended: ${outcome}.`, {
    'event.action': 'run_end',
    'event.outcome': level === 'warn' ? 'failure' : 'success',
    'event.duration': duration * 1_000_000,
    'lamplight.run.id': run._id,
    'lamplight.run.attempt': run.attempt,
    'lamplight.run.outcome': outcome,
    'lamplight.run.length': run.length,
    'lamplight.conversation.id': run.conversationId,
    'user.id': run.ownerId,
    'gen_ai.request.model': run.model,
    'gen_ai.response.model': model,
    ...(run.error && { 'error.code': run.error.code }),
    ...(run.usage && {
      'gen_ai.usage.input_tokens': run.usage.inputTokens,
      'gen_ai.usage.output_tokens': run.usage.outputTokens,
    }),
  });
}

/** Counts what a call to a model took, whatever it was for. */
export function countTokens(metrics: Metrics, model: string, usage: TokenUsage): void {
  metrics.tokens.inc({ model, kind: 'input' }, usage.inputTokens);
  metrics.tokens.inc({ model, kind: 'output' }, usage.outputTokens);
  if (usage.thinkingTokens) metrics.tokens.inc({ model, kind: 'thinking' }, usage.thinkingTokens);
}
