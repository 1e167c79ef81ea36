import { isAppError } from '#platform/errors.ts';
import { wait } from '#platform/models/back-off.ts';
import type { StoryPorts } from './story-ports.ts';
import type { StoryPlacesRecord } from './story-records.ts';

/** What places are taken with. */
export type PlacePorts = Pick<StoryPorts, 'stories'> & {
  readonly chat: Pick<StoryPorts['chat'], 'records' | 'runtime' | 'clock' | 'logger' | 'metrics'>;
};

export const placesId = 'places';
/** A place whose run nobody makes is believed to be on its way to somebody for this long. */
const orphanedAfterMs = 30_000;
/** Between two looks, with jitter: many wait for one document. */
const leastWaitMs = 150;
const mostWaitMs = 500;

export interface PlaceOptions {
  /** Gives up after this long. */
  readonly patienceMs: number;
  /** Gives [0, 1). */
  readonly random?: () => number;
}

/** Puts a place back. One that was freed, or taken over by the run's next attempt, stays as it is. */
type FreePlace = () => Promise<void>;

/**
 * Takes one of the places for stories that are written at a time, over all processes; waits until there is one. Only for a run that a
 * worker holds and is about to write: were one kept for a run that is queued, those before it in the queue would wait for it. Whoever
 * asks for a run that has its place already gets that one, and the one before no longer frees it: so a place passes from a worker that
 * died to the next. Undefined where there was none for `patienceMs`. Waits for the store, too. Throws the signal's reason.
 */
export async function takePlace(
  ports: PlacePorts,
  runId: string,
  signal: AbortSignal,
  { patienceMs, random = Math.random }: PlaceOptions,
): Promise<FreePlace | undefined> {
  const { clock } = ports.chat;
  const begin = clock.monotonic();
  for (;;) {
    signal.throwIfAborted();
    const takenAt = await tryToTake(ports, runId).catch(waitForStore);
    if (takenAt !== undefined) return () => free(ports, runId, takenAt);
    if (clock.monotonic() - begin >= patienceMs) return undefined;
    await wait(leastWaitMs + random() * (mostWaitMs - leastWaitMs), clock, signal);
  }
}

function waitForStore(error: unknown): undefined {
  if (!isAppError(error, 'store_unavailable')) throw error;
}

/** When the place was taken, which tells whose it is: no two takers of one run have the same. */
async function tryToTake({ stories, chat }: PlacePorts, runId: string): Promise<number | undefined> {
  const { places } = stories;
  const mine = `taken.${runId}`;
  const now = chat.clock.now();
  const ceiling = chat.runtime.current().runningStories;
  const taken = await places.update(
    placesId,
    { set: { [mine]: now }, increment: { count: 1 } },
    { count: { lt: ceiling }, [mine]: { absent: true } },
    ['_id'],
  );
  if (taken) return now;
  const record = await places.get(placesId);
  if (!record) {
    await places.insertMissing([{ _id: placesId, count: 0, taken: {} }]);
    return ceiling > 0 ? tryToTake({ stories, chat }, runId) : undefined;
  }
  const before = record.taken[runId];
  if (before === undefined) return undefined;
  const next = Math.max(now, before + 1);
  return (await places.update(placesId, { set: { [mine]: next } }, { [mine]: before }, ['_id'])) ? next : undefined;
}

async function free({ stories }: PlacePorts, runId: string, takenAt: number): Promise<void> {
  const mine = `taken.${runId}`;
  await stories.places.update(placesId, { unset: [mine], increment: { count: -1 } }, { [mine]: takenAt }, ['_id']);
}

/** Frees the places of runs that nobody makes: their worker died, and they are over or wait. Returns how many. */
export async function sweepPlaces(ports: PlacePorts): Promise<number> {
  const { stories, chat } = ports;
  const record = await stories.places.get(placesId);
  const old = agedBefore(record, chat.clock.now() - orphanedAfterMs);
  let freed = 0;
  for (let from = 0; from < old.length; from += 1_000) {
    const some = old.slice(from, from + 1_000);
    const runs = await chat.records.runs.getMany(
      some.map(([runId]) => runId),
      ['status'],
    );
    const running = new Set(runs.filter(({ status }) => status === 'running').map(({ _id }) => _id));
    for (const [runId, takenAt] of some) {
      if (running.has(runId)) continue;
      await free(ports, runId, takenAt);
      chat.metrics.sweepRepairs.inc({ kind: 'story_place' });
      freed += 1;
    }
  }
  return freed;
}

const agedBefore = (record: StoryPlacesRecord | undefined, before: number): ReadonlyArray<[string, number]> =>
  Object.entries(record?.taken ?? {}).filter(([, at]) => at <= before);
