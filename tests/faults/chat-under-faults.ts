import type { ChatRecords } from '#domain/chat/chat-records.ts';
import { waitFor } from '#tests/servers/child.ts';
import { type Breach, findBreaches } from './checker.ts';
import { Client } from './client.ts';
import { type Evidence, gatherEvidence } from './evidence.ts';
import type { Scene } from './faults.ts';
import { Random } from './random.ts';
import { takeoverTimes } from './report.ts';
import type { Stage } from './stage.ts';
import { type Strike, strike } from './strike.ts';
import { patiently, untilAnswered } from './watch.ts';

export interface ChatOptions {
  readonly stage: Stage;
  readonly records: ChatRecords;
  readonly say: (line: string) => void;
  readonly seed: number;
  readonly kills: number | undefined;
  readonly clientCount: number;
  readonly signal: AbortSignal;
  /** When to begin no further round of faults, and no further fault, in ms since the epoch. */
  readonly roundsUntil: number;
  readonly strikeUntil: number;
}

export interface ChatResult {
  readonly clients: readonly Client[];
  readonly evidence: Evidence;
  readonly strikes: readonly Strike[];
  readonly deaths: Scene['deaths'];
  readonly breaches: readonly Breach[];
}

const finishMs = 60_000;
const settleMs = 30_000;
/** About 10 s are promised; the rest is for a machine, and a stand-in for MongoDB, that are busy with all of this. */
const longestTakeoverMs = 30_000;

/** Clients chat, faults strike, clients finish; then everything is checked. */
export async function chatUnderFaults(options: ChatOptions): Promise<ChatResult> {
  const { stage, records, say, seed, kills, signal, roundsUntil, strikeUntil } = options;
  const random = new Random(seed);
  // Its own, so that a seed gives the same faults in the same order, whenever clients choose something.
  const faultsRandom = new Random(random.integer(0, 2 ** 31));
  const observed: Breach[] = [];
  const breach = (says: string, runId?: string) => {
    say(`BREACH ${says}`);
    observed.push({ rule: 'every fault is dealt with', says, runId });
  };

  const clients = makeClients(options, random);
  await Promise.all(clients.map((client) => client.signIn()));
  const finish = new AbortController();
  const chats = Promise.all(clients.map((client) => client.chat(finish.signal)));
  chats.catch((error: unknown) => breach(`a client failed: ${error instanceof Error ? error.stack : error}`));
  await untilAnswered(clients, clients.length, 30_000);
  say(`${clients.length} clients chat`);

  const scene: Scene = { stage, records, clients, random: faultsRandom, say, breach, deaths: [] };
  const strikes = await strike(scene, { signal, kills, roundsUntil, until: strikeUntil });

  say('The faults are over; everything is started, clients finish');
  await stage.startAll();
  finish.abort();
  const late = setTimeout(() => {
    for (const client of clients) client.close();
  }, finishMs);
  await chats;
  clearTimeout(late);
  await untilSettled(records).catch((error: unknown) => breach(String(error)));
  const evidence = await gatherEvidence(records, clients);
  return {
    clients,
    evidence,
    strikes,
    deaths: scene.deaths,
    breaches: [...observed, ...judge(evidence, clients, scene)],
  };
}

function judge(evidence: Evidence, clients: readonly Client[], { deaths }: Scene): Breach[] {
  const slow = takeoverTimes(clients, deaths).filter((ms) => ms > longestTakeoverMs);
  return [
    ...clients.flatMap(({ name, breaches }) =>
      breaches.map((says) => ({ rule: 'clients are served', says: `${name}: ${says}` })),
    ),
    ...slow.map((ms) => ({ rule: 'takeovers are quick', says: `a reader waited ${ms} ms for the next attempt` })),
    ...findBreaches(evidence),
  ];
}

/**
 * Half of them over SSE, half over WebSocket; of each, one drops its connection all the time, two stop answers and two lose
 * replies to their sends.
 */
function makeClients({ stage, clientCount }: ChatOptions, random: Random): Client[] {
  const { apis, realtimes } = stage.lamplight;
  const choices = new Random(random.integer(0, 2 ** 31));
  const addresses = { api: () => choices.pick(apis).url, realtime: () => choices.pick(realtimes).url };
  return Array.from({ length: clientCount }, (_, index) => {
    const habit = Math.floor(index / 2) % 5;
    const drops = index === 2 || index === 3;
    return new Client({
      name: `client-${index + 1}`,
      transport: index % 2 === 0 ? 'sse' : 'websocket',
      addresses,
      random: new Random(random.integer(0, 2 ** 31)),
      dropEvery: drops ? 50 : undefined,
      stops: habit === 2 ? 0.4 : 0,
      losesReplies: habit === 3 ? 0.5 : 0,
    });
  });
}

async function untilSettled(records: ChatRecords): Promise<void> {
  const count = (where: Parameters<typeof records.runs.count>[0]) => patiently(() => records.runs.count(where));
  const settled = async () =>
    (await count({ status: { in: ['queued', 'running'] } })) === 0 && (await count({ settled: false })) === 0;
  await waitFor(settled, { what: 'all runs to end and settle', timeoutMs: settleMs, everyMs: 250 });
}
