import { patiently } from '#tests/faults/watch.ts';
import { waitFor } from '#tests/servers/child.ts';
import type { Evenings } from './evenings.ts';
import { readAll } from './records.ts';
import type { EveningStage } from './stage.ts';

/** What was due has begun, every story is told, and nothing that follows is pending. */
const restMs = 90_000;
/** What was taken and not given back is, by sweeps that wait until it is old enough. */
const tidyMs = 60_000;
const lookEveryMs = 500;

/** Waits until nothing is under way any more; throws what is. */
export async function untilAtRest(stage: EveningStage, evenings: Evenings): Promise<void> {
  const isAtRest = async () => {
    await evenings.look();
    return evenings.live === 0;
  };
  await waitFor(isAtRest, { what: 'every story to come to rest', timeoutMs: restMs, everyMs: lookEveryMs });
  await waitFor(() => patiently(() => isTidy(stage)), {
    what: 'places, budgets and usage to be settled',
    timeoutMs: tidyMs,
    everyMs: lookEveryMs,
  });
}

const isTidy = (stage: EveningStage): Promise<boolean> =>
  stage.read(async ({ runs, stories, budgets, usage }) => {
    const places = await readAll(stories.places);
    return (
      places.every(({ count }) => count === 0) &&
      (await readAll(budgets)).every(({ running }) => running === 0) &&
      (await readAll(runs)).every(({ settled }) => settled) &&
      (await readAll(usage.shares)).every(({ folded }) => folded)
    );
  });
