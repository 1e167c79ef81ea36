import { z } from 'zod';
import { errorCodeNames } from './error-codes.ts';

export const errorDetail = z.object({
  code: z.enum(errorCodeNames),
  message: z.string(),
  details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** Seconds after which a repeat may succeed, as `Retry-After` says it. */
  retryAfter: z.int().positive().optional(),
  traceId: z.string(),
});

/** What every failed HTTP request answers. */
export const errorResponse = z.object({ error: errorDetail }).meta({ id: 'Error' });
export type ErrorDetail = z.infer<typeof errorDetail>;
