import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { waitFor } from '#tests/servers/child.ts';

/** What the load test says at its end, as far as this test reads it. */
export interface Outcome {
  readonly passed: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly milliseconds: Readonly<Record<string, { readonly median: number; readonly p95: number } | null>>;
  readonly checks: readonly { readonly name: string; readonly passed: boolean; readonly value: string }[];
}

interface Where {
  readonly url: string;
  /** `host=address`, for names that no server resolves. */
  readonly resolve: readonly string[];
  /** Path of the certificate authority to trust. */
  readonly authority: string;
  /** Where the load test keeps its results. */
  readonly out: string;
}

/**
 * An answer takes 33 seconds, and people sixteen to read and write: so most of them are in the middle of one
 * whenever something happens. Words come no faster than people read, so that two cores keep up with all of it.
 */
const pace = ['--tokens', '400', '--pace', '12', '--think', '16s', '--turns', '2'];
/** Times are told and not judged: an answer whose worker was killed goes on after a takeover, and the cluster may be small. */
const limits = ['--first-token-p95', '600000', '--first-byte-p95', '600000', '--gap-p95', '600000'];

/** People who chat until they are told to come to an end. */
export class People {
  readonly #child: ChildProcess;
  readonly #output: Promise<string>;
  readonly #exit: Promise<unknown[]>;
  readonly #out: string;
  readonly #count: number;

  private constructor(child: ChildProcess, output: Promise<string>, out: string, count: number) {
    this.#child = child;
    this.#output = output;
    this.#exit = once(child, 'close');
    this.#out = out;
    this.#count = count;
  }

  static start(count: number, { url, resolve, authority, out }: Where): People {
    const command = ['scripts/load.ts', 'soak', '--url', url, '--people', `${count}`, '--until-signal', '--scripted'];
    const names = resolve.flatMap((name) => ['--resolve', name]);
    const args = [...command, ...pace, ...limits, ...names, '--ca', authority, '--out', out, '--progress', '2'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    return new People(
      child,
      output.then((parts) => parts.join('\n')),
      out,
      count,
    );
  }

  /** Waits until as many answers as there are people have begun, and some were read further after a cut: all are in the middle of one then. */
  async underWay(): Promise<void> {
    await waitFor(
      async () => {
        const { started = 0, resumed = 0 } = await this.#progress();
        if (this.#child.exitCode !== null) throw new Error(`The load test ended too soon:\n${await this.#output}`);
        return started >= this.#count && resumed > 0;
      },
      { what: 'people who chat', timeoutMs: 90_000 },
    );
  }

  /** Waits until this many more answers were completed than now: life after what happened. */
  async goOn(answers: number): Promise<void> {
    const { completed: before = 0 } = await this.#progress();
    await waitFor(
      async () => {
        const { completed = 0 } = await this.#progress();
        if (this.#child.exitCode !== null) throw new Error(`The load test ended too soon:\n${await this.#output}`);
        return completed >= before + answers;
      },
      { what: `${answers} more answers`, timeoutMs: 120_000 },
    );
  }

  /** What they have counted of late, and what they complain of, for whoever has to find out why they got no further. */
  async lately(lines = 15): Promise<string> {
    const files = ['progress.jsonl', 'k6.log'].map((name) => readFile(join(this.#out, name), 'utf8'));
    const read = await Promise.allSettled(files);
    const ends = read.map((file) =>
      file.status === 'fulfilled' ? file.value.trimEnd().split('\n').slice(-lines).join('\n') : `${file.reason}`,
    );
    return ends.join('\n\n');
  }

  /** Lets them read their answers to the end and compare them with what is stored. */
  async end(): Promise<Outcome> {
    this.#child.kill('SIGINT');
    await this.#exit;
    try {
      return JSON.parse(await readFile(join(this.#out, 'summary.json'), 'utf8'));
    } catch (cause) {
      throw new Error(`The load test left no summary:\n${await this.#output}`, { cause });
    }
  }

  /** Ends the program at once. */
  async kill(): Promise<void> {
    // Twice: the first is a call to come to an end.
    this.#child.kill('SIGKILL');
    await this.#exit;
  }

  async #progress(): Promise<Readonly<Record<string, number>>> {
    try {
      const lines = (await readFile(join(this.#out, 'progress.jsonl'), 'utf8')).trimEnd().split('\n');
      return JSON.parse(lines.at(-1) || '{}');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
      throw error;
    }
  }
}
