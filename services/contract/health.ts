import { z } from 'zod';

export const health = z
  .object({
    status: z.enum(['ok', 'degraded', 'draining']),
    service: z.string(),
    version: z.string(),
    dependencies: z.record(z.string(), z.object({ status: z.enum(['up', 'down']), message: z.string().optional() })),
  })
  .meta({ id: 'Health' });
export type Health = z.infer<typeof health>;
