import type { Random } from '#tests/faults/random.ts';
import type { Connection } from '#tests/servers/connection.ts';
import { hasEnded, type LamplightProcess } from '#tests/servers/lamplight-process.ts';
import { callerOf } from './caller.ts';
import type { Step } from './steps.ts';

/** One kill. */
export interface Strike {
  readonly step: Step;
  readonly at: number;
  readonly name: string;
  readonly pid: number;
}

/** The process that is at a step, held there until this is decided: one at a time. */
export interface Claim {
  readonly victim: LamplightProcess;
  /** Ends it at once. */
  strike(): void;
  letGo(): void;
}

export interface StrikesOptions {
  readonly plan: readonly Step[];
  readonly random: Random;
  /** Whether what runs now survives one more kill by what is promised: no story is given up for too many. */
  readonly isSafe: () => Promise<boolean>;
  /** Once the process has ended; it is started again behind this. */
  readonly whenDead: (strike: Strike) => Promise<void>;
  readonly breach: (says: string) => void;
  readonly say: (line: string) => void;
}

/** Steps that are waited for at a time: some are reached often, some rarely. */
const armedAtATime = 4;
const shortestGapMs = 100;
const longestGapMs = 800;

/** Kills processes at the steps of a plan, as they are reached, and starts them again. */
export class Strikes {
  readonly done: Strike[] = [];
  readonly #options: StrikesOptions;
  readonly #left: Step[];
  readonly #killed = new Set<number>();
  readonly #recoveries = new Map<LamplightProcess, Promise<void>>();
  #processes: readonly LamplightProcess[] = [];
  #deciding = false;
  #nextAt = 0;

  constructor(options: StrikesOptions) {
    this.#options = options;
    this.#left = [...options.plan];
  }

  /** From now on these are killed. */
  begin(processes: readonly LamplightProcess[]): void {
    this.#processes = processes;
  }

  /** No more are killed; returns what was not reached. */
  end(): readonly Step[] {
    this.#processes = [];
    return this.#left;
  }

  get over(): boolean {
    return this.#left.length === 0;
  }

  isKilled(pid: number): boolean {
    return this.#killed.has(pid);
  }

  isArmed(...some: readonly Step[]): boolean {
    const armed = this.#left.slice(0, armedAtATime);
    return this.#processes.length > 0 && some.some((step) => armed.includes(step));
  }

  /** Kills the process whose connection it is; whether it did. */
  async at(step: Step, connection: Connection): Promise<boolean> {
    const claim = await this.claimAt(step, connection);
    claim?.strike();
    return claim !== undefined;
  }

  claimAt(step: Step, connection: Connection): Promise<Claim | undefined> {
    return this.claim(step, (processes) => callerOf(connection, processes));
  }

  /** Undefined where this step is not waited for, or nobody may be killed now. */
  async claim(
    step: Step,
    find: (processes: readonly LamplightProcess[]) => LamplightProcess | undefined,
  ): Promise<Claim | undefined> {
    if (!this.isArmed(step) || this.#deciding || Date.now() < this.#nextAt) return undefined;
    this.#deciding = true;
    // Who is on the way back is waited for by whoever started it.
    const victim = find(this.#processes.filter((each) => !this.#recoveries.has(each)));
    const may = victim !== undefined && (await this.#options.isSafe().catch(() => false));
    if (!may || !this.isArmed(step) || hasEnded(victim.process)) {
      this.#deciding = false;
      return undefined;
    }
    return {
      victim,
      strike: () => this.#strike(step, victim),
      letGo: () => {
        this.#deciding = false;
      },
    };
  }

  /** Resolves once all that were killed run again. */
  async recovered(): Promise<void> {
    while (this.#recoveries.size > 0) await Promise.all(this.#recoveries.values());
  }

  #strike(step: Step, victim: LamplightProcess): void {
    const { pid = 0 } = victim.process;
    victim.process.kill('SIGKILL');
    const strike = { step, at: Date.now(), name: victim.name, pid };
    this.#killed.add(pid);
    this.done.push(strike);
    this.#left.splice(this.#left.indexOf(step), 1);
    this.#deciding = false;
    this.#nextAt = strike.at + this.#options.random.integer(shortestGapMs, longestGapMs);
    this.#options.say(`${this.done.length}. ${step}: ${victim.name}`);
    const recovery = this.#recover(strike, victim).finally(() => this.#recoveries.delete(victim));
    this.#recoveries.set(victim, recovery);
  }

  async #recover(strike: Strike, victim: LamplightProcess): Promise<void> {
    try {
      await victim.kill();
      await this.#options.whenDead(strike);
      await victim.start();
    } catch (error) {
      this.#options.breach(
        `${victim.name} did not come back from a kill: ${error instanceof Error ? error.message : error}`,
      );
    }
  }
}
