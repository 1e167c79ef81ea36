import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '#tests/faults/random.ts';
import type { Asked, ModelServerOptions } from '#tests/model-server/model-server.ts';
import type { Connection } from '#tests/servers/connection.ts';
import { callerOf, runs } from './caller.ts';
import type { Fate } from './mails.ts';
import { readAll } from './records.ts';
import type { EveningStage, Work } from './stage.ts';
import type { Step } from './steps.ts';
import { lineAsked } from './storyteller.ts';
import type { Strikes } from './strikes.ts';
import type { Command, CommandWatch } from './watch-commands.ts';

/** The steps that the provider of models, voices, pictures and verdicts sees. */
export function modelPoints(
  strikes: Strikes,
  random: Random,
): Required<Pick<ModelServerOptions, 'beforeAnswer' | 'afterToken'>> {
  let after = random.integer(1, 60);
  return {
    beforeAnswer: async (asked) => {
      const step = stepOf(asked);
      if (step) await strikes.at(step, asked.connection);
    },
    afterToken: async ({ connection }, sent) => {
      if (sent !== after || !strikes.isArmed('model')) return;
      if (await strikes.at('model', connection)) after = random.integer(1, 60);
    },
  };
}

function stepOf(asked: Asked): Step | undefined {
  if (asked.path === '/v1/moderations') return 'moderation';
  if (asked.path === '/v1/images/generations') return 'picture';
  if (asked.path === '/v1/audio/speech') return `speech: ${lineAsked(asked)} line`;
  return undefined;
}

/** The steps that the SMTP server sees. A mail of which nobody hears that it was taken was not. */
export async function mailPoint(strikes: Strikes, stage: EveningStage, connection: Connection): Promise<Fate> {
  const pid = callerOf(connection, stage.processes)?.process.pid ?? 0;
  if (await strikes.at('mail: data', connection)) return { pid, take: false };
  const claim = await strikes.claimAt('mail: answered', connection);
  const isThere = pid !== 0 && !strikes.isKilled(pid);
  return { pid, take: isThere, ...(claim && { afterAnswer: isThere ? claim.strike : claim.letGo }) };
}

/** The steps that the database sees, to the command. */
export const commandPoints = (strikes: Strikes): CommandWatch => ({
  before: async (command, from) => isStoryRun(command) && strikes.at('before the run', from),
  after: async (command, from) => {
    const step = stepOfWrite(command);
    return step !== undefined && strikes.at(step, from);
  },
});

function stepOfWrite(command: Command): Step | undefined {
  const { name, collection, body } = command;
  if (isStoryRun(command)) return 'begun';
  if (name === 'insert') return collection === 'blobs.chunks' ? 'blob' : undefined;
  const change = name === 'update' ? Object(Object(body['updates'])[0]).u : body['update'];
  const set = Object(Object(change).$set);
  if (collection === 'schedules' && set.due !== undefined) return 'claimed';
  return collection === 'stories' && set.status === 'ready' ? 'ready' : undefined;
}

const isStoryRun = ({ name, collection, body }: Command): boolean =>
  name === 'insert' && collection === 'runs' && Object(body['documents'])[0]?.kind === 'story';

const lookEveryMs = 3;
/** What was noted longer ago waits for the sweep. */
const freshMs = 3_000;

/**
 * The steps that show in the store and in the folder of blobs alone: the process is held where one seems to be reached, looked at again
 * while it stands still, and killed where it is. Looks until `signal` aborts.
 */
export async function watchFiles(strikes: Strikes, stage: EveningStage, signal: AbortSignal): Promise<void> {
  const points: Readonly<Partial<Record<Step, () => Promise<boolean>>>> = {
    claimed: () => stage.read(hasUnbegun),
    'before the run': () => stage.read(hasUnbegun),
    ready: () => stage.read(hasUnfollowed),
    blob: () => hasPartOfBlob(join(stage.dataDir, 'blobs', 'incoming')),
  };
  while (!signal.aborted) {
    for (const [step, isReached] of Object.entries(points) as [Step, () => Promise<boolean>][])
      if (strikes.isArmed(step) && (await isReached())) await strikeHeld(strikes, step, isReached);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

async function strikeHeld(strikes: Strikes, step: Step, isReached: () => Promise<boolean>): Promise<void> {
  const claim = await strikes.claim(step, ([first]) => first);
  if (!claim) return;
  claim.victim.process.kill('SIGSTOP');
  if (await isReached().catch(() => false)) return claim.strike();
  claim.victim.process.kill('SIGCONT');
  claim.letGo();
}

/** The steps that only show as programs of a process: espeak-ng is one. Looks until `signal` aborts. */
export async function watchPrograms(strikes: Strikes, signal: AbortSignal): Promise<void> {
  const step = 'speech: espeak-ng';
  const reads = ({ process: { pid } }: { process: { pid?: number | undefined } }) =>
    pid !== undefined && runs(pid, 'espeak-ng');
  while (!signal.aborted) {
    if (strikes.isArmed(step)) (await strikes.claim(step, (processes) => processes.find(reads)))?.strike();
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

/** A time was noted, and no run stands for it yet. */
const hasUnbegun: Work<boolean> = async ({ schedules, runs }) => {
  const since = Date.now() - freshMs;
  const due = (await readAll(schedules))
    .flatMap((schedule) => schedule.due ?? [])
    .filter((one) => one.claimedAt > since);
  const begun = await runs.getMany(
    due.map(({ runId }) => runId),
    ['status'],
  );
  return due.length > begun.length;
};

/** A story is ready, and nothing that follows it has ended. */
const hasUnfollowed: Work<boolean> = async ({ stories }) => {
  const { items } = await stories.stories.find({ where: { following: true }, limit: 100 });
  return items.some(({ followUps }) =>
    Object.values(followUps ?? {}).every(({ state, tries }) => state === 'pending' && tries <= 1),
  );
};

async function hasPartOfBlob(folder: string): Promise<boolean> {
  for (const name of await readdir(folder).catch(() => [])) {
    const size = await stat(join(folder, name)).then(
      (found) => found.size,
      () => 0,
    );
    if (size > 0) return true;
  }
  return false;
}
