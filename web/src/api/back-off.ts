const firstMs = 500;
const longestMs = 15_000;

/**
 * How long to wait before try `attempt` (from 0), in milliseconds. Full jitter: evenly between 0 and a doubling limit, so
 * that many clients that lost one server do not come back together
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export const fullJitter = (attempt: number, random: () => number): number =>
  Math.round(random() * Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 10)));
