import type { Run } from './code-runs.ts';
import type { HighlightJob } from './highlight-worker.ts';

export type HighlightWorker = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>;

export interface HighlighterOptions {
  readonly start: () => HighlightWorker;
  /** Calls back once; the answer takes that back. */
  readonly after: (ms: number, callback: () => void) => () => void;
}

interface Waiting extends HighlightJob {
  readonly key: string;
  readonly resolve: (runs: readonly Run[] | undefined) => void;
}

const mostCharacters = 60_000;
/** Grammars are regular expressions, and some code takes them for ever. */
const patienceMs = 3_000;
const mostKept = 30;

/** Colours code beside the page, in a worker: one piece after the other, and none for ever. */
export class Highlighter {
  readonly #options: HighlighterOptions;
  readonly #known = new Map<string, readonly Run[] | undefined>();
  readonly #waiting: Waiting[] = [];
  #worker: HighlightWorker | undefined;
  #isBusy = false;
  #lastId = 0;

  constructor(options: HighlighterOptions) {
    this.#options = options;
  }

  /** What was coloured before. */
  known(code: string, language: string): readonly Run[] | undefined {
    return this.#known.get(keyOf(code, language));
  }

  /** Undefined for a language that is not known, and for code that takes too long. */
  async highlight(code: string, language: string): Promise<readonly Run[] | undefined> {
    const key = keyOf(code, language);
    if (language === '' || code.length > mostCharacters) return undefined;
    if (this.#known.has(key)) return this.#known.get(key);
    return new Promise((resolve) => {
      this.#lastId += 1;
      this.#waiting.push({ id: this.#lastId, code, language, key, resolve });
      this.#next();
    });
  }

  #next(): void {
    const [job] = this.#waiting;
    if (!job || this.#isBusy) return;
    this.#isBusy = true;
    this.#worker ??= this.#options.start();
    const worker = this.#worker;
    const stop = () => {
      worker.terminate();
      this.#worker = undefined;
      this.#settle(undefined);
    };
    const relax = this.#options.after(patienceMs, stop);
    worker.onmessage = ({ data }) => {
      if (data.id !== job.id) return;
      relax();
      this.#settle(data.runs);
    };
    worker.onerror = () => {
      relax();
      stop();
    };
    worker.postMessage({ id: job.id, code: job.code, language: job.language } satisfies HighlightJob);
  }

  #settle(runs: readonly Run[] | undefined): void {
    const job = this.#waiting.shift();
    if (!job) return;
    this.#known.set(job.key, runs);
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostKept && oldest !== undefined) this.#known.delete(oldest);
    this.#isBusy = false;
    job.resolve(runs);
    this.#next();
  }
}

const keyOf = (code: string, language: string): string => `${language}\n${code}`;
