import { z } from 'zod';
import { id, moment, page } from './pages.ts';

/** From the least to the most: each may do what those before it may. */
export const roles = ['guest', 'user', 'manager', 'admin'] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

/** What a credential may be used for; a session may be used for all of it, an API key for what it was made for. */
export const keyScopes = ['chat', 'read', 'admin'] as const;
/** `account`: one's own credentials and existence, which no API key may touch. */
export type Scope = (typeof keyScopes)[number] | 'account';

const name = z
  .string()
  .overwrite((text) => text.toWellFormed())
  .trim()
  .min(1)
  .max(60);

/** RFC 5322's atoms, with what is beyond ASCII (RFC 6531): nothing that could hold a second address or a header of a mail. */
const aroundOneAt = /^[^\s@<>"(),:;\\[\]]+@[^\s@<>"(),:;\\[\]]+$/;
export const isEmail = (text: string): boolean => aroundOneAt.test(text) && !/[\p{Cc}\p{Cs}]/u.test(text);

/** Compared in lower case; that something stands around one @ is all that can be told without sending a mail. */
export const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .regex(aroundOneAt, 'This is not an e-mail address.')
  .refine(isEmail, 'This is not an e-mail address.');

/** The length is NIST SP 800-63B-4's (section 3.1.1.2), in Unicode code points; common passwords are refused when it is set. */
export const minPasswordCharacters = 12;
const maxPasswordCharacters = 256;
export const newPassword = z
  .string()
  .refine((text) => [...text.slice(0, 2 * maxPasswordCharacters + 1)].length >= minPasswordCharacters, {
    message: `A password has at least ${minPasswordCharacters} characters.`,
  })
  .refine((text) => text.length <= 2 * maxPasswordCharacters && [...text].length <= maxPasswordCharacters, {
    message: `A password has at most ${maxPasswordCharacters} characters.`,
  })
  .meta({ minLength: minPasswordCharacters, maxLength: maxPasswordCharacters });
/** One that is only compared: whatever was set before stays usable. */
const password = z.string().min(1).max(1024);

/** Languages that people are written to in. */
export const languages = ['en', 'de', 'es', 'ar'] as const;
export type Language = (typeof languages)[number];
const language = z.enum(languages);

/** An IANA name such as `Europe/Berlin`: the day of a budget begins at its midnight. */
export const timeZone = z
  .string()
  .max(64)
  .refine((zone) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: zone }).format() !== '';
    } catch {
      return false;
    }
  }, 'This is not a time zone. Write an IANA name such as Europe/Berlin.');

/** Where the refresh token goes: into the cookie of a browser, or into the reply, for programs. */
const refreshIn = z.enum(['cookie', 'body']).default('cookie');

export const guestRequest = z
  .object({ name, timeZone: timeZone.optional(), language: language.optional(), refresh: refreshIn })
  .meta({ id: 'GuestRequest' });

/** The password form of OAuth 2 (RFC 6749, section 4.3.2), or the same as JSON. `username` is the e-mail address. */
export const tokenRequest = z
  .object({
    grant_type: z.literal('password').optional(),
    username: z.string().min(1).max(254),
    password,
    refresh: refreshIn,
  })
  .meta({ id: 'TokenRequest' });

/** Without a token, the cookie is used. */
export const refreshRequest = z
  .object({ refresh_token: z.string().max(500).optional() })
  .meta({ id: 'RefreshRequest' });

/** What gives a token answers as OAuth 2 has it (RFC 6749, section 5.1). */
export const tokenResponse = z
  .object({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().positive(),
    /** Only where the client asked for it in the body. */
    refresh_token: z.string().optional(),
  })
  .meta({ id: 'Token' });

/** A one-use key that opens a WebSocket: `GET /ws?ticket=`. */
export const ticketResponse = z.object({ ticket: z.string(), expiresIn: z.int().positive() }).meta({ id: 'Ticket' });

/** What a page needs to know before anybody is signed in. */
export const signInOptions = z
  .object({
    registration: z.enum(['open', 'invite', 'closed']),
    guests: z.boolean(),
    /** Sign-in through another provider: what its button says. */
    openId: z.object({ name: z.string() }).optional(),
    banner: z.string().optional(),
  })
  .meta({ id: 'SignInOptions' });

export const registerRequest = z
  .object({ email, name, password: newPassword, timeZone: timeZone.optional(), language: language.optional() })
  .meta({ id: 'RegisterRequest' });

/** The secret of a link that came by mail. */
const linkToken = z.string().min(1).max(500);
/** The password is that of the registration: whoever reads the mail of somebody else's registration did not choose it. */
export const verifyRequest = z.object({ token: linkToken, password, refresh: refreshIn }).meta({ id: 'VerifyRequest' });
export const forgotRequest = z.object({ email }).meta({ id: 'ForgotRequest' });
export const resetRequest = z
  .object({ token: linkToken, password: newPassword, refresh: refreshIn })
  .meta({ id: 'ResetRequest' });
export const invitationAnswer = z
  .object({
    token: linkToken,
    name,
    password: newPassword,
    timeZone: timeZone.optional(),
    language: language.optional(),
    refresh: refreshIn,
  })
  .meta({ id: 'InvitationAnswer' });
export const passwordChange = z.object({ current: password, password: newPassword }).meta({ id: 'PasswordChange' });

export const me = z
  .object({
    id,
    name: z.string(),
    role,
    email: z.string().optional(),
    timeZone: z.string(),
    /** Of mails. */
    language,
    /** Whether stories come by mail. */
    storyMails: z.boolean(),
    /** Absent where the account signs in elsewhere, and for guests. */
    hasPassword: z.boolean(),
    createdAt: moment,
    /** When this credential ends unless it is used. */
    expiresAt: moment,
  })
  .meta({ id: 'Me', description: 'Who the credential speaks for.' });
export const meChange = z
  .object({
    name: name.optional(),
    timeZone: timeZone.optional(),
    language: language.optional(),
    storyMails: z.boolean().optional(),
  })
  .meta({ id: 'MeChange' });
/** Whoever has a password shows that it is them. */
export const meDeletion = z.object({ password: password.optional() }).meta({ id: 'MeDeletion' });

export const session = z
  .object({
    id,
    /** The browser or program and its system, in words. */
    device: z.string(),
    createdAt: moment,
    lastUsedAt: moment,
    expiresAt: moment,
    /** The one that asks. */
    current: z.boolean(),
  })
  .meta({ id: 'Session' });
export const sessionList = z.object({ items: z.array(session) }).meta({ id: 'SessionList' });

export const apiKey = z
  .object({
    id,
    name: z.string(),
    scopes: z.array(z.enum(keyScopes)),
    /** How the key begins, to tell it from others. */
    prefix: z.string(),
    createdAt: moment,
    expiresAt: moment,
    lastUsedAt: moment.optional(),
  })
  .meta({ id: 'ApiKey' });
export const apiKeyList = z.object({ items: z.array(apiKey) }).meta({ id: 'ApiKeyList' });
export const newApiKey = z
  .object({
    name,
    scopes: z.array(z.enum(keyScopes)).min(1).max(keyScopes.length),
    expiresInDays: z.int().min(1).max(365).default(90),
  })
  .meta({ id: 'NewApiKey' });
/** `key` is shown here and never again. */
export const createdApiKey = apiKey.extend({ key: z.string() }).meta({ id: 'CreatedApiKey' });

/** A person as administrators see one. */
export const person = z
  .object({
    id,
    name: z.string(),
    email: z.string().optional(),
    role,
    disabled: z.boolean(),
    timeZone: z.string(),
    createdAt: moment,
    lastSeenAt: moment.optional(),
    /** Tokens a day; absent: that of the role. */
    dailyTokenBudget: z.int().optional(),
  })
  .meta({ id: 'Person' });
export const personPage = page(person).meta({ id: 'PersonPage' });
