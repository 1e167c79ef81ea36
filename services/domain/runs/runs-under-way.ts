import type { RunPorts } from './run-ports.ts';
import { stopRequested } from './run-topics.ts';

/** The runs under way in this process, so that a broadcast can stop one, and that those which only wait can be handed back. */
export class RunsUnderWay {
  readonly #stops = new Map<string, () => void>();
  readonly #unsubscribe: () => void;
  readonly #leaving = new AbortController();

  constructor({ broadcast }: Pick<RunPorts, 'broadcast'>) {
    this.#unsubscribe = broadcast.subscribe(stopRequested, ({ runId }) => this.#stops.get(runId)?.());
  }

  add(runId: string, stop: () => void): () => void {
    this.#stops.set(runId, stop);
    return () => {
      if (this.#stops.get(runId) === stop) this.#stops.delete(runId);
    };
  }

  /** Aborted where the process takes no more runs: what has not begun to be made is another's. */
  get leaving(): AbortSignal {
    return this.#leaving.signal;
  }

  /** Hands back what waits; what is being made goes on. */
  leave(): void {
    this.#leaving.abort(new Error('The process takes no more runs.'));
  }

  close(): void {
    this.#unsubscribe();
  }
}
