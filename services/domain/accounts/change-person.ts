import type { z } from 'zod';
import type { person } from '#contract/accounts.ts';
import type { personChange } from '#contract/administration.ts';
import type { Actor } from '#domain/audit/actor.ts';
import type { AuditAction } from '#domain/audit/audit-actions.ts';
import type { AuditRecord } from '#domain/audit/audit-records.ts';
import type { ChatPorts } from '#domain/chat/chat-ports.ts';
import { AppError, notFound } from '#platform/errors.ts';
import type { AccountPorts } from './account-ports.ts';
import type { PersonRecord } from './account-records.ts';
import { changeRole, disable, enable } from './administrators.ts';
import { deletePerson } from './delete-person.ts';
import { getPerson } from './find-person.ts';
import { presentPerson } from './present-person.ts';
import { tellPersonChanged } from './tell-processes.ts';

type PersonChange = z.output<typeof personChange>;

/**
 * What an administrator changes of a person; every process goes by it at once. Nobody changes their own role or locks themselves
 * out, and a guest, who has no password, gets no role. Throws `not_found`, `forbidden`, `last_administrator`, `conflict`.
 */
export async function changePerson(
  accounts: AccountPorts,
  actor: Actor,
  id: string,
  change: PersonChange,
): Promise<z.output<typeof person>> {
  let now = await getPerson(accounts, id);
  const before = now;
  refuseImpossible(actor, before, change);
  const tell = (action: AuditAction, details: AuditRecord['details'] = {}) =>
    accounts.audit.record({
      action,
      outcome: 'success',
      actorId: actor.id,
      subjectId: id,
      details,
      address: actor.address,
    });
  if (change.role !== undefined && change.role !== before.role) {
    now = await changeRole(accounts, id, change.role);
    await tell('role_change', { from: before.role, to: change.role });
  }
  if (change.disabled !== undefined && change.disabled !== before.disabled) {
    now = await (change.disabled ? disable : enable)(accounts, id);
    await tell(change.disabled ? 'account_disable' : 'account_enable');
  }
  const budget = change.dailyTokenBudget;
  if (budget !== undefined && (budget ?? undefined) !== before.dailyTokenBudget) {
    now = await changeBudget(accounts, id, budget);
    await tell('budget_change', { from: before.dailyTokenBudget ?? 'role', to: budget ?? 'role' });
  }
  return presentPerson(now);
}

function refuseImpossible(actor: Actor, { _id, role }: PersonRecord, change: PersonChange): void {
  if (_id === actor.id && change.role !== undefined && change.role !== role) {
    throw new AppError('forbidden', 'Nobody changes their own role. Ask another administrator.');
  }
  if (_id === actor.id && change.disabled === true) {
    throw new AppError('forbidden', 'Nobody disables themselves. Ask another administrator.');
  }
  if (role === 'guest' && change.role !== undefined) {
    throw new AppError('conflict', 'A guest has no account and gets no role. Invite the person instead.');
  }
}

/** Null: that of the role. */
async function changeBudget(accounts: AccountPorts, id: string, budget: number | null): Promise<PersonRecord> {
  const change = budget === null ? { unset: ['dailyTokenBudget'] } : { set: { dailyTokenBudget: budget } };
  const changed = await accounts.records.people.update(id, change, { deleted: false });
  if (!changed) throw notFound('person');
  await tellPersonChanged(accounts, id);
  return changed;
}

/** Signs a person out everywhere; API keys stay. Throws `not_found`. */
export async function endPersonSessions(accounts: AccountPorts, actor: Actor, id: string): Promise<void> {
  await getPerson(accounts, id);
  const sessions = await accounts.sessions.endAllOf(id);
  const entry = { action: 'sessions_end', outcome: 'success', actorId: actor.id, subjectId: id } as const;
  await accounts.audit.record({ ...entry, details: { sessions }, address: actor.address });
}

/** Deletes somebody else with everything of theirs. Throws `not_found`, `forbidden`, `last_administrator`. */
export async function removePerson(accounts: AccountPorts, chat: ChatPorts, actor: Actor, id: string): Promise<void> {
  if (id === actor.id) {
    throw new AppError('forbidden', 'Delete your own account among your settings, or ask another administrator.');
  }
  await deletePerson(accounts, chat, id);
  const entry = { action: 'account_delete', outcome: 'success', actorId: actor.id, subjectId: id } as const;
  await accounts.audit.record({ ...entry, address: actor.address });
}
