import { z } from 'zod';
import { keyScopes, languages, role } from '#contract/accounts.ts';
import type { Collection, CollectionSpec, Store } from '#platform/store/store.ts';

const person = z.object({
  _id: z.string(),
  name: z.string(),
  role,
  /** In lower case; absent for guests. */
  email: z.string().optional(),
  /** A PHC string of argon2id; absent where the person signs in elsewhere, and for guests. */
  passwordHash: z.string().optional(),
  /** Who the person is at the OpenID provider: its issuer and subject, as one text. */
  openIdSubject: z.string().optional(),
  timeZone: z.string(),
  /** Of mails; English where absent. */
  language: z.enum(languages).optional(),
  /** False: no stories by mail. */
  storyMails: z.boolean().optional(),
  /** Tokens a day, in place of those of the role. */
  dailyTokenBudget: z.number().optional(),
  disabled: z.boolean(),
  /** A tombstone: nobody signs in as them, and the sweep removes all of theirs, then this. */
  deleted: z.boolean(),
  createdAt: z.number(),
  lastSeenAt: z.number(),
});
export type PersonRecord = z.infer<typeof person>;

const session = z.object({
  _id: z.string(),
  personId: z.string(),
  /** Of a guest: it lives shorter. */
  guest: z.boolean(),
  /** SHA-256 of the refresh token that is good now, so that a read store gives nobody a session. */
  refreshHash: z.string(),
  /** Goes up with each refresh; part of the token, so that an old one is known as such. */
  generation: z.number(),
  /** The refreshes of the last seconds: their old tokens still get the present one. */
  rotations: z.array(z.object({ generation: z.number(), at: z.number() })),
  device: z.string(),
  createdAt: z.number(),
  lastUsedAt: z.number(),
  expiresAt: z.number(),
});
export type SessionRecord = z.infer<typeof session>;

const ticket = z.object({
  /** SHA-256 of the ticket. */
  _id: z.string(),
  /** Of the session or API key that asked for it. */
  sessionId: z.string(),
  expiresAt: z.number(),
});
export type TicketRecord = z.infer<typeof ticket>;

const apiKey = z.object({
  _id: z.string(),
  personId: z.string(),
  /** From 0 up: no two keys of a person have the same, so that parallel requests make no more than allowed. */
  slot: z.number(),
  name: z.string(),
  scopes: z.array(z.enum(keyScopes)),
  /** SHA-256 of the whole key: 256 random bits need no slow hash. */
  hash: z.string(),
  prefix: z.string(),
  createdAt: z.number(),
  expiresAt: z.number(),
  lastUsedAt: z.number().optional(),
});
export type ApiKeyRecord = z.infer<typeof apiKey>;

/** What a link in a mail is for. Its secret is made from its id, so that neither the store nor a queue holds it. */
const link = z.object({
  _id: z.string(),
  kind: z.enum(['verify', 'reset', 'invite']),
  email: z.string(),
  /** Of a registration that waits to be confirmed. */
  registration: z
    .object({
      name: z.string(),
      passwordHash: z.string(),
      timeZone: z.string().optional(),
      language: z.enum(languages).optional(),
      /** The guest who asked, and keeps the conversations. */
      guestId: z.string().optional(),
    })
    .optional(),
  /** Of a reset. */
  personId: z.string().optional(),
  /** Of an invitation: what it makes, and by whom it was made. */
  role: role.optional(),
  invitedBy: z.string().optional(),
  /** Whether its mail was sent; where it was not, the sweep sees to it. */
  mailed: z.boolean(),
  createdAt: z.number(),
  expiresAt: z.number(),
});
export type LinkRecord = z.infer<typeof link>;

/** Who may administer, in one document, so that the last of them cannot go: `ids` of people who are administrators and not disabled. */
const administrators = z.object({ _id: z.string(), ids: z.record(z.string(), z.literal(true)), count: z.number() });
export type AdministratorsRecord = z.infer<typeof administrators>;
export const administratorsId = 'administrators';

/** In the order in which a backup reads them. */
export const accountCollections = {
  people: {
    name: 'people',
    version: 1,
    schema: person,
    indexes: [
      { fields: ['email'], unique: true },
      { fields: ['openIdSubject'], unique: true },
      { fields: ['deleted', 'createdAt'] },
      { fields: ['deleted', 'role', 'createdAt'] },
      { fields: ['deleted', 'role', 'disabled', 'createdAt'] },
      { fields: ['deleted', 'role', 'lastSeenAt'] },
    ],
    text: ['name', 'email'],
  } satisfies CollectionSpec<PersonRecord>,
  administrators: {
    name: 'administrators',
    version: 1,
    schema: administrators,
    indexes: [],
  } satisfies CollectionSpec<AdministratorsRecord>,
  sessions: {
    name: 'sessions',
    version: 1,
    schema: session,
    indexes: [{ fields: ['expiresAt'] }, { fields: ['personId', 'lastUsedAt'] }],
  } satisfies CollectionSpec<SessionRecord>,
  tickets: {
    name: 'tickets',
    version: 1,
    schema: ticket,
    indexes: [{ fields: ['expiresAt'] }],
  } satisfies CollectionSpec<TicketRecord>,
  apiKeys: {
    name: 'api_keys',
    version: 1,
    schema: apiKey,
    indexes: [
      { fields: ['hash'], unique: true },
      { fields: ['personId', 'slot'], unique: true },
      { fields: ['personId', 'createdAt'] },
      { fields: ['expiresAt'] },
    ],
  } satisfies CollectionSpec<ApiKeyRecord>,
  links: {
    name: 'links',
    version: 1,
    schema: link,
    indexes: [
      { fields: ['expiresAt'] },
      { fields: ['kind', 'createdAt'] },
      { fields: ['email', 'kind'] },
      { fields: ['registration.guestId'] },
      { fields: ['mailed', 'createdAt'] },
    ],
  } satisfies CollectionSpec<LinkRecord>,
} as const;

export interface AccountRecords {
  readonly people: Collection<PersonRecord>;
  readonly administrators: Collection<AdministratorsRecord>;
  readonly sessions: Collection<SessionRecord>;
  readonly tickets: Collection<TicketRecord>;
  readonly apiKeys: Collection<ApiKeyRecord>;
  readonly links: Collection<LinkRecord>;
}

export const openAccountRecords = (store: Store): AccountRecords => ({
  people: store.collection<PersonRecord>(accountCollections.people),
  administrators: store.collection<AdministratorsRecord>(accountCollections.administrators),
  sessions: store.collection<SessionRecord>(accountCollections.sessions),
  tickets: store.collection<TicketRecord>(accountCollections.tickets),
  apiKeys: store.collection<ApiKeyRecord>(accountCollections.apiKeys),
  links: store.collection<LinkRecord>(accountCollections.links),
});
