import type { Principal } from '#domain/accounts/principal.ts';
import type { ChatPorts } from '#domain/chat/chat-ports.ts';
import { isLive, type RunRecord } from '#domain/chat/chat-records.ts';
import { stopRequested } from '#domain/chat/chat-topics.ts';
import { notFound } from '#platform/errors.ts';
import { concludeRun } from './conclude-run.ts';

/** A run of this person's. Throws `not_found`, also for someone else's. */
export async function getRun(chat: ChatPorts, principal: Principal, runId: string): Promise<RunRecord> {
  const run = await chat.records.runs.get(runId);
  if (run?.ownerId !== principal.id) throw notFound('answer');
  return run;
}

/** Asks for an answer to end with what it has. A run that is over stays as it is; stopping twice is stopping once. */
export async function stopRun(chat: ChatPorts, runId: string): Promise<void> {
  const run = await chat.records.runs.update(
    runId,
    { set: { stopRequested: true } },
    { status: { in: ['queued', 'running'] } },
  );
  if (!run || !isLive(run)) return;
  if (await concludeRun(chat, run, { status: 'queued' }, { status: 'stopped' })) return;
  try {
    await chat.broadcast.publish(stopRequested, { runId });
  } catch (error) {
    chat.logger.warn('The worker was not told to stop; it learns it from its next renewal.', {
      'event.action': 'run_stop',
      'lamplight.run.id': runId,
      error,
    });
  }
}
