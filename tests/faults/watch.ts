import { readFile } from 'node:fs/promises';
import type { ChatRecords } from '#domain/chat/chat-records.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { isAppError } from '#platform/errors.ts';
import { waitFor } from '#tests/servers/child.ts';
import type { LamplightProcess } from '#tests/servers/lamplight-process.ts';
import type { Client } from './client.ts';

export type RunState = Pick<RunRecord, '_id' | 'attempt' | 'leaseUntil' | 'crashes' | 'status'>;
const stateFields = ['attempt', 'leaseUntil', 'crashes', 'status'];

/** The answers that some worker makes now. */
export async function runningNow(records: ChatRecords): Promise<readonly RunState[]> {
  const { items } = await patiently(() =>
    records.runs.find({ where: { status: 'running' }, limit: 1_000, fields: stateFields }),
  );
  return items;
}

/** Those that have another attempt than they had. */
export async function takenOver(records: ChatRecords, before: readonly RunState[]): Promise<readonly RunState[]> {
  const now = await statesOf(records, before);
  return now.filter((run) => run.attempt > (before.find(({ _id }) => _id === run._id)?.attempt ?? 0));
}

/** Waits until each of these is over, in another attempt, or held by a worker that renewed it after `since`. */
export async function untilCaredFor(
  records: ChatRecords,
  before: readonly RunState[],
  { since, timeoutMs }: { since: number; timeoutMs: number },
): Promise<void> {
  const leaseMs = 6_000;
  const first = new Map(before.map((run) => [run._id, run]));
  const isCaredFor = (run: RunState) =>
    (run.status !== 'running' && run.status !== 'queued') ||
    (run.status === 'running' && run.attempt > (first.get(run._id)?.attempt ?? 0)) ||
    (run.status === 'running' && run.leaseUntil > since + leaseMs);
  let left: readonly RunState[] = before;
  try {
    await waitFor(
      async () => {
        left = (await statesOf(records, left)).filter((run) => !isCaredFor(run));
        return left.length === 0;
      },
      { timeoutMs, everyMs: 100 },
    );
  } catch {
    const names = left.map(({ _id, status, attempt }) => `${_id} (${status}, attempt ${attempt})`);
    throw new Error(`nobody cared within ${timeoutMs} ms for ${names.join(', ')}`);
  }
}

/** Waits until a living worker renews each running answer: what an earlier fault orphaned unseen has been taken over by then. */
export const untilAllHeld = async (records: ChatRecords, timeoutMs: number): Promise<void> =>
  untilCaredFor(records, await runningNow(records), { since: Date.now(), timeoutMs });

async function statesOf(records: ChatRecords, runs: readonly RunState[]): Promise<readonly RunState[]> {
  if (runs.length === 0) return [];
  return patiently(() =>
    records.runs.getMany(
      runs.map(({ _id }) => _id),
      stateFields,
    ),
  );
}

/** The database may be away while faults strike: asks again for half a minute. */
export async function patiently<T>(read: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await read();
    } catch (error) {
      if (!isAppError(error, 'store_unavailable') || tries > 60) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

interface LoggedLine {
  readonly '@timestamp': string;
  readonly message: string;
  readonly 'lamplight.run.attempt'?: number;
}

const answersDone = (clients: readonly Client[]): number =>
  clients.reduce((sum, { answers }) => sum + answers.filter(({ transcript }) => transcript.done).length, 0);

/** Waits until clients have so many answers more than now. */
export async function untilAnswered(clients: readonly Client[], more: number, timeoutMs: number): Promise<void> {
  const goal = answersDone(clients) + more;
  await waitFor(() => answersDone(clients) >= goal, {
    what: `${more} more answers (there are ${answersDone(clients)})`,
    timeoutMs,
    everyMs: 50,
  });
}

/** The process with the most of what `metric` counts; 0 where it cannot be asked. */
export async function busiest(
  processes: readonly LamplightProcess[],
  metric: string,
): Promise<{ victim: LamplightProcess; load: number }> {
  const loads = await Promise.all(processes.map(async (victim) => ({ victim, load: await readGauge(victim, metric) })));
  const [most] = loads.sort((a, b) => b.load - a.load);
  if (!most) throw new Error('There is no process to choose from.');
  return most;
}

async function readGauge({ opsUrl }: LamplightProcess, metric: string): Promise<number> {
  try {
    const response = await fetch(`${opsUrl}/metrics`, { signal: AbortSignal.timeout(3_000) });
    const values = (await response.text()).matchAll(new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\d+)`, 'gm'));
    return [...values].reduce((sum, [, value]) => sum + Number(value), 0);
  } catch {
    return 0;
  }
}

/** What processes logged of a run, in order, shortened: when, who, what, which attempt. */
export async function loggedOf(
  runId: string,
  processes: ReadonlyArray<Pick<LamplightProcess, 'name' | 'logFile'>>,
): Promise<readonly string[]> {
  const found = processes.map(async ({ name, logFile }) => {
    const lines = (await readFile(logFile, 'utf8')).split('\n').filter((line) => line.includes(runId));
    return lines.map((line) => shortened(name, line));
  });
  return (await Promise.all(found)).flat().sort();
}

/** A process that is killed leaves half a line behind: it stands as it is, at the end. */
function shortened(name: string, line: string): string {
  try {
    const { '@timestamp': at, message, 'lamplight.run.attempt': attempt }: LoggedLine = JSON.parse(line);
    return `${at} ${name}: ${message}${attempt === undefined ? '' : ` (attempt ${attempt})`}`;
  } catch {
    return `~ ${name}: ${line}`;
  }
}

/** How often an action stands in a process's log. */
export async function countLogged({ logFile }: LamplightProcess, action: string): Promise<number> {
  return (await readFile(logFile, 'utf8')).split(`"${action}"`).length - 1;
}
