import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

export const usage = `smoke URL [options]: acts as one person on a Lamplight that runs, and says whether all of it works.

It asks for /health, opens the page and its script, looks for security headers and for what must not be reachable, comes as a
guest or signs in, renews its token, sends a message over SSE and one over WebSocket, compares what streamed with what is stored,
deletes what it made and signs out.

  --api URL       where the API is, when it has a host of its own
  --ca FILE       certificates (PEM) to trust beside the usual ones, such as a private authority's; or NODE_EXTRA_CA_CERTS
  --message TEXT  what to say ("Say hello in one short sentence.")
  --model ID      the model to ask; the default one where absent
  --seconds N     how long each check may take (60)
  --wait N        how many seconds to wait until /health answers for the first time (0)
  --email ADDRESS the account to sign in with, where guests may not come in; or SMOKE_EMAIL
  --json          prints the report as JSON

The account's password is in SMOKE_PASSWORD, or in the file that SMOKE_PASSWORD_FILE names. Make one for this alone: it needs no role.

Exit codes: 0 all checks passed, 1 some did not, 2 wrong options.`;

/** What the caller wrote is wrong; the message says what to write. */
export class UsageError extends Error {}

export interface Account {
  readonly email: string;
  readonly password: string;
}

export interface SmokeOptions {
  /** Without a slash at the end, as `api`. */
  readonly url: string;
  readonly api: string;
  readonly message: string;
  readonly model: string | undefined;
  /** Comes as a guest where absent. */
  readonly account: Account | undefined;
  readonly seconds: number;
  readonly wait: number;
}

interface CommandLine extends SmokeOptions {
  readonly ca: string | undefined;
  readonly json: boolean;
}

export const defaultMessage = 'Say hello in one short sentence.';

const text = { type: 'string' } as const;

/** Undefined where only help was asked for. */
export function readOptions(args: readonly string[], environment: NodeJS.ProcessEnv): CommandLine | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const [given, ...more] = positionals;
  if (given === undefined || more.length > 0) {
    throw new UsageError('Name one address: npm run smoke -- https://chat.example.org (--help says more).');
  }
  const url = readAddress('URL', given);
  return {
    url,
    api: values.api === undefined ? url : readAddress('--api', values.api),
    message: values.message,
    model: values.model,
    account: readAccount(environment, values.email),
    seconds: readSeconds('--seconds', values.seconds, 1),
    wait: readSeconds('--wait', values.wait, 0),
    ca: values.ca,
    json: values.json,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        api: text,
        ca: text,
        message: { ...text, default: defaultMessage },
        model: text,
        email: text,
        seconds: { ...text, default: '60' },
        wait: { ...text, default: '0' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The address without what follows its host; both services and page are found from the root. */
export function readAddress(name: string, value: string): string {
  const url = URL.parse(value);
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.username) {
    throw new UsageError(
      `${name} must be an address such as https://chat.example.org, without a path; it is "${value}".`,
    );
  }
  return url.origin;
}

export function readSeconds(name: string, value: string, least: number): number {
  const seconds = Number(value);
  if (value.trim() === '' || !Number.isInteger(seconds) || seconds < least || seconds > 86_400) {
    throw new UsageError(`${name} must be a whole number of seconds, ${least} or more; it is "${value}".`);
  }
  return seconds;
}

/** The account that the environment names; undefined where it names none. Passwords are no options: others see those. */
export function readAccount(environment: NodeJS.ProcessEnv, address?: string): Account | undefined {
  const email = address ?? environment['SMOKE_EMAIL']?.trim();
  const file = environment['SMOKE_PASSWORD_FILE'];
  const password = environment['SMOKE_PASSWORD'] || (file ? contentOf(file) : undefined);
  if (!email && !password) return undefined;
  if (!email) throw new UsageError('SMOKE_PASSWORD is set: say whose it is by --email or SMOKE_EMAIL.');
  if (!password)
    throw new UsageError(`The password of ${email} is missing: set SMOKE_PASSWORD or SMOKE_PASSWORD_FILE.`);
  return { email, password };
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new UsageError(`SMOKE_PASSWORD_FILE cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
