import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A command of `aws` failed, or what it made was not ready in time; the message names the command. */
export class AwsError extends Error {}

type Json = { readonly [name: string]: unknown };
type Words = readonly string[];

/** The `aws` program in one region. */
export interface Aws {
  /** Runs what only reads; undefined where the answer is that there is no such thing. Throws `AwsError`. */
  look(...words: Words): Promise<Json | undefined>;
  /** Runs what changes something, after saying so; in a dry run only says so. */
  change(...words: Words): Promise<void>;
  /** Likewise, with parameters that no other program may see: they go by a file that is removed after. */
  changeSecretly(parameters: Json, ...words: Words): Promise<void>;
  /** Looks until `ready` says so of what there is; at once in a dry run. `failed` names a state that no waiting helps. */
  until(what: string, ready: () => Promise<'ready' | 'waiting' | `failed: ${string}`>): Promise<void>;
  /** How many changes were made, or would be. */
  readonly changes: () => number;
}

export interface AwsSettings {
  readonly region: string;
  readonly dryRun: boolean;
  readonly waitMs: number;
  readonly everyMs: number;
  readonly print: (line: string) => void;
  readonly run: RunAws;
}

/** Runs \`aws\` with these words; never rejects because a command failed. */
export type RunAws = (words: Words) => Promise<{ code: number; stdout: string; stderr: string }>;

/** How the services say that there is no such thing: ResourceNotFoundException, NoSuchEntity, CacheSubnetGroupNotFoundFault … */
const isMissing = (stderr: string): boolean =>
  /\((NoSuchEntity|\w*NotFound(Exception|Fault)?|\w+\.NotFound)\)/.test(stderr);

const shown = (words: Words): string =>
  ['aws', ...words].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ');

export function openAws({ region, dryRun, waitMs, everyMs, print, run: runAws }: AwsSettings): Aws {
  let changes = 0;
  const run = (words: Words) => runAws([...words, '--region', region, '--output', 'json']);
  const fail = (words: Words, stderr: string): never => {
    throw new AwsError(`${shown(words)}\nfailed: ${stderr.trim()}`);
  };
  const change = async (words: Words, hidden: Words = []) => {
    changes += 1;
    print(`${dryRun ? 'would run' : 'run'}: ${shown(words)}${hidden.length > 0 ? ' --cli-input-json (secret)' : ''}`);
    if (dryRun) return;
    const { code, stderr } = await run([...words, ...hidden]);
    if (code !== 0) fail(words, stderr);
  };
  return {
    changes: () => changes,
    look: async (...words) => {
      const { code, stdout, stderr } = await run(words);
      if (code === 0) return asJson(stdout.trim() === '' ? {} : JSON.parse(stdout));
      return isMissing(stderr) ? undefined : fail(words, stderr);
    },
    change: (...words) => change(words),
    changeSecretly: async (parameters, ...words) => {
      const folder = await mkdtemp(join(tmpdir(), 'lamplight-aws-'));
      try {
        const file = join(folder, 'parameters.json');
        if (!dryRun) await writeFile(file, JSON.stringify(parameters), { mode: 0o600 });
        await change(words, ['--cli-input-json', `file://${file}`]);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    until: async (what, ready) => {
      if (dryRun) return;
      const end = performance.now() + waitMs;
      for (let said = false; ; said = true) {
        const state = await ready();
        if (state === 'ready') return;
        if (state !== 'waiting') throw new AwsError(`${what} ${state}`);
        if (performance.now() > end) {
          throw new AwsError(
            `${what} was not ready within ${waitMs / 60_000} minutes. Run setup-aws again: it goes on.`,
          );
        }
        if (!said) print(`waiting for ${what} …`);
        await sleep(everyMs);
      }
    },
  };
}

const asJson = (value: unknown): Json => (typeof value === 'object' && value !== null ? { ...value } : {});

/** The program itself, as it is on the PATH. */
export function runProgram(words: Words): ReturnType<RunAws> {
  return new Promise((resolve, reject) => {
    // Its pager would wait for a key where a person runs this.
    const child = spawn('aws', [...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, AWS_PAGER: '' },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.once('error', () => reject(new AwsError('The program `aws` is missing: install the AWS CLI.')));
    child.once('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

/** What stands at a dotted path of an answer (`cluster.status`, `subnets.0.VpcId`); undefined where nothing does. */
export const at = (answer: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
      answer,
    );

export const textAt = (answer: unknown, path: string): string | undefined => {
  const value = at(answer, path);
  return typeof value === 'string' ? value : undefined;
};

export const listAt = (answer: unknown, path: string): readonly unknown[] => {
  const value = at(answer, path);
  return Array.isArray(value) ? value : [];
};
