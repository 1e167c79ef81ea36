import { parseArgs } from 'node:util';

export const usage = `smoke URL [options]: acts as one person on a Lamplight that runs, and says whether all of it works.

It asks for /health, opens the page and its script, looks for security headers and for what must not be reachable, starts a
guest session, sends a message over SSE and one over WebSocket, compares what streamed with what is stored, and deletes
what it made.

  --api URL       where the API is, when it has a host of its own
  --ca FILE       certificates (PEM) to trust beside the usual ones, such as a private authority's; or NODE_EXTRA_CA_CERTS
  --message TEXT  what to say ("Say hello in one short sentence.")
  --model ID      the model to ask; the default one where absent
  --seconds N     how long each check may take (60)
  --wait N        how many seconds to wait until /health answers for the first time (0)
  --json          prints the report as JSON

Exit codes: 0 all checks passed, 1 some did not, 2 wrong options.`;

/** What the caller wrote is wrong; the message says what to write. */
export class UsageError extends Error {}

export interface SmokeOptions {
  /** Without a slash at the end, as `api`. */
  readonly url: string;
  readonly api: string;
  readonly message: string;
  readonly model: string | undefined;
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
export function readOptions(args: readonly string[]): CommandLine | undefined {
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
