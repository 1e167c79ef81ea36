import type { RunOutcome, TokenUsage } from '#contract/conversations.ts';
import type { ChatPorts } from '#domain/chat/chat-ports.ts';
import type { RunRecord } from '#domain/chat/chat-records.ts';
import { copyAnswer, markSettled, orLeaveToSweep, tellPerson } from '#domain/chat/copy-run.ts';
import type { Where } from '#platform/store/store.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { inTraceOf } from './run-trace.ts';
import { usageOf } from './spent-before.ts';

export type Conclusion = { status: RunOutcome } & Partial<Pick<RunRecord, 'output' | 'length' | 'error' | 'spent'>>;

/** Ends a run that no worker holds, where `condition` still holds; undefined where it does not. */
export async function concludeRun(
  chat: ChatPorts,
  run: Pick<RunRecord, '_id' | 'spent' | 'reserved'>,
  condition: Where,
  conclusion: Conclusion,
): Promise<RunRecord | undefined> {
  const now = chat.clock.now();
  const usage = usageOf({ ...run, ...conclusion }, undefined);
  const set = { ...conclusion, usage, slot: run._id, endedAt: now, leaseUntil: now, settled: false };
  const ended = await chat.records.runs.update(run._id, { set }, condition);
  if (!ended) return undefined;
  const end = { kind: 'done', at: { attempt: ended.attempt, length: Number.POSITIVE_INFINITY } } as const;
  const appendDone = async () => {
    try {
      await chat.runLog.append(ended._id, { ...end, outcome: conclusion.status, length: ended.length });
    } catch (error) {
      chat.logger.warn('Readers were not told of an end by the log; they find it in the store.', {
        'event.action': 'run_end',
        'lamplight.run.id': ended._id,
        error,
      });
    }
  };
  await inTraceOf(ended, () => afterEnd(chat, ended, appendDone));
  return ended;
}

/**
 * What follows the one write that ended a run: its message and its budget, so that a reader who is told of the end finds both, then `done`
 * to its readers, then the rest. All of it may be repeated.
 */
export async function afterEnd(chat: ChatPorts, run: RunRecord, appendDone: () => Promise<void>): Promise<void> {
  const done = await Promise.all([
    orLeaveToSweep(chat, run, copyAnswer(chat, run)),
    orLeaveToSweep(chat, run, chat.budgets.settle(run)),
  ]);
  await appendDone();
  if (done.every(Boolean)) await orLeaveToSweep(chat, run, markSettled(chat, run));
  await tellPerson(chat, run.ownerId, { kind: 'run_ended', runId: run._id, conversationId: run.conversationId });
  observeEnd(chat, run);
}

function observeEnd({ metrics, logger }: ChatPorts, run: RunRecord): void {
  const outcome = run.status;
  if (outcome === 'queued' || outcome === 'running') return;
  const model = run.answeredBy ?? run.model;
  const duration = (run.endedAt ?? run.createdAt) - run.createdAt;
  metrics.runs.inc({ model, outcome });
  metrics.runDuration.observe({ outcome }, duration / 1_000);
  if (run.usage) countTokens(metrics, model, run.usage);
  const level = outcome === 'failed' || outcome === 'interrupted' ? 'warn' : 'info';
  logger[level](`Answer ${outcome}.`, {
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
