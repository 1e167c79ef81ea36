import type { RunPorts } from './run-ports.ts';
import { stopRequested } from './run-topics.ts';

/** The runs under way in this process, so that a broadcast can stop one. */
export class RunsUnderWay {
  readonly #stops = new Map<string, () => void>();
  readonly #unsubscribe: () => void;

  constructor({ broadcast }: Pick<RunPorts, 'broadcast'>) {
    this.#unsubscribe = broadcast.subscribe(stopRequested, ({ runId }) => this.#stops.get(runId)?.());
  }

  add(runId: string, stop: () => void): () => void {
    this.#stops.set(runId, stop);
    return () => {
      if (this.#stops.get(runId) === stop) this.#stops.delete(runId);
    };
  }

  close(): void {
    this.#unsubscribe();
  }
}
