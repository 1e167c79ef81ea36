import { type FaultName, faultNames, faults, isPossible, type Scene } from './faults.ts';
import { untilAnswered } from './watch.ts';

/** Answers that clients must get after each fault before the next. */
const answersBetween = 5;
const progressMs = 45_000;

/** What one fault did. */
export interface Strike {
  readonly fault: FaultName;
  readonly at: number;
  /** Until the fault was dealt with, and until clients had further answers. */
  readonly recoveredMs: number;
  readonly answeredMs: number;
}

export interface StrikeOptions {
  readonly signal: AbortSignal;
  /** So many faults at random; undefined: each once. */
  readonly kills: number | undefined;
  /** Where each is to strike once: when to begin another round no more, and when no other fault at all, in ms since the epoch. */
  readonly roundsUntil: number;
  readonly until: number;
}

/** Lets faults strike one after another, each once the one before is dealt with. */
export async function strike(scene: Scene, { signal, kills, roundsUntil, until }: StrikeOptions): Promise<Strike[]> {
  const strikes: Strike[] = [];
  for (const fault of order(scene, kills)) {
    const last = strikes.length < faultNames.length ? until : roundsUntil;
    if (signal.aborted || (kills === undefined && Date.now() > last)) break;
    if (!isPossible(fault, scene.stage)) {
      scene.say(`- ${fault}: not here, the database is not ours`);
      continue;
    }
    strikes.push(await strikeOnce(scene, fault));
  }
  return strikes;
}

/** What every run must see comes first: the others strike where there is time. */
const isLone = (name: FaultName): boolean =>
  !['freeze redis', 'freeze database', 'kill scheduler and worker'].includes(name);

function* order({ random }: Scene, kills: number | undefined): Generator<FaultName> {
  if (kills === undefined)
    for (;;)
      yield* [
        ...random.shuffle(faultNames.filter(isLone)),
        ...random.shuffle(faultNames.filter((name) => !isLone(name))),
      ];
  for (let count = 0; count < kills; count += 1) yield random.pick(faultNames);
}

async function strikeOnce(scene: Scene, fault: FaultName): Promise<Strike> {
  const at = Date.now();
  scene.say(`- ${fault}`);
  try {
    await faults[fault](scene);
  } catch (error) {
    scene.breach(`${fault}: ${error instanceof Error ? error.message : String(error)}`);
    await scene.stage.startAll();
  }
  const recoveredMs = Date.now() - at;
  try {
    await untilAnswered(scene.clients, answersBetween, progressMs);
  } catch {
    scene.breach(`${fault}: clients did not get ${answersBetween} answers within ${progressMs} ms after it`);
  }
  const answeredMs = Date.now() - at - recoveredMs;
  scene.say(`  dealt with after ${recoveredMs} ms, ${answersBetween} more answers ${answeredMs} ms later`);
  return { fault, at, recoveredMs, answeredMs };
}
