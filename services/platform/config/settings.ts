import { logLevels } from '#platform/telemetry/logger.ts';

export interface Setting {
  readonly name: string;
  readonly group: string;
  /** As it would be written; absent where unset means something of its own, which the description then says. */
  readonly default?: string;
  readonly description: string;
  /** What is written for it in `.env.example` where it has no default. */
  readonly example?: string;
  /** Never printed. */
  readonly secret?: true;
}

/** Every setting. A `*` at the end of a description: an administrator can change it while everything runs. `.env.example` and docs/settings.md are made from this list, and `loadConfig` takes the defaults from it. */
export const settings = [
  {
    name: 'HOST',
    group: 'Network',
    default: '127.0.0.1',
    description: 'The address that both ports listen on. `0.0.0.0` listens on all, as a container needs it.',
  },
  { name: 'PORT', group: 'Network', default: '3000', description: 'The port of the web app and the API.' },
  {
    name: 'OPS_PORT',
    group: 'Network',
    default: '9464',
    description: 'The port of `/livez`, `/readyz` and `/metrics`. Do not expose it.',
  },
  {
    name: 'PUBLIC_URL',
    group: 'Network',
    description: 'What people type into their browser. `http://localhost:` and the port where unset.',
    example: 'https://chat.example.org',
  },
  {
    name: 'CORS_ORIGINS',
    group: 'Network',
    description:
      'Origins of other hosts whose pages may call the API, separated by commas, each exact. None where unset.',
    example: 'https://www.example.org,https://intranet.example.org',
  },
  {
    name: 'TRUSTED_PROXIES',
    group: 'Network',
    description:
      'Networks whose `X-Forwarded-For` is believed, separated by commas: addresses, CIDRs, or `loopback`, `linklocal`, `uniquelocal`. None where unset.',
    example: '10.0.0.0/8',
  },
  {
    name: 'DATA_DIR',
    group: 'Storage',
    default: './data',
    description: 'The folder for everything that is kept, where there is no MongoDB.',
  },
  {
    name: 'MONGODB_URI',
    group: 'Storage',
    description: 'MongoDB, set together with `REDIS_URL`. Both unset: everything is kept in `DATA_DIR`.',
    example: 'mongodb://localhost:27017/lamplight',
    secret: true,
  },
  {
    name: 'REDIS_URL',
    group: 'Storage',
    description: 'Redis, set together with `MONGODB_URI`. It needs `maxmemory-policy noeviction`.',
    example: 'redis://localhost:6379',
    secret: true,
  },
  {
    name: 'OPENAI_API_KEY',
    group: 'Models',
    description: 'The key of the model provider. Without a key, base URL or models file a demo model answers.',
    example: 'your-key',
    secret: true,
  },
  {
    name: 'OPENAI_BASE_URL',
    group: 'Models',
    description:
      'Another server that speaks the OpenAI API, local ones too (they may need no key). OpenAI itself where unset.',
    example: 'http://localhost:11434/v1',
  },
  {
    name: 'OPENAI_MODEL',
    group: 'Models',
    default: 'gpt-5.4-mini',
    description: "The model that answers, by the provider's name for it.",
  },
  {
    name: 'OPENAI_CONTEXT_TOKENS',
    group: 'Models',
    default: '128000',
    description: 'How many tokens that model takes in, its answer included.',
  },
  {
    name: 'OPENAI_INPUT_PRICE',
    group: 'Models',
    description:
      'What a million tokens that this model reads cost, in the currency of your bill; 0 where it costs nothing. Needed with a key or base URL.',
    example: '0.40',
  },
  {
    name: 'OPENAI_OUTPUT_PRICE',
    group: 'Models',
    description: 'What a million tokens that this model writes cost. Needed with a key or base URL.',
    example: '1.60',
  },
  {
    name: 'MODELS_FILE',
    group: 'Models',
    description: 'A YAML file of several providers and models, in place of the `OPENAI_` settings; see below.',
    example: './models.yaml',
  },
  {
    name: 'MODEL_FIRST_TOKEN_TIMEOUT_SECONDS',
    group: 'Models',
    default: '60',
    description: 'How long a model may take to its first token before the call is tried again.',
  },
  {
    name: 'MODEL_BETWEEN_TOKENS_TIMEOUT_SECONDS',
    group: 'Models',
    default: '30',
    description: 'How long a model may fall silent before its answer is ended as failed.',
  },
  {
    name: 'MODEL_ATTEMPTS',
    group: 'Models',
    default: '3',
    description: 'Calls to a model in all, before its first token, until its fallback is asked.',
  },
  {
    name: 'SYSTEM_TEXT',
    group: 'Answers',
    default:
      'You are a helpful assistant. Answer in the language of the person. Write Markdown where it helps the reader.',
    description: 'What a model is told before each conversation.',
  },
  {
    name: 'CONTEXT_MESSAGES',
    group: 'Answers',
    default: '10',
    description: 'How many of the last messages a model sees at most.',
  },
  {
    name: 'WORKER_CONCURRENCY',
    group: 'Answers',
    default: '500',
    description: 'Answers that one worker makes at a time. Most of that time is waiting for the model.',
  },
  {
    name: 'MAX_RUN_SECONDS',
    group: 'Answers',
    default: '900',
    description: 'How long one answer may take before it is ended.',
  },
  {
    name: 'MAX_OUTPUT_CHARACTERS',
    group: 'Answers',
    default: '400000',
    description: 'How long one answer may get before it is ended.',
  },
  {
    name: 'MAX_REPLY_TOKENS',
    group: 'Answers',
    default: '8192',
    description: 'The longest answer that is asked of a model, in tokens; what is held of a budget while it is made.',
  },
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
      'The server that sends mail, with its name and password. Unset: each mail is a file in the folder `outbox` of `DATA_DIR`.',
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
    default: '60',
    description: 'Guest sessions that one address may begin a minute.',
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
  {
    name: 'LOG_LEVEL',
    group: 'Operation',
    default: 'info',
    description: `The least important log lines that are written: ${logLevels.map((level) => `\`${level}\``).join(', ')}.`,
  },
  {
    name: 'LOG_FILE',
    group: 'Operation',
    description:
      'A file that gets the log lines beside stdout. At 100 MB it becomes `<file>.1`, in place of the one before.',
    example: './lamplight.log',
  },
  {
    name: 'SHUTDOWN_GRACE_SECONDS',
    group: 'Operation',
    default: '25',
    description: 'How long a process that must stop lets answers under way go on before it hands them back.',
  },
] as const satisfies readonly Setting[];

export type SettingName = (typeof settings)[number]['name'];

export const settingNamed = (name: SettingName): Setting => {
  const found = settings.find((setting) => setting.name === name);
  if (!found) throw new Error(`There is no setting ${name}.`);
  return found;
};

/** The settings as rows of a Markdown table, for docs/settings.md. */
export function settingsTable(): string {
  const rows = (settings as readonly Setting[]).map(
    ({ name, default: value, description }) =>
      `| \`${name}\` | ${value === undefined ? '' : `\`${value}\``} | ${description} |`,
  );
  return ['| setting | default | what it does |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The text of `.env.example`: every setting, commented out, as it is when nothing is written. */
export function envExample(): string {
  const lines = [
    '# The settings of Lamplight. Copy this file to .env and change what you need; all of it is optional.',
    '# The environment of the process wins over .env. Each setting may be given as NAME_FILE as well: a file that holds it.',
  ];
  let group = '';
  for (const setting of settings as readonly Setting[]) {
    if (setting.group !== group) lines.push('', `## ${setting.group}`);
    group = setting.group;
    const value = setting.default ?? setting.example ?? '';
    lines.push('', `# ${setting.description}`, `#${setting.name}=${/\s/.test(value) ? JSON.stringify(value) : value}`);
  }
  return `${lines.join('\n')}\n`;
}
