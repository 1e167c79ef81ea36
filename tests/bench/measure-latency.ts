import { type Asker, answerOf, openAsker, wrongWith } from './ask.ts';
import { type LatencyJob, type LatencyResult, type Target, timesOf } from './jobs.ts';
import { type Measured, rest } from './measured.ts';
import type { Answer } from './read-answer.ts';

/** After an answer, what follows it (its title, its settling) ends before the next is asked for. */
const restMs = 100;

/** Asks for the same answer directly and through Lamplight in turn, one at a time, now the one first and now the other. */
export async function measureLatency(job: LatencyJob, measured: Measured): Promise<LatencyResult> {
  const [direct, through] = [await openAsker(job.direct), await openAsker(job.through)];
  const ask = async (target: Target, asker: Asker, seed: number): Promise<Answer> => {
    const question = { seed, tokens: job.tokens, tokensPerSecond: job.tokensPerSecond };
    const answer = answerOf(target, await asker.ask(question));
    const wrong = wrongWith(answer.text, question);
    if (wrong) throw new Error(wrong);
    if (target.kind === 'lamplight') await rest(restMs);
    return answer;
  };
  const askBoth = async (seed: number) => {
    if (seed % 2 === 0) {
      const first = await ask(job.direct, direct, seed);
      return { direct: first, through: await ask(job.through, through, seed) };
    }
    const first = await ask(job.through, through, seed);
    return { direct: await ask(job.direct, direct, seed), through: first };
  };

  for (let seed = 0; seed < job.warmUp; seed += 1) await askBoth(seed);
  const pairs: { direct: Answer; through: Answer }[] = [];
  await measured(async () => {
    for (let seed = 0; seed < job.pairs; seed += 1) pairs.push(await askBoth(1_000 + seed));
  });
  direct.close();
  through.close();
  const times = (pick: (pair: { direct: Answer; through: Answer }) => number) => timesOf(pairs.map(pick));
  return {
    directFirst: times((pair) => pair.direct.firstMs),
    throughFirst: times((pair) => pair.through.firstMs),
    addedFirst: times((pair) => pair.through.firstMs - pair.direct.firstMs),
    directWhole: times((pair) => pair.direct.wholeMs),
    throughWhole: times((pair) => pair.through.wholeMs),
    addedWhole: times((pair) => pair.through.wholeMs - pair.direct.wholeMs),
  };
}
