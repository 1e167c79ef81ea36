/** Figures and names worth keeping of a check that passed. */
export type Facts = Readonly<Record<string, string | number>>;

interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly facts: Facts;
  /** Why it failed, for a person. */
  readonly problem?: string;
}

export interface SmokeReport {
  readonly url: string;
  readonly api: string;
  readonly startedAt: string;
  readonly ok: boolean;
  readonly checks: readonly CheckResult[];
}

/** Runs checks one after another and remembers how each went; what depends on one that failed says so. */
export class Checks {
  readonly results: CheckResult[] = [];
  readonly #seconds: number;

  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  /** Gives what `check` made, or undefined where it threw or took too long. */
  async run<T>(
    name: string,
    check: (signal: AbortSignal) => Promise<{ value: T; facts?: Facts }>,
    seconds = this.#seconds,
  ): Promise<T | undefined> {
    const start = performance.now();
    const ms = () => Math.round(performance.now() - start);
    const signal = AbortSignal.timeout(seconds * 1000);
    try {
      const { value, facts = {} } = await Promise.race([check(signal), rejectOn(signal)]);
      this.results.push({ name, ok: true, ms: ms(), facts });
      return value;
    } catch (error) {
      const problem = signal.aborted ? `It took more than ${seconds} seconds.` : describe(error);
      this.results.push({ name, ok: false, ms: ms(), facts: {}, problem });
      return undefined;
    }
  }

  skip(name: string, because: string): void {
    this.results.push({ name, ok: false, ms: 0, facts: {}, problem: `Not done: ${because}` });
  }
}

const rejectOn = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

/** `fetch failed` says nothing: the reason is the cause. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause =
    error.cause instanceof Error ? ` (${error.cause.message || String(Reflect.get(error.cause, 'code'))})` : '';
  return `${error.message}${cause}`;
}

/** The report for a person: a line each, then the verdict. */
export function printReport({ url, checks, ok }: SmokeReport): string {
  const lines = checks.map(({ name, ok: passed, ms, facts, problem }) => {
    const known = Object.entries(facts).map(([key, value]) => `${key} ${value}`);
    const rest = problem ?? known.join(', ');
    return `${passed ? 'ok    ' : 'FAILED'} ${name} (${ms} ms)${rest && `: ${rest}`}`;
  });
  const failed = checks.filter((check) => !check.ok).length;
  const verdict = ok ? `${url} works` : `${url} does not work`;
  return `${lines.join('\n')}\n${verdict}: ${checks.length - failed} passed, ${failed} failed\n`;
}
