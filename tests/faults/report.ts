import type { Breach } from './checker.ts';
import type { Client } from './client.ts';
import type { Evidence } from './evidence.ts';
import { faultNames, type Scene } from './faults.ts';
import type { Strike } from './strike.ts';

export interface Findings {
  readonly seed: number;
  readonly seconds: number;
  readonly clients: readonly Client[];
  readonly evidence: Evidence;
  readonly strikes: readonly Strike[];
  readonly deaths: Scene['deaths'];
  readonly breaches: readonly Breach[];
  readonly dir: string;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const most = (numbers: readonly number[]): number => (numbers.length === 0 ? 0 : Math.max(...numbers));
const countBy = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, same]) => [name, same.length]).sort());

/** The run in numbers. */
export function summarise({ seed, seconds, clients, evidence, strikes, deaths, breaches, dir }: Findings) {
  const { runs, conversations } = evidence;
  const answers = clients.flatMap((client) => client.answers);
  const takeovers = takeoverTimes(clients, deaths);
  const replacements = strikes.filter(({ fault }) => fault.endsWith('realtime'));
  const gaps = answers.flatMap((answer) => answer.gaps);
  const replacementGaps = gaps
    .filter(({ at, ms }) => replacements.some((one) => at - ms >= one.at && at - ms <= one.at + one.recoveredMs))
    .map(({ ms }) => ms);
  return {
    ok: breaches.length === 0,
    seed,
    seconds,
    runs: runs.length,
    outcomes: countBy(runs.map(({ status }) => status)),
    conversations: conversations.length,
    attempts: sum(runs.map(({ attempt }) => attempt)),
    takeovers: sum(runs.map(({ crashes }) => crashes)),
    deltas: sum(answers.map(({ transcript }) => transcript.deltas)),
    resets: sum(answers.map(({ transcript }) => transcript.resets)),
    resumes: sum(answers.map(({ resumes }) => resumes)),
    repeatedSends: sum(answers.map(({ sends }) => Math.max(0, sends - 1))),
    drops: sum(clients.map(({ drops }) => drops)),
    reconnects: sum(clients.map(({ reconnects }) => reconnects)),
    secondReads: sum(clients.map(({ secondReads }) => secondReads)),
    faults: countBy(strikes.map(({ fault }) => fault)),
    notReached: faultNames.filter((name) => !strikes.some(({ fault }) => fault === name)),
    slowestRecoveryMs: most(strikes.map(({ recoveredMs }) => recoveredMs)),
    takeoverMs: { count: takeovers.length, max: most(takeovers), median: median(takeovers) },
    realtimeGapMs: {
      count: replacementGaps.length,
      max: most(replacementGaps),
      median: median(replacementGaps),
    },
    longestGapMs: most(gaps.map(({ ms }) => ms)),
    breaches: breaches.length,
    dir,
  };
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

/** Milliseconds from a worker's death to the next attempt's first delta at its reader, where it had one to wait for. */
export function takeoverTimes(clients: readonly Client[], deaths: Scene['deaths']): number[] {
  const byRun = new Map(
    clients.flatMap(({ answers }) => answers.map((answer) => [answer.run?.runId, answer] as const)),
  );
  return deaths.flatMap(({ at, runs }) =>
    runs.flatMap(({ id, attempt }) => {
      const first = byRun.get(id)?.transcript.firstDeltaAt.get(attempt);
      return first === undefined ? [] : [first - at];
    }),
  );
}

/** A breach in lines: what, where, and what the reader saw last. */
export function describeBreach({ rule, says, runId, traceId }: Breach, { sent }: Evidence): string {
  const message = runId === undefined ? undefined : sent.find((one) => one.runId === runId);
  const where = [runId && `run ${runId}`, traceId && `trace ${traceId}`].filter(Boolean).join(', ');
  const events = (message?.events ?? []).slice(-15).map((event) => `      ${event}`);
  return [`BREACH of "${rule}": ${says}${where && ` (${where})`}`, ...events].join('\n');
}
