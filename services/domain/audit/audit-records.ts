import { z } from 'zod';
import type { CollectionSpec } from '#platform/store/store.ts';

const entry = z.object({
  _id: z.string(),
  at: z.number(),
  action: z.string(),
  outcome: z.enum(['success', 'failure']),
  actorId: z.string().optional(),
  subjectId: z.string().optional(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  address: z.string().optional(),
  traceId: z.string(),
});
export type AuditRecord = z.infer<typeof entry>;

export const auditCollection: CollectionSpec<AuditRecord> = {
  name: 'audit',
  version: 1,
  schema: entry,
  indexes: [
    { fields: ['at'] },
    { fields: ['action', 'at'] },
    { fields: ['actorId', 'at'] },
    { fields: ['subjectId', 'at'] },
    { fields: ['actorId', 'action', 'at'] },
    { fields: ['subjectId', 'action', 'at'] },
  ],
};
