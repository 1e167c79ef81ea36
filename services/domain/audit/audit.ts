import type { z } from 'zod';
import type { auditPage, auditQuery } from '#contract/usage.ts';
import type { Clock } from '#platform/clock.ts';
import type { Collection, Store } from '#platform/store/store.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { currentTrace } from '#platform/telemetry/trace.ts';
import type { AuditAction } from './audit-actions.ts';
import { type AuditRecord, auditCollection } from './audit-records.ts';
import { listEntries } from './list-audit.ts';

/** One thing that was done or tried. Never a secret, a password or an e-mail address in `details`. */
export interface AuditEvent {
  readonly action: AuditAction;
  readonly outcome: AuditRecord['outcome'];
  /** Who did it; absent where nobody was signed in. */
  readonly actorId?: string | undefined;
  /** Whom or what it was done to. */
  readonly subjectId?: string | undefined;
  /** Names without dots. */
  readonly details?: AuditRecord['details'];
  /** The client's network address. */
  readonly address?: string | undefined;
}

export interface AuditOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Unique and ordered by time. */
  readonly newId: () => string;
}

/** How long an entry is kept: a year, and a month to look at it. */
const keptMs = 400 * 24 * 3_600_000;
/** In place of the id of a person who was deleted. */
const deletedPerson = 'deleted';

/** The log of who did what. It is only ever added to, save that people are made unknown in it and old entries go. */
export class Audit {
  readonly #options: AuditOptions;
  readonly #entries: Collection<AuditRecord>;

  constructor(options: AuditOptions) {
    this.#options = options;
    this.#entries = options.store.collection(auditCollection);
  }

  /** Adds an entry. One that cannot be written is told of in the log, since what it tells of has happened: never throws. */
  async record({ action, outcome, actorId, subjectId, details = {}, address }: AuditEvent): Promise<void> {
    const { clock, logger, newId } = this.#options;
    try {
      await this.#entries.insert({
        _id: newId(),
        at: clock.now(),
        action,
        outcome,
        ...(actorId !== undefined && { actorId }),
        ...(subjectId !== undefined && { subjectId }),
        details,
        ...(address !== undefined && { address }),
        traceId: currentTrace()?.traceId ?? '',
      });
    } catch (error) {
      logger.error(`The audit log lacks an entry: ${action}, ${outcome}.`, {
        'event.action': 'audit',
        'event.outcome': 'failure',
        ...(actorId !== undefined && { 'user.id': actorId }),
        error,
      });
    }
  }

  /** A page of it, the latest first. Throws `invalid_cursor`. */
  list(query: z.output<typeof auditQuery>): Promise<z.output<typeof auditPage>> {
    return listEntries(this.#entries, query);
  }

  /** Makes a person unknown in up to `limit` entries and returns in how many: repeat until it is 0. */
  async anonymise(personId: string, limit: number): Promise<number> {
    const asActor = await this.#entries.find({ where: { actorId: personId }, sort: byTime, limit });
    for (const { _id } of asActor.items) {
      const change = { set: { actorId: deletedPerson }, unset: ['address'] };
      await this.#entries.update(_id, change, { actorId: personId });
    }
    const asSubject = await this.#entries.find({ where: { subjectId: personId }, sort: byTime, limit });
    for (const { _id, actorId } of asSubject.items) {
      // Where nobody was signed in, the address may be the person's own.
      const unset = actorId === undefined ? ['address'] : [];
      await this.#entries.update(_id, { set: { subjectId: deletedPerson }, unset }, { subjectId: personId });
    }
    return asActor.items.length + asSubject.items.length;
  }

  /** Deletes up to `limit` entries that are too old; returns how many. */
  sweep(limit: number): Promise<number> {
    return this.#entries.deleteWhere({ at: { lt: this.#options.clock.now() - keptMs } }, limit);
  }
}

const byTime = { by: ['at'], direction: 'asc' } as const;
