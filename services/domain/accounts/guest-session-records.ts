import { z } from 'zod';
import type { CollectionSpec } from '#platform/store/store.ts';

const session = z.object({
  /** SHA-256 of the token, so that a read store gives nobody a session. */
  _id: z.string(),
  principalId: z.string(),
  name: z.string(),
  role: z.enum(['guest']),
  createdAt: z.number(),
  expiresAt: z.number(),
});
export type SessionRecord = z.infer<typeof session>;

export const sessions: CollectionSpec<SessionRecord> = {
  name: 'sessions',
  version: 1,
  schema: session,
  indexes: [{ fields: ['expiresAt'] }],
};

const ticket = z.object({
  /** SHA-256 of the ticket. */
  _id: z.string(),
  sessionId: z.string(),
  expiresAt: z.number(),
});
export type TicketRecord = z.infer<typeof ticket>;

export const tickets: CollectionSpec<TicketRecord> = {
  name: 'tickets',
  version: 1,
  schema: ticket,
  indexes: [{ fields: ['expiresAt'] }],
};
