import type { AnswerSink } from '#domain/runs/follow-run.ts';
import type { Clock } from '#platform/clock.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';

/**
 * Passes an answer on and calls back once at its end. Of a message that was `accepted` just now, it measures how long the first
 * piece took; one that comes back to an answer finds a piece at once, which tells nothing.
 */
export function measured(
  sink: AnswerSink,
  { clock, metrics }: { clock: Clock; metrics: Metrics },
  { accepted, onEnd }: { accepted: boolean; onEnd: () => void },
): AnswerSink {
  const start = clock.monotonic();
  let first = accepted;
  return {
    get writable() {
      return sink.writable;
    },
    onDrain: (callback) => sink.onDrain(callback),
    delta(at, text, part) {
      if (first) {
        first = false;
        metrics.firstDelta.observe((clock.monotonic() - start) / 1_000);
      }
      sink.delta(at, text, part);
    },
    reset: (at) => sink.reset(at),
    done(at, event) {
      sink.done(at, event);
      onEnd();
    },
    failed(error) {
      sink.failed(error);
      onEnd();
    },
  };
}
