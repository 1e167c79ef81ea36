import type { AttemptJob } from '#contract/jobs.ts';
import { tokensOfLength } from '#platform/models/models.ts';
import { AnswerReader } from './answer-reader.ts';
import { concludeRun } from './conclude-run.ts';
import { leaseMs } from './held-run.ts';
import { kindOf } from './run-kind.ts';
import type { RunPorts } from './run-ports.ts';
import type { Failure, OutputPiece, RunRecord } from './run-records.ts';
import { withCall } from './spent-before.ts';

/** Workers that may die over one answer before it is given up. */
const maxCrashes = 2;

/**
 * Takes a run as its next attempt: a queued one, or one whose lease was seen to have lapsed (`leaseUntil`, as it was seen).
 * Undefined where another has it, or it is over. A run that too many workers died over, or that a person stopped, is ended here.
 */
export async function claimRun(ports: RunPorts, { runId, leaseUntil }: AttemptJob): Promise<RunRecord | undefined> {
  const { records, clock, metrics } = ports;
  const claim = {
    set: { status: 'running', leaseUntil: clock.now() + leaseMs, output: [], length: 0 },
    increment: { attempt: 1 },
  };
  // The one of a story is looked at second: people watch answers begin.
  const take = (stopRequested: Unstopped) => records.runs.update(runId, claim, { status: 'queued', stopRequested });
  const queued = (await take(false)) ?? (await take(absent));
  if (queued || leaseUntil === undefined) return queued;
  const taken = await takeOver(ports, runId, leaseUntil, claim.set);
  if (taken) {
    metrics.takeovers.inc();
    ports.logger.warn(`Took the ${kindOf(ports, taken).noun} over from a worker that fell silent.`, {
      'event.action': 'run_takeover',
      'lamplight.run.id': runId,
      'lamplight.run.attempt': taken.attempt,
    });
    return taken;
  }
  await giveUp(ports, runId, leaseUntil);
  return undefined;
}

/** What `stopRequested` is of an answer and of a story that nobody asked to end: see the record. */
type Unstopped = false | typeof absent;
const absent = { absent: true } as const;

/** What the attempt before has written goes with it; that it was made, and how far, stays known: its provider bills it. */
async function takeOver(
  { records }: RunPorts,
  runId: string,
  leaseUntil: number,
  set: Readonly<Record<string, unknown>>,
): Promise<RunRecord | undefined> {
  const before = await records.runs.get(runId, ['attempt', 'length', 'spent', 'stopRequested']);
  if (!before) return undefined;
  const { attempt, length } = before;
  const stopRequested: Unstopped = before.stopRequested === undefined ? absent : false;
  return records.runs.update(
    runId,
    { set: { ...set, spent: withCall(before.spent, tokensOfLength(length)) }, increment: { attempt: 1, crashes: 1 } },
    { status: 'running', leaseUntil, attempt, length, stopRequested, crashes: { lt: maxCrashes } },
  );
}

/** Ends a run that nobody should make further, with the longer of its checkpoint and what its log still has. */
async function giveUp(ports: RunPorts, runId: string, leaseUntil: number): Promise<void> {
  const run = await ports.records.runs.get(runId);
  if (run?.status !== 'running' || run.leaseUntil !== leaseUntil) return;
  if (!run.stopRequested && run.crashes < maxCrashes) return;
  const logged = await readLoggedOutput(ports, run);
  const output = logged.length > run.length ? logged.pieces : run.output;
  const length = Math.max(logged.length, run.length);
  const spent = withCall(run.spent, tokensOfLength(length));
  const { noun, whenCutShort } = kindOf(ports, run);
  const error: Failure = {
    code: 'answer_interrupted',
    message: `The ${noun} was cut off by repeated failures on our side. ${whenCutShort}`,
    traceId: run.traceId,
  };
  await concludeRun(
    ports,
    run,
    { status: 'running', leaseUntil },
    {
      status: run.stopRequested ? 'stopped' : 'interrupted',
      output,
      length,
      ...(spent && { spent }),
      ...(!run.stopRequested && { error }),
    },
  );
}

/** What the log has of a run's present attempt, from its start to the first gap. */
async function readLoggedOutput(ports: RunPorts, run: RunRecord): Promise<{ pieces: OutputPiece[]; length: number }> {
  const start = { attempt: run.attempt, length: 0 };
  const reader = new AnswerReader(start);
  const pieces: OutputPiece[] = [];
  try {
    const { entries } = await ports.runLog.read(run._id, start, Number.MAX_SAFE_INTEGER);
    const collect = {
      delta: (_at: string, text: string, part: { index: number; kind: OutputPiece['kind'] }) =>
        pieces.push({ ...part, text }),
      reset: () => pieces.splice(0),
      writable: true,
    };
    for (const entry of entries) {
      if (entry.at.attempt !== run.attempt || entry.kind !== 'output' || reader.accept(entry, collect) === 'gap') break;
    }
  } catch (error) {
    ports.logger.warn('The log of a run that ends could not be read; its checkpoint is used.', {
      'event.action': 'run_give_up',
      'lamplight.run.id': run._id,
      error,
    });
  }
  return { pieces, length: reader.position?.length ?? 0 };
}
