import { Redis } from 'ioredis';
import type { ChatRecords } from '#domain/chat/chat-records.ts';
import { waitFor } from '#tests/servers/child.ts';
import { isReady, type LamplightProcess } from '#tests/servers/lamplight-process.ts';
import type { Client } from './client.ts';
import type { Random } from './random.ts';
import type { Stage } from './stage.ts';
import { busiest, countLogged, runningNow, takenOver, untilAllHeld, untilCaredFor } from './watch.ts';

/** What a fault strikes, and how it can see what came of it. */
export interface Scene {
  readonly stage: Stage;
  readonly records: ChatRecords;
  readonly clients: readonly Client[];
  readonly random: Random;
  readonly say: (line: string) => void;
  /** Breaks a promise without ending the test. */
  readonly breach: (says: string, runId?: string) => void;
  /** When workers died, and the runs that others took over from them by then. */
  readonly deaths: { readonly at: number; readonly runs: readonly { id: string; attempt: number }[] }[];
}

type Fault = (scene: Scene) => Promise<void>;
type Kind = 'workers' | 'realtimes' | 'schedulers' | 'apis';

/** A lease, its observation, a sweep and a job, with room for a machine that is busy. */
const takeoverMs = 30_000;
const readyMs = 30_000;
const loadOf: Record<Kind, string> = {
  workers: 'lamplight_active_runs',
  realtimes: 'lamplight_active_streams',
  schedulers: 'lamplight_none',
  apis: 'lamplight_none',
};

export const faults = {
  'kill worker': (scene) => loseWorkers(scene, 1),
  'kill all workers': (scene) => loseWorkers(scene, Number.POSITIVE_INFINITY),
  'kill realtime': (scene) => killOne(scene, 'realtimes'),
  'kill scheduler': (scene) => killOne(scene, 'schedulers'),
  'kill scheduler and worker': loseSchedulerAndWorker,
  'stop worker': stopWorker,
  'stop realtime': (scene) => stopOne(scene, 'realtimes'),
  'stop scheduler': (scene) => stopOne(scene, 'schedulers'),
  'stop api': (scene) => stopOne(scene, 'apis'),
  'freeze worker': freezeWorker,
  'freeze worker briefly': freezeWorkerBriefly,
  'kill redis': (scene) => restart(scene, 'redis'),
  'flush redis': flushRedis,
  'freeze redis': (scene) => freezeServer(scene, 'redis'),
  'kill database': (scene) => restart(scene, 'database'),
  'freeze database': (scene) => freezeServer(scene, 'database'),
} as const satisfies Record<string, Fault>;
export type FaultName = keyof typeof faults;
export const faultNames = Object.keys(faults) as FaultName[];

/** Whether a fault can strike here at all. */
export const isPossible = (name: FaultName, { database }: Stage): boolean =>
  database !== undefined || !name.endsWith('database');

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A process that has something to do; the first that has, or any after a while. */
async function busyOne({ stage, say }: Scene, kind: Kind): Promise<LamplightProcess> {
  const find = async () => {
    const found = await busiest(stage.lamplight[kind], loadOf[kind]);
    return found.load > 0 ? found : undefined;
  };
  if (kind === 'schedulers' || kind === 'apis') return (await busiest(stage.lamplight[kind], loadOf[kind])).victim;
  const { victim, load } = await waitFor(find, { what: `some load on the ${kind}`, timeoutMs: readyMs, everyMs: 100 });
  say(`  ${victim.name} has ${load}`);
  return victim;
}

async function loseWorkers(scene: Scene, most: number): Promise<void> {
  const { stage, records } = scene;
  const victim = await busyOne(scene, 'workers');
  const victims = most === 1 ? [victim] : stage.lamplight.workers;
  const before = await runningNow(records);
  const at = Date.now();
  await Promise.all(victims.map((one) => one.kill()));
  await Promise.all(victims.map((one) => one.start()));
  await untilCaredFor(records, before, { since: at, timeoutMs: takeoverMs });
  const runs = await takenOver(records, before);
  scene.deaths.push({ at, runs: runs.map(({ _id, attempt }) => ({ id: _id, attempt })) });
  scene.say(`  ${runs.length} answers were taken over, ${Date.now() - at} ms after`);
}

async function killOne(scene: Scene, kind: Kind): Promise<void> {
  const victim = await busyOne(scene, kind);
  await victim.kill();
  await victim.start();
}

async function stopOne(scene: Scene, kind: Kind): Promise<void> {
  const victim = await busyOne(scene, kind);
  const at = Date.now();
  await victim.stop();
  scene.say(`  ${victim.name} ended ${Date.now() - at} ms after SIGTERM`);
  expectOrderlyEnd(scene, victim);
  await victim.start();
}

const expectOrderlyEnd = ({ breach }: Scene, { name, process: child, logFile }: LamplightProcess): void => {
  if (child.exitCode !== 0)
    breach(`${name} ended with ${child.signalCode ?? child.exitCode} after SIGTERM (${logFile})`);
};

/** The sweeper dies with the worker whose runs it should find; the other one finds them. */
async function loseSchedulerAndWorker(scene: Scene): Promise<void> {
  const scheduler = await busyOne(scene, 'schedulers');
  await scheduler.kill();
  await loseWorkers(scene, 1);
  await scheduler.start();
}

/** What it cannot finish it hands back, which costs no run a crash. */
async function stopWorker(scene: Scene): Promise<void> {
  const { records, breach } = scene;
  await untilAllHeld(records, takeoverMs);
  const victim = await busyOne(scene, 'workers');
  const before = await runningNow(records);
  const at = Date.now();
  await victim.stop();
  scene.say(`  ${victim.name} ended ${Date.now() - at} ms after SIGTERM`);
  expectOrderlyEnd(scene, victim);
  await victim.start();
  await untilCaredFor(records, before, { since: at, timeoutMs: takeoverMs });
  const runs = await takenOver(records, before);
  for (const { _id, crashes } of runs)
    if (crashes > (before.find((run) => run._id === _id)?.crashes ?? 0))
      breach(`run ${_id} counts a crash after ${victim.name} was stopped in order`, _id);
  scene.say(`  ${runs.length} answers were handed back`);
}

/** It wakes when others have its runs, and must leave them alone. */
async function freezeWorker(scene: Scene): Promise<void> {
  const { records, breach } = scene;
  const victim = await busyOne(scene, 'workers');
  const fencedBefore = await countLogged(victim, 'run_fenced');
  const before = await runningNow(records);
  const at = Date.now();
  victim.process.kill('SIGSTOP');
  try {
    await untilCaredFor(records, before, { since: at, timeoutMs: takeoverMs });
  } finally {
    victim.process.kill('SIGCONT');
  }
  const runs = await takenOver(records, before);
  scene.say(`  ${runs.length} answers were taken over, ${Date.now() - at} ms after; it wakes`);
  if (runs.length === 0) return;
  const hasLeft = async () => (await countLogged(victim, 'run_fenced')) > fencedBefore;
  await waitFor(hasLeft, { timeoutMs: takeoverMs, everyMs: 100 }).catch(() =>
    breach(`${victim.name} woke and did not notice that others had its answers (${victim.logFile})`),
  );
}

/** Shorter than a lease: nobody may take anything over. */
async function freezeWorkerBriefly(scene: Scene): Promise<void> {
  const { records, breach } = scene;
  await untilAllHeld(records, takeoverMs);
  const victim = await busyOne(scene, 'workers');
  const before = await runningNow(records);
  const at = Date.now();
  victim.process.kill('SIGSTOP');
  await pause(2_000);
  victim.process.kill('SIGCONT');
  await untilCaredFor(records, before, { since: at + 2_000, timeoutMs: takeoverMs });
  for (const { _id } of await takenOver(records, before))
    breach(`run ${_id} was taken over while ${victim.name} was frozen for 2 s`, _id);
}

async function restart(scene: Scene, which: 'redis' | 'database'): Promise<void> {
  const { stage, random } = scene;
  const server = stage[which];
  if (!server) return;
  await server.kill();
  await pause(random.integer(500, 3_000));
  await server.start();
  await untilAllReady(stage);
}

async function flushRedis({ stage }: Scene): Promise<void> {
  const redis = new Redis(stage.redisUrl);
  await redis.flushall();
  redis.disconnect();
}

async function freezeServer({ stage, random }: Scene, which: 'redis' | 'database'): Promise<void> {
  const { pid } = stage[which] ?? {};
  if (pid === undefined) return;
  process.kill(pid, 'SIGSTOP');
  await pause(random.integer(1_000, 4_000));
  process.kill(pid, 'SIGCONT');
  await untilAllReady(stage);
}

const untilAllReady = async ({ lamplight }: Stage): Promise<void> => {
  const allReady = async () =>
    (await Promise.all(lamplight.processes.map(({ opsUrl }) => isReady(opsUrl)))).every(Boolean);
  await waitFor(allReady, { what: 'all processes to be ready again', timeoutMs: readyMs, everyMs: 100 });
};
