import type { z } from 'zod';
import type { apiKey, me, sessionList } from '#contract/accounts.ts';
import type { ApiKeyRecord, PersonRecord, SessionRecord } from './account-records.ts';
import type { Principal } from './principal.ts';

const moment = (ms: number): string => new Date(ms).toISOString();

/** What a person sees of their own account. */
export function presentMe(person: PersonRecord, { expiresAt }: Pick<Principal, 'expiresAt'>): z.output<typeof me> {
  const { _id: id, name, role, email, timeZone, passwordHash, createdAt } = person;
  return {
    id,
    name,
    role,
    ...(email !== undefined && { email }),
    timeZone,
    language: person.language ?? 'en',
    storyMails: person.storyMails ?? true,
    hasPassword: passwordHash !== undefined,
    createdAt: moment(createdAt),
    expiresAt: moment(expiresAt),
  };
}

/** `currentId`: of the session that asks. */
export const presentSession = (
  { _id: id, device, createdAt, lastUsedAt, expiresAt }: SessionRecord,
  currentId: string,
): z.output<typeof sessionList>['items'][number] => ({
  id,
  device,
  createdAt: moment(createdAt),
  lastUsedAt: moment(lastUsedAt),
  expiresAt: moment(expiresAt),
  current: id === currentId,
});

export const presentApiKey = (key: ApiKeyRecord): z.output<typeof apiKey> => ({
  id: key._id,
  name: key.name,
  scopes: [...key.scopes],
  prefix: key.prefix,
  createdAt: moment(key.createdAt),
  expiresAt: moment(key.expiresAt),
  ...(key.lastUsedAt !== undefined && { lastUsedAt: moment(key.lastUsedAt) }),
});
