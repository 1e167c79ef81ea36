/**
 * The fault tests of stories: schedules come due, and the processes that write, read aloud, illustrate and mail what follows are killed
 * at each step of it; afterwards each schedule has one story, one voice, one picture and one mail.
 * `npm run test:evening-faults [-- --kills N] [--seed N] [--embedded] [--voice provider|espeak]`.
 */
import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { loggedOf } from '#tests/faults/watch.ts';
import { findProgram } from '#tests/servers/programs.ts';
import { type EveningResult, playEvening } from './play-evening.ts';
import { describeBreach, summarise } from './report.ts';
import { type EveningStage, missingPrograms } from './stage.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string' },
    embedded: { type: 'boolean', default: false },
    voice: { type: 'string', default: 'provider' },
  },
});
const { embedded } = values;
const kills = Number(values.kills);
const seed = Number(values.seed ?? randomInt(2 ** 31));
const voice = values.voice === 'espeak' ? 'espeak' : 'provider';
const deadlineMs = 300_000 + kills * 6_000;
const linesShown = 25;

async function main(): Promise<number> {
  const missing = [
    ...(embedded ? [] : missingPrograms()),
    ...(voice === 'espeak' && !findProgram('espeak-ng') ? ['espeak-ng'] : []),
  ];
  if (missing.length > 0) {
    console.log(`The faults of an evening were not tried: there is no ${missing.join(' and no ')} on the PATH.`);
    return process.env['CI'] === 'true' ? 1 : 0;
  }
  const started = Date.now();
  const say = (line: string) => console.log(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}`);
  console.log(`Seed ${seed}, ${kills} kills, ${embedded ? 'one process' : 'separate processes'}, voice: ${voice}`);
  let stage: EveningStage | undefined;
  // Whatever ends this process ends its children.
  process.on('exit', () => {
    for (const pid of stage?.pids() ?? []) process.kill(pid, 'SIGKILL');
  });
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.on(signal, () => process.exit(code));
  const deadline = setTimeout(() => {
    console.log(`BREACH of "it ends in time": not over after ${deadlineMs} ms. Logs: ${stage?.dir}`);
    process.exit(1);
  }, deadlineMs);
  const onStage = (set: EveningStage) => {
    stage = set;
  };
  const result = await playEvening({ embedded, voice, kills, seed, say, onStage });
  clearTimeout(deadline);
  const summary = summarise({ embedded, voice, seed }, result, Math.round((Date.now() - started) / 1000));
  for (const [name, value] of Object.entries(summary)) console.log(`${name}: ${JSON.stringify(value)}`);
  await showBreaches(result);
  console.log(JSON.stringify(summary));
  return result.breaches.length === 0 ? 0 : 1;
}

async function showBreaches({ breaches, stage }: EveningResult): Promise<void> {
  for (const breach of breaches) {
    console.log(describeBreach(breach));
    const ids = [breach.storyId, breach.runId].filter((id) => id !== undefined);
    const lines = await Promise.all(ids.map((id) => loggedOf(id, stage.processes)));
    for (const line of [...new Set(lines.flat())].sort().slice(-linesShown)) console.log(`      ${line}`);
  }
  if (breaches.length > 0) console.log(`Logs: ${stage.processes.map(({ logFile }) => logFile).join(' ')}`);
  else await rm(stage.dir, { recursive: true });
}

process.exit(await main());
