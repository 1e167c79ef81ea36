import { accessSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { kinds, longestSeconds, optionNames, options, readSettings, steady, variableOf } from '../settings.js';

/** What the caller has to put right: said without a stack. */
export class UsageError extends Error {}

export interface LoadCommand {
  readonly kind: string;
  /** What k6 gets with -e. */
  readonly environment: Readonly<Record<string, string>>;
  readonly untilSignal: boolean;
  /** A file of certificates to trust, in place of the system's. */
  readonly ca: string | undefined;
  readonly insecure: boolean;
  /** Where summary.json, junit.xml, progress.jsonl and k6.log go. */
  readonly out: string;
  /** Seconds between two lines of progress; 0 for none. */
  readonly progressSeconds: number;
}

const flags = [
  ['--scripted', 'the model is the project’s test model: tell it what to answer, and check every character'],
  ['--until-signal', 'smoke, soak: go on until SIGINT or SIGTERM instead of --duration'],
  ['--ca FILE', 'trust the certificates in this file, in place of the system’s (Linux and other Unix)'],
  ['--insecure', 'do not check certificates'],
  ['--resolve HOST=IP', 'where a host is, asked of no server; may be given several times'],
  ['--out DIR', 'where the results go; else load-results/TEST'],
  ['--progress SECONDS', 'a line of counts so often; 0 for none; else 30'],
] as const;

/** Undefined where help is asked for; throws `UsageError` with every mistake. */
export function readCommand(args: readonly string[]): LoadCommand | undefined {
  const { values, positionals }: Parsed = parse(args);
  if (values['help']) return undefined;
  const [kind, ...more] = positionals;
  if (kind === undefined || more.length > 0)
    throw new UsageError(`Name one test: ${Object.keys(kinds).join(', ')}. --help tells more.`);
  const untilSignal = values['until-signal'] === true;
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  if (untilSignal && text('duration') !== undefined)
    throw new UsageError('--until-signal and --duration exclude each other.');
  if (untilSignal && kinds[kind] && kinds[kind].curve !== steady)
    throw new UsageError('--until-signal is for smoke and soak: the load of the others changes over their duration.');
  const given: Record<string, string> = {};
  for (const name of optionNames) {
    const value = name === 'duration' && untilSignal ? `${longestSeconds}s` : text(name);
    if (value !== undefined) given[name] = value;
  }
  if (values['scripted']) given['scripted'] = 'true';
  const hosts = readHosts(values['resolve']);
  try {
    readSettings(kind, given);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  return {
    kind,
    environment: {
      ...Object.fromEntries(Object.entries(given).map(([name, value]) => [variableOf(name), value])),
      ...(hosts && { LOAD_HOSTS: hosts }),
    },
    untilSignal,
    ca: readCa(text('ca')),
    insecure: values['insecure'] === true,
    out: resolve(text('out') ?? `load-results/${kind}`),
    progressSeconds: readProgress(text('progress') ?? '30'),
  };
}

interface Parsed {
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly positionals: readonly string[];
}

function parse(args: readonly string[]): Parsed {
  const string = { type: 'string' } as const;
  const boolean = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...Object.fromEntries(optionNames.map((name) => [name, string])),
        scripted: boolean,
        'until-signal': boolean,
        ca: string,
        insecure: boolean,
        resolve: { type: 'string', multiple: true },
        out: string,
        progress: string,
        help: boolean,
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readCa(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    accessSync(file);
    return resolve(file);
  } catch {
    throw new UsageError(`--ca: there is no readable file ${file}.`);
  }
}

/** What k6 calls `hosts`, as JSON. */
function readHosts(given: string | boolean | readonly string[] | undefined): string | undefined {
  if (!Array.isArray(given)) return undefined;
  const pairs = given.map((text: string) => {
    const [host, address, ...more] = text.split('=');
    if (!host || !address || more.length > 0 || isIP(address) === 0)
      throw new UsageError(`--resolve is HOST=IP, such as chat.example.org=10.0.0.7; it is ${JSON.stringify(text)}.`);
    return [host, address];
  });
  return JSON.stringify(Object.fromEntries(pairs));
}

function readProgress(text: string): number {
  const seconds = Number(text);
  if (text.trim() === '' || !(seconds >= 0 && seconds <= 3600))
    throw new UsageError('--progress is a number of seconds from 0 to 3600.');
  return seconds;
}

export function usage(): string {
  const line = (left: string, says: string) => `  ${left.padEnd(22)}${says}\n`;
  const tests = Object.entries(kinds).map(([name, { says }]) => line(name, says));
  const valued = optionNames.map((name) => {
    const { takes, says, initial } = options[name];
    return line(`--${name} ${takes}`, `${says} (${initial})`);
  });
  return [
    'npm run load -- TEST [OPTION…]\n\nPeople who chat: each comes as a guest, asks, reads the answer to its end, and compares it with what is stored.\n\n',
    'Tests:\n',
    ...tests,
    '\nOptions, with what holds where neither you nor the test says otherwise:\n',
    ...valued,
    ...flags.map(([left, says]) => line(left, says)),
    '\nExit code: 0 all checks passed, 1 some failed, 2 the command is wrong.\n',
  ].join('');
}
