/**
 * The fault tests: clients chat with Lamplight's separate processes while those, Redis and the database are killed, frozen,
 * flushed and restarted; afterwards nothing may be lost, doubled or mixed. `npm run test:faults [-- --kills N] [--seed N]`.
 */
import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openChatRecords } from '#domain/chat/chat-records.ts';
import { openStore } from '#platform/store/open-store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { chatUnderFaults } from './chat-under-faults.ts';
import { describeBreach, summarise } from './report.ts';
import { missingPrograms, setStage } from './stage.ts';
import { loggedOf } from './watch.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string' }, seed: { type: 'string' }, clients: { type: 'string', default: '20' } },
});
const seed = Number(values.seed ?? randomInt(2 ** 31));
const kills = values.kills === undefined ? undefined : Number(values.kills);
const shortMs = 300_000;
/** For everything: a fault with its recovery rarely takes over 20 s. */
const deadlineMs = kills === undefined ? shortMs : 180_000 + kills * 45_000;

async function main(): Promise<number> {
  const missing = missingPrograms();
  if (missing.length > 0) {
    console.log(`The fault tests were not run: there is no ${missing.join(' and no ')} on the PATH.`);
    return process.env['CI'] === 'true' ? 1 : 0;
  }
  const started = Date.now();
  const say = (line: string) => console.log(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}`);
  console.log(`Seed ${seed}${kills === undefined ? '' : `, ${kills} faults`}`);

  const abort = new AbortController();
  const stage = await setStage(abort.signal);
  // Whatever ends this process ends its children.
  process.on('exit', () => {
    for (const pid of stage.pids()) process.kill(pid, 'SIGKILL');
  });
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.on(signal, () => process.exit(code));
  const deadline = setTimeout(() => {
    console.log(`BREACH of "it ends in time": not over after ${deadlineMs} ms. Logs: ${stage.dir}`);
    process.exit(1);
  }, deadlineMs);
  say(`Lamplight runs; logs are in ${stage.dir}`);

  const { logger } = collectingLogger();
  const { mongodbUri, redisUrl } = stage;
  const store = await openStore({ kind: 'servers', mongodbUri, redisUrl }, { logger });
  const records = openChatRecords(store);
  const result = await chatUnderFaults({
    ...{ stage, records, say, seed, kills },
    clientCount: Number(values.clients),
    signal: abort.signal,
    roundsUntil: started + shortMs * 0.5,
    strikeUntil: started + shortMs * 0.7,
  });
  await store.close();
  await stage.lamplight.stop();
  await stage.killAll();
  clearTimeout(deadline);

  const seconds = Math.round((Date.now() - started) / 1000);
  const summary = summarise({ ...result, seed, seconds, dir: stage.dir });
  for (const [name, value] of Object.entries(summary)) console.log(`${name}: ${JSON.stringify(value)}`);
  for (const breach of result.breaches) {
    console.log(describeBreach(breach, result.evidence));
    const lines = breach.runId === undefined ? [] : await loggedOf(breach.runId, stage.lamplight.processes);
    for (const line of lines.slice(-15)) console.log(`      ${line}`);
  }
  if (result.breaches.length > 0)
    console.log(`Logs: ${stage.lamplight.processes.map(({ logFile }) => logFile).join(' ')}`);
  else await rm(stage.dir, { recursive: true });
  console.log(JSON.stringify(summary));
  return result.breaches.length === 0 ? 0 : 1;
}

process.exit(await main());
