import { z } from 'zod';

const revision = z.object({
  revision: z.int(),
  status: z.string(),
  chart: z.string(),
  description: z.string().default(''),
});
export type Revision = z.infer<typeof revision>;

/** What `helm history -o json` prints, the oldest first. */
export function readHistory(json: string): Revision[] {
  return z
    .array(revision)
    .parse(JSON.parse(json))
    .sort((a, b) => a.revision - b.revision);
}

/** The revision that a rollback made a copy of; helm writes it into the description. */
const copiedFrom = ({ description }: Revision): number | undefined => {
  const found = /^Rollback to (\d+)$/.exec(description)?.[1];
  return found === undefined ? undefined : Number(found);
};

/** What runs: the newest revision that helm calls deployed. */
export const running = (history: readonly Revision[]): Revision | undefined =>
  history.findLast(({ status }) => status === 'deployed');

/** Whether helm is at work on it, or was ended in the middle of it. */
export const pending = (history: readonly Revision[]): Revision | undefined =>
  history.findLast(({ status }, index) => index === history.length - 1 && status.startsWith('pending-'));

/**
 * The newest revision before the one that runs that served once and that nobody went back from. A rollback from 5 to 3 says
 * that 4 and 5 were bad; it makes 6, a copy of 3, and the last good one before 6 is older than 3.
 */
export function lastGood(history: readonly Revision[]): Revision | undefined {
  const current = running(history);
  const left = new Set(history.flatMap((each) => between(copiedFrom(each), each.revision)));
  const served = history.filter((each) => each.status === 'superseded' && !left.has(each.revision));
  const origin = current && originOf(current, history);
  return served.findLast((each) => current && each.revision < current.revision && originOf(each, history) !== origin);
}

const between = (from: number | undefined, to: number): number[] =>
  from === undefined ? [] : Array.from({ length: to - from - 1 }, (_, index) => from + 1 + index);

function originOf(revision: Revision, history: readonly Revision[]): number {
  const from = copiedFrom(revision);
  const source = history.find((each) => each.revision === from);
  return source ? originOf(source, history) : (from ?? revision.revision);
}
