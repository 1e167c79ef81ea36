import { Random } from '#tests/faults/random.ts';
import { startModelServer } from '#tests/model-server/model-server.ts';
import { type Breach, findBreaches } from './checker.ts';
import { Evenings } from './evenings.ts';
import { type Evidence, gatherEvidence } from './evidence.ts';
import { Family, gatherParents, limitPlaces } from './family.ts';
import { startMails } from './mails.ts';
import { commandPoints, mailPoint, modelPoints, watchFiles, watchPrograms } from './points.ts';
import { untilAtRest } from './rest.ts';
import { type EveningStage, setEmbeddedStage, setServersStage } from './stage.ts';
import { planKills, type Step, type Voice } from './steps.ts';
import { tellLanterns } from './storyteller.ts';
import { type Strike, Strikes } from './strikes.ts';

export interface EveningOptions {
  readonly embedded: boolean;
  readonly voice: Voice;
  readonly kills: number;
  readonly seed: number;
  readonly say: (line: string) => void;
  /** Told what runs, so that nothing outlives the caller. */
  readonly onStage?: (stage: EveningStage) => void;
}

export interface EveningResult {
  readonly evidence: Evidence;
  readonly breaches: readonly Breach[];
  readonly strikes: readonly Strike[];
  readonly notReached: readonly Step[];
  readonly parents: number;
  readonly restMs: number;
  readonly stage: EveningStage;
}

const parentsOf = (kills: number): number => 4 + Math.ceil(kills / 4);
/** Kills leave places taken for up to 40 s: of more, some stay free, and of fewer, most stories would wait for those. */
const placesAtATime = 8;
/** For the kills, beside which each takes a start of a process or two. */
const killingMs = (kills: number): number => 30_000 + kills * 6_000;

const settings = {
  OPENAI_API_KEY: 'none',
  OPENAI_MODEL: 'scripted',
  IMAGE_MODEL: 'painter',
  SPEECH_MODEL: 'reader',
  MODERATION: 'provider',
  MAIL_FROM: 'Lamplight <lamplight@lamplight.test>',
  SHUTDOWN_GRACE_SECONDS: '2',
  STORY_CONCURRENCY: '5',
  LOG_LEVEL: 'info',
};

/** Schedules come due while processes are killed at each step of what follows; then all is left to come to rest, and checked. */
export async function playEvening(options: EveningOptions): Promise<EveningResult> {
  const { embedded, voice, kills, seed, say } = options;
  const random = new Random(seed);
  const observed: Breach[] = [];
  const breach = (says: string) => {
    say(`BREACH ${says}`);
    observed.push({ rule: 'every kill is dealt with', says });
  };
  // Set once there is a stage; whoever asks before is let pass.
  let evenings: Evenings | undefined;
  let stage: EveningStage | undefined;
  const strikes = new Strikes({
    plan: planKills(options, random),
    random: new Random(random.integer(0, 2 ** 31)),
    isSafe: async () => (await evenings?.canTakeAKill()) ?? false,
    whenDead: async (strike) => evenings?.afterDeath(strike),
    breach,
    say,
  });
  const pick = new Random(random.integer(0, 2 ** 31));
  const model = await startModelServer({
    tokensPerSecond: 200,
    storyteller: tellLanterns,
    ...modelPoints(strikes, pick),
  });
  const mails = await startMails(async (from) => (stage ? mailPoint(strikes, stage, from) : { pid: 0, take: true }));
  const set = embedded ? setEmbeddedStage : setServersStage;
  const place = await set({
    env: { ...settings, OPENAI_BASE_URL: model.url, SPEECH: voice, SMTP_URL: `smtp://127.0.0.1:${mails.port}` },
    watch: commandPoints(strikes),
  });
  stage = place;
  options.onStage?.(place);
  const stop = new AbortController();
  const readers = new AbortController();
  try {
    await limitPlaces(place, placesAtATime);
    const parents = await gatherParents(place, parentsOf(kills));
    const family = new Family(parents, pick);
    const played = new Evenings({ stage: place, family, strikes, mails, random: pick, signal: readers.signal });
    evenings = played;
    say(`${parents.length} people; logs are in ${place.dir}`);
    await played.invite();
    strikes.begin(place.processes);
    const watching = [
      ...(embedded ? [watchFiles(strikes, place, stop.signal)] : []),
      ...(voice === 'espeak' ? [watchPrograms(strikes, stop.signal)] : []),
    ];
    await played.untilStruck(killingMs(kills));
    const notReached = [...strikes.end()];
    if (notReached.length > 0) breach(`no process was killed at: ${notReached.join(', ')}`);
    stop.abort();
    await Promise.all([...watching, strikes.recovered()]);
    await place.startAll();
    const begun = Date.now();
    say(`The kills are over; ${family.schedules.length} schedules, all is left to come to rest`);
    await untilAtRest(place, played).catch((error: unknown) => breach(String(error)));
    const restMs = Date.now() - begun;
    await played.untilRead();
    readers.abort();
    await place.stopAll();
    const { copies } = mails;
    const evidence = await gatherEvidence({
      ...{ stage: place, family, copies, between: played.between, readers: played.readers },
    });
    const breaches = [...observed, ...findBreaches(evidence)];
    return { evidence, breaches, strikes: strikes.done, notReached, parents: parents.length, restMs, stage: place };
  } finally {
    stop.abort();
    readers.abort();
    await place.close();
    await Promise.all([model.close(), mails.close()]);
  }
}
