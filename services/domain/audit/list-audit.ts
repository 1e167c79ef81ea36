import type { z } from 'zod';
import type { auditEntry, auditPage, auditQuery } from '#contract/usage.ts';
import { mergePages } from '#platform/store/merge-pages.ts';
import type { Collection, Where } from '#platform/store/store.ts';
import type { AuditRecord } from './audit-records.ts';

const latestFirst = { by: ['at'], direction: 'desc' } as const;

/** What was done by a person or to them, or of one action, or all: the latest first. Throws `invalid_cursor`. */
export async function listEntries(
  entries: Collection<AuditRecord>,
  { action, personId, limit, cursor }: z.output<typeof auditQuery>,
): Promise<z.output<typeof auditPage>> {
  const of: Where = action === undefined ? {} : { action };
  const wheres: Where[] =
    personId === undefined
      ? [of]
      : [
          { actorId: personId, ...of },
          { subjectId: personId, ...of },
        ];
  const { items, ...rest } = await mergePages<AuditRecord>(
    { sort: latestFirst, limit, cursor },
    wheres.map((where) => (query) => entries.find({ ...query, where })),
  );
  return { items: items.map(present), ...rest };
}

const present = (entry: AuditRecord): z.output<typeof auditEntry> => ({
  id: entry._id,
  at: new Date(entry.at).toISOString(),
  action: entry.action,
  outcome: entry.outcome,
  ...(entry.actorId !== undefined && { actorId: entry.actorId }),
  ...(entry.subjectId !== undefined && { subjectId: entry.subjectId }),
  details: entry.details,
  ...(entry.address !== undefined && { address: entry.address }),
  traceId: entry.traceId,
});
