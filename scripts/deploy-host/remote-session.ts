import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type HostOptions, unitsOf } from './options.ts';

/** The host said no, or could not be reached; the message says what to do. */
export class HostError extends Error {}

/** What the host says of itself. */
export interface HostFacts {
  readonly platform: string;
  /** KiB free where releases go. */
  readonly free: number;
  readonly current: string;
  readonly previous: string;
  readonly releases: readonly string[];
}

export interface RemoteSession {
  readonly facts: HostFacts;
  /** Runs `deploy ID` or `switch ID` to its end; whether it succeeded. */
  run(command: string): Promise<boolean>;
  close(): Promise<void>;
}

const sshDefaults = ['BatchMode=yes', 'ConnectTimeout=15', 'ServerAliveInterval=10', 'ServerAliveCountMax=3'];

/** ssh with its options, as words; never a password question, and a dead line is noticed within half a minute. */
export const sshCommand = ({ sshArgs }: HostOptions): readonly string[] => [
  'ssh',
  ...sshArgs,
  ...sshDefaults.flatMap((option) => ['-o', option]),
];

/** One word for the shell of the host. */
const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

function remoteCommand(options: HostOptions, mode: 'live' | 'look'): string {
  const { dir, serviceCommand, services, checks, keep } = options;
  const script = readFileSync(join(import.meta.dirname, 'remote.sh'), 'utf8');
  // Standalone migrates when it starts, while it holds its data folder; a process beside it could not.
  const migration = services.includes('standalone') ? 'no' : 'yes';
  const words = [dir, serviceCommand, unitsOf(services).join(' '), migration, checks.join(' '), String(keep), mode];
  return ['exec', 'sh', '-c', script, 'deploy-host', ...words]
    .map((word, index) => (index < 3 ? word : quoted(word)))
    .join(' ');
}

/**
 * Opens the session that holds the lock on the host (`look`: only looks, and holds nothing). What the host says to a person
 * goes to `print`. Throws `HostError`.
 */
export async function openSession(
  options: HostOptions,
  mode: 'live' | 'look',
  print: (line: string) => void,
): Promise<RemoteSession> {
  const [ssh = 'ssh', ...args] = sshCommand(options);
  const child = spawn(ssh, [...args, '--', options.host, remoteCommand(options, mode)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const stderr = collect(child);
  child.stdin.on('error', () => undefined); // the end of the connection is told by the lines that end
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const facts = new Map<string, string[]>();

  /** Reads until one of the words in `until`, and returns what follows it. */
  const read = async (until: string): Promise<string> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new HostError(`The connection to ${options.host} ended. ${stderr()}`.trim());
      const [, word, rest = ''] = /^@(\w+) ?(.*)$/.exec(value) ?? [];
      if (word === undefined) print(value);
      else if (word === 'error') throw new HostError(rest);
      else if (word === until) return rest;
      else facts.set(word, [...(facts.get(word) ?? []), rest]);
    }
  };
  try {
    await read('ready');
  } catch (error) {
    child.kill();
    throw error;
  }
  const heartbeat = setInterval(() => child.stdin.write('\n'), 15_000);
  const fact = (name: string): string => facts.get(name)?.[0] ?? '';
  return {
    facts: {
      platform: fact('platform'),
      free: Number(fact('free')),
      current: fact('current'),
      previous: fact('previous'),
      releases: facts.get('release') ?? [],
    },
    run: async (command) => {
      child.stdin.write(`${command}\n`);
      return (await read('done')) === '0';
    },
    close: async () => {
      clearInterval(heartbeat);
      const ended = child.exitCode !== null || child.signalCode !== null ? undefined : once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

function collect(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-2000);
  });
  child.on('error', (error) => {
    text += String(error);
  });
  return () => text.trim();
}
