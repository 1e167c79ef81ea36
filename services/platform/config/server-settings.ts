import { logLevels } from '#platform/telemetry/logger.ts';

import type { Setting } from './setting.ts';

/** Where a process listens, what it keeps things in, the models, and how answers are made. */
export const serverSettings = [
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
] as const satisfies readonly Setting[];

export const operationSettings = [
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
