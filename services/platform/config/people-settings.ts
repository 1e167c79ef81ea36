import type { Setting } from './setting.ts';

/** Who may use it, how they are written to, and how much they may use. */
export const peopleSettings = [
  {
    name: 'JWT_SECRET',
    group: 'Accounts',
    description:
      'Secrets of 32 characters or more that sign what people are given, separated by commas: the first signs, all are believed. The same for every process. One process alone makes its own and keeps it in `DATA_DIR`.',
    example: 'a-secret-of-at-least-32-characters',
    secret: true,
  },
  {
    name: 'ADMIN_EMAIL',
    group: 'Accounts',
    description:
      'The address of the administrator that the first start creates. `admin@` and the host of `PUBLIC_URL` where unset.',
    example: 'admin@example.org',
  },
  {
    name: 'ADMIN_PASSWORD',
    group: 'Accounts',
    description: "That administrator's password. Where unset, one is made and printed once.",
    example: 'a-password-of-12-characters-or-more',
    secret: true,
  },
  {
    name: 'REGISTRATION',
    group: 'Accounts',
    default: 'open',
    description: 'Who may make an account: anybody (`open`), the invited (`invite`), nobody (`closed`). *',
  },
  {
    name: 'GUESTS',
    group: 'Accounts',
    default: 'on',
    description: 'Whether people may chat without an account: `on` or `off`. *',
  },
  {
    name: 'SESSION_DAYS',
    group: 'Accounts',
    default: '30',
    description: 'How long somebody who signed in stays so after the last use.',
  },
  {
    name: 'GUEST_SESSION_MINUTES',
    group: 'Accounts',
    default: '60',
    description: "How long a guest's session lives after its last use.",
  },
  {
    name: 'OIDC_ISSUER',
    group: 'Accounts',
    description: 'An OpenID provider that people can sign in through; set together with `OIDC_CLIENT_ID`.',
    example: 'https://login.example.org',
  },
  {
    name: 'OIDC_CLIENT_ID',
    group: 'Accounts',
    description:
      'What that provider calls Lamplight. Its redirect URI is `PUBLIC_URL` (or the API host) and `/api/auth/oidc/callback`.',
    example: 'lamplight',
  },
  {
    name: 'OIDC_CLIENT_SECRET',
    group: 'Accounts',
    description: 'The secret that it gave, where it gave one.',
    example: 'your-secret',
    secret: true,
  },
  {
    name: 'OIDC_NAME',
    group: 'Accounts',
    default: 'single sign-on',
    description: 'What the button says after "Continue with".',
  },
  {
    name: 'OIDC_SCOPES',
    group: 'Accounts',
    default: 'openid email profile',
    description: 'What is asked of the provider.',
  },
  {
    name: 'OIDC_ROLE_CLAIM',
    group: 'Accounts',
    description:
      'The claim that tells roles, a dotted path. Without it, whoever signs in is a user, and roles are given here.',
    example: 'groups',
  },
  {
    name: 'OIDC_ROLES',
    group: 'Accounts',
    description: 'Which value of that claim makes which role, the highest counts; nobody without one gets in.',
    example: 'it-admins=admin,team-leads=manager,staff=user',
  },
  {
    name: 'SMTP_URL',
    group: 'Mail',
    description:
      'The server that sends mail, with its name and password. Unset: each mail is a file in the folder `outbox` of `DATA_DIR`, and separate services mail no stories.',
    example: 'smtps://lamplight:password@mail.example.org',
    secret: true,
  },
  {
    name: 'MAIL_FROM',
    group: 'Mail',
    description: 'Whom mails come from. `Lamplight <lamplight@…>` with the host of `PUBLIC_URL` where unset.',
    example: 'Lamplight <lamplight@example.org>',
  },
  {
    name: 'RATE_LIMIT_PER_MINUTE',
    group: 'Limits',
    default: '20',
    description: 'Messages a minute and person. *',
  },
  {
    name: 'DAILY_TOKEN_BUDGET',
    group: 'Limits',
    default: '100000',
    description: 'Tokens a day and person, in the time zone of the person. *',
  },
  {
    name: 'GUEST_DAILY_TOKEN_BUDGET',
    group: 'Limits',
    default: '50000',
    description: 'The same for a guest. *',
  },
  {
    name: 'RUNNING_ANSWERS_PER_PERSON',
    group: 'Limits',
    default: '5',
    description: 'Answers that one person may have under way. *',
  },
  {
    name: 'SOCKETS_PER_PERSON',
    group: 'Limits',
    default: '20',
    description: 'WebSockets and answer streams that one person may have open, each. *',
  },
  {
    name: 'GUESTS_PER_MINUTE',
    group: 'Limits',
    default: '20',
    description: 'Guest sessions that one address may begin a minute, and 20 times as many a day.',
  },
  {
    name: 'SIGN_IN_ATTEMPTS',
    group: 'Limits',
    default: '10',
    description:
      'Wrong passwords in 15 minutes, by account and address; five times as many by address or account alone.',
  },
  {
    name: 'MAX_SOCKETS',
    group: 'Limits',
    default: '20000',
    description: 'WebSockets that one process takes; the next is told to try again elsewhere.',
  },
  {
    name: 'MAX_REQUESTS',
    group: 'Limits',
    default: '5000',
    description: 'Requests and answer streams that one process has under way; the next gets 503 with `Retry-After`.',
  },
] as const satisfies readonly Setting[];
