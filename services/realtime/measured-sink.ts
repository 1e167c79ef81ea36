import type { AnswerSink } from '#domain/chat/follow-run.ts';
import type { Clock } from '#platform/clock.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';

/** Passes an answer on, measures how long its first piece took from now, and calls back once at its end. */
export function measured(
  sink: AnswerSink,
  { clock, metrics }: { clock: Clock; metrics: Metrics },
  onEnd: () => void,
): AnswerSink {
  const start = clock.monotonic();
  let first = true;
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
