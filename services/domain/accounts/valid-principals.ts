import type { Clock } from '#platform/clock.ts';
import type { Collection, Doc } from '#platform/store/store.ts';
import type { AccountRecords, ApiKeyRecord, SessionRecord } from './account-records.ts';
import type { KnownPerson } from './known-people.ts';
import type { Principal } from './principal.ts';

const atATime = 1_000;

interface Known {
  readonly records: AccountRecords;
  readonly clock: Clock;
}

/** Those of these principals that are good, as the store has them now, by session or API key. */
export async function validPrincipals(
  { records, clock }: Known,
  principals: readonly Principal[],
): Promise<ReadonlyMap<string, Principal>> {
  const idsOf = (some: readonly Principal[]) => some.map(({ sessionId }) => sessionId);
  const [people, sessions, keys] = await Promise.all([
    getAll(
      records.people,
      principals.map(({ id }) => id),
    ),
    getAll(records.sessions, idsOf(principals.filter(({ scopes }) => !scopes))),
    getAll(records.apiKeys, idsOf(principals.filter(({ scopes }) => scopes))),
  ]);
  const valid = new Map<string, Principal>();
  for (const { id, sessionId } of principals) {
    const person = people.get(id);
    const credential = sessions.get(sessionId) ?? keys.get(sessionId);
    if (!person || person.deleted || person.disabled) continue;
    if (credential && credential.expiresAt > clock.now()) valid.set(sessionId, presentPrincipal(credential, person));
  }
  return valid;
}

/** A person as their credential lets them act. */
export function presentPrincipal(
  credential: Pick<SessionRecord, '_id' | 'expiresAt'> | ApiKeyRecord,
  { _id: id, name, role, timeZone, dailyTokenBudget }: KnownPerson,
): Principal {
  return {
    id,
    name,
    role,
    timeZone,
    ...(dailyTokenBudget !== undefined && { dailyTokenBudget }),
    sessionId: credential._id,
    ...('scopes' in credential && { scopes: credential.scopes }),
    expiresAt: credential.expiresAt,
  };
}

/** The documents of these ids that exist. */
async function getAll<T extends Doc>(collection: Collection<T>, ids: readonly string[]): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  const wanted = [...new Set(ids)];
  for (let at = 0; at < wanted.length; at += atATime) {
    for (const doc of await collection.getMany(wanted.slice(at, at + atATime))) found.set(doc._id, doc);
  }
  return found;
}
