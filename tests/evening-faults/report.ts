import type { Breach } from './checker.ts';
import type { EveningOptions, EveningResult } from './play-evening.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const most = (numbers: readonly number[]): number => (numbers.length === 0 ? 0 : Math.max(...numbers));
const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const countBy = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, same]) => [name, same.length]).sort());

/** The evening in numbers. */
export function summarise(
  { embedded, voice, seed }: Pick<EveningOptions, 'embedded' | 'voice' | 'seed'>,
  { evidence, strikes, notReached, parents, breaches, restMs, stage }: EveningResult,
  seconds: number,
) {
  const { runs, stories, schedules, copies, between, swept } = evidence;
  const delivered = copies.filter(({ answered }) => answered);
  const tries = stories.flatMap(({ followUps }) => Object.values(followUps ?? {}).map((one) => one.tries));
  const times = mailTimes(evidence);
  return {
    ok: breaches.length === 0,
    ...{ size: embedded ? 'one process' : 'separate processes', voice, seed, seconds },
    kills: strikes.length,
    steps: countBy(strikes.map(({ step }) => step)),
    notReached,
    victims: countBy(strikes.map(({ name }) => name)),
    people: parents,
    schedules: schedules.length,
    stories: stories.length,
    attempts: sum(runs.map(({ attempt }) => attempt)),
    takeovers: sum(runs.map(({ crashes }) => crashes)),
    tries: sum(tries),
    mostTries: most(tries),
    mails: delivered.length,
    copiesWithoutAnswer: copies.length - delivered.length,
    killsBetweenAnswerAndStore: sum([...between.values()]),
    secondDeliveries: delivered.length - new Set(delivered.map(({ storyId }) => storyId)).size,
    sweptBlobs: swept,
    dueToMailMs: { median: median(times), worst: most(times) },
    restMs,
    breaches: breaches.length,
    dir: stage.dir,
  };
}

/** From when each story was due to the first delivery of its mail. */
function mailTimes({ stories, copies }: EveningResult['evidence']): number[] {
  return stories.flatMap(({ _id, scheduledFor }) => {
    const first = copies.find(({ storyId, answered }) => answered && storyId === _id);
    return first && scheduledFor !== undefined ? [first.at - scheduledFor] : [];
  });
}

/** A breach in a line: what, and of what. */
export function describeBreach({ rule, says, storyId, runId }: Breach): string {
  const where = [storyId && `story ${storyId}`, runId && `run ${runId}`].filter(Boolean).join(', ');
  return `BREACH of "${rule}": ${says}${where && ` (${where})`}`;
}
