import { type Asker, answerOf, openAsker, type Question, wrongWith } from './ask.ts';
import { type StreamsJob, type StreamsResult, timesOf } from './jobs.ts';
import type { Received } from './lean-http.ts';
import { type Measured, rest } from './measured.ts';

/** Persons who get their connection at a time: before the measure begins. */
const atATime = 20;
/** What an answer leaves to do (its title, its settling) is counted with it. */
const afterwardsMs = 500;

/** Many answers at once, each on a connection and for a guest of its own; what came is read when all are over. */
export async function measureStreams(job: StreamsJob, measured: Measured): Promise<StreamsResult> {
  const { target, streams, tokens, tokensPerSecond, spreadMs } = job;
  const askers: Asker[] = [];
  while (askers.length < streams) {
    const count = Math.min(atATime, streams - askers.length);
    askers.push(...(await Promise.all(Array.from({ length: count }, () => openAsker(target)))));
  }
  const questions = askers.map((_, seed): Question => ({ seed, tokens, tokensPerSecond }));
  const outcomes = await measured(async () => {
    const all = await Promise.allSettled(
      askers.map(async (asker, index): Promise<Received> => {
        await rest((index * spreadMs) / streams);
        return asker.ask(questions[index] ?? { seed: index, tokens, tokensPerSecond });
      }),
    );
    await rest(afterwardsMs);
    return all;
  });
  for (const asker of askers) asker.close();

  const firsts: number[] = [];
  const gaps: number[] = [];
  const wrong: string[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    try {
      if (outcome.status === 'rejected') throw outcome.reason;
      const answer = answerOf(target, outcome.value);
      firsts.push(answer.firstMs);
      gaps.push(...answer.gapsMs);
      const difference = wrongWith(answer.text, { seed: index, tokens, tokensPerSecond });
      if (difference) wrong.push(difference);
    } catch (error) {
      wrong.push(`Answer ${index}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { first: timesOf(firsts), gap: timesOf(gaps), wrong };
}
