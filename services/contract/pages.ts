import { z } from 'zod';

/** A page of a list: `nextCursor` is absent on the last one. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional() });

export const pageQuery = z.object({
  cursor: z.string().max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});

/** A moment, as ISO 8601 in UTC. */
export const moment = z.iso.datetime();
export const id = z.string().min(1).max(64);

/** Ms since the epoch, in one spelling: what is signed has no other address. */
export const endOfAddress = z
  .string()
  .regex(/^[1-9]\d{0,15}$/)
  .transform(Number);
