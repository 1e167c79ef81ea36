import type { Role } from '#contract/accounts.ts';
import { AppError } from '#platform/errors.ts';
import type { AccountPorts } from './account-ports.ts';
import { type AccountRecords, administratorsId, type PersonRecord } from './account-records.ts';
import { getPerson } from './find-person.ts';
import { tellPersonChanged } from './tell-processes.ts';

type Records = Pick<AccountRecords, 'people' | 'administrators'>;
type Accounts = Pick<AccountPorts, 'records' | 'sessions' | 'broadcast' | 'logger'>;

/** Somebody else changed the person meanwhile: whoever asked looks again. */
const changedMeanwhile = () =>
  new AppError('conflict', 'This person was changed by somebody else just now. Look again.');

/** Gives a person a role. Throws `not_found`, `last_administrator`, `conflict`. */
export async function changeRole(accounts: AccountPorts, personId: string, to: Role): Promise<PersonRecord> {
  const person = await getPerson(accounts, personId);
  if (person.role === to) return person;
  return change(accounts, person, { role: to }, { role: person.role, disabled: person.disabled });
}

/** Locks a person out: sessions end; API keys stop, and work again after `enable`. Throws `not_found`, `last_administrator`, `conflict`. */
export async function disable(accounts: AccountPorts, personId: string): Promise<PersonRecord> {
  const person = await getPerson(accounts, personId);
  if (person.disabled) return person;
  const disabled = await change(accounts, person, { disabled: true }, { role: person.role, disabled: false });
  await accounts.sessions.endAllOf(personId);
  return disabled;
}

/** Throws `not_found`, `conflict`. */
export async function enable(accounts: AccountPorts, personId: string): Promise<PersonRecord> {
  const person = await getPerson(accounts, personId);
  if (!person.disabled) return person;
  return change(accounts, person, { disabled: false }, { role: person.role, disabled: true });
}

/** Whoever ceases to administer leaves the list of administrators before, whoever begins joins it after: it never has too many. */
async function change(
  accounts: Accounts,
  person: PersonRecord,
  set: Partial<Pick<PersonRecord, 'role' | 'disabled'>>,
  condition: Pick<PersonRecord, 'role' | 'disabled'>,
): Promise<PersonRecord> {
  const { _id } = person;
  if (administers(person) && !administers({ ...person, ...set })) await leaveAdministrators(accounts.records, _id);
  const changed = await accounts.records.people.update(_id, { set }, { ...condition, deleted: false });
  await alignAdministrator(accounts.records, _id);
  if (!changed) throw changedMeanwhile();
  await tellPersonChanged(accounts, _id);
  return changed;
}

export const administers = ({
  role,
  disabled,
  deleted,
}: Pick<PersonRecord, 'role' | 'disabled' | 'deleted'>): boolean => role === 'admin' && !disabled && !deleted;

/** Takes a person off the list of administrators, in one conditional write. Throws `last_administrator` for the only one. */
export async function leaveAdministrators({ administrators }: Records, personId: string): Promise<void> {
  const listed = `ids.${personId}`;
  const leave = { unset: [listed], increment: { count: -1 } };
  if (await administrators.update(administratorsId, leave, { [listed]: true, count: { gt: 1 } })) return;
  const list = await administrators.get(administratorsId);
  if (list && Object.hasOwn(list.ids, personId)) throw new AppError('last_administrator');
}

/** Brings the list in line with what a person is: after each change of one, and again where a change was left half done. */
export async function alignAdministrator(records: Records, personId: string): Promise<void> {
  const person = await records.people.get(personId, ['role', 'disabled', 'deleted']);
  const listed = `ids.${personId}`;
  if (person && administers(person)) {
    await records.administrators.insertMissing([{ _id: administratorsId, ids: {}, count: 0 }]);
    const join = { set: { [listed]: true }, increment: { count: 1 } };
    await records.administrators.update(administratorsId, join, { [listed]: { absent: true } });
    const after = await records.people.get(personId, ['role', 'disabled', 'deleted']);
    if (after && administers(after)) return;
  }
  // Somebody who does not administer does not count, the last one or not.
  const leave = { unset: [listed], increment: { count: -1 } };
  await records.administrators.update(administratorsId, leave, { [listed]: true });
}

/** Repairs the list where a process ended between the steps of a change. One pass finds what is amiss, the next repairs it if it still is. */
export class AdministratorsRepair {
  readonly #records: Records;
  #amiss = new Set<string>();

  constructor(records: Records) {
    this.#records = records;
  }

  async pass(): Promise<void> {
    const { people, administrators } = this.#records;
    const where = { deleted: false, role: 'admin' };
    const { items } = await people.find({ where, limit: 1_000, fields: ['role', 'disabled', 'deleted'] });
    const real = new Set(items.filter(administers).map(({ _id }) => _id));
    const listed = new Set(Object.keys((await administrators.get(administratorsId))?.ids ?? {}));
    const amiss = real.symmetricDifference(listed);
    for (const id of amiss.intersection(this.#amiss)) await alignAdministrator(this.#records, id);
    this.#amiss = amiss;
  }
}
