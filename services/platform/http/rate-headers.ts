import type { ServerResponse } from 'node:http';
import type { Allowance } from '#platform/limits/limits.ts';

/** Seconds for a header or a body, where a fraction would come too soon. */
const wholeSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000));

/**
 * Gives a reply's headers what is left of a limit, as draft-ietf-httpapi-ratelimit-headers-03 has it, which is what clients know: `RateLimit-Limit`,
 * `-Remaining` and `-Reset` (seconds). They stay where the reply becomes an error; `Retry-After` comes from the error itself.
 */
export const rateHeaders =
  (res: ServerResponse) =>
  ({ limit, remaining, resetMs }: Allowance): void => {
    if (res.headersSent) return;
    res.setHeader('RateLimit-Limit', String(limit));
    res.setHeader('RateLimit-Remaining', String(remaining));
    res.setHeader('RateLimit-Reset', String(resetMs === 0 ? 0 : wholeSeconds(resetMs)));
  };
