import { z } from 'zod';
import { email, role, roles } from './accounts.ts';
import { id, moment, page, pageQuery } from './pages.ts';

export const personQuery = pageQuery.extend({
  /** Words of the name or the address. */
  q: z.string().max(200).optional(),
  role: role.optional(),
  disabled: z.stringbool().optional(),
});

/** Roles that a person can be given; nobody is made a guest. */
const givenRole = role.exclude(['guest']);

export const personChange = z
  .object({
    role: givenRole.optional(),
    disabled: z.boolean().optional(),
    /** Null: that of the role. */
    dailyTokenBudget: z.int().min(0).max(1_000_000_000).nullable().optional(),
  })
  .meta({ id: 'PersonChange' });

export const newInvitation = z.object({ email, role: givenRole.default('user') }).meta({ id: 'NewInvitation' });
export const invitation = z
  .object({ id, email: z.string(), role, createdAt: moment, expiresAt: moment })
  .meta({ id: 'Invitation' });
export const invitationPage = page(invitation).meta({ id: 'InvitationPage' });

const tokens = z.int().min(0).max(1_000_000_000);
/** What administrators change while everything runs. */
export const runtimeSettings = z
  .object({
    registration: z.enum(['open', 'invite', 'closed']),
    guests: z.boolean(),
    /** Empty: the one that the server's own settings name. */
    defaultModel: z.string().max(200),
    messagesPerMinute: z.int().min(1).max(100_000),
    runningAnswers: z.int().min(1).max(100_000),
    openSockets: z.int().min(1).max(100_000),
    /** Tokens a day, by role. */
    budgets: z.object(
      Object.fromEntries(roles.map((name) => [name, tokens])) as Record<(typeof roles)[number], typeof tokens>,
    ),
    /** Stories that a person may have written a day, and stories that are written at one time. */
    storiesPerDay: z.int().min(0).max(1_000),
    runningStories: z.int().min(0).max(10_000),
    /** A line that every page shows; empty: none. */
    banner: z.string().max(500),
  })
  .meta({ id: 'RuntimeSettings' });
export type RuntimeSettings = z.infer<typeof runtimeSettings>;
export const runtimeSettingsChange = runtimeSettings
  .extend({ budgets: runtimeSettings.shape.budgets.partial() })
  .partial()
  .meta({ id: 'RuntimeSettingsChange' });

const deadLetter = z
  .object({
    id,
    queue: z.string(),
    /** What it was about, without what is personal. */
    subject: z.record(z.string(), z.string()),
    attempts: z.int(),
    error: z.string(),
    failedAt: moment,
  })
  .meta({ id: 'DeadLetter' });
export const deadLetterList = z.object({ items: z.array(deadLetter) }).meta({ id: 'DeadLetterList' });
