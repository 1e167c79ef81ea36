/** What a load client is asked to do, and what it answers: over the channel between the processes. */

/** Where messages go. `model`: to the model server itself, as a client without Lamplight would. */
export type Target =
  | { readonly kind: 'model'; readonly url: string }
  | { readonly kind: 'lamplight'; readonly apiUrl: string; readonly realtimeUrl: string };

export interface LatencyJob {
  readonly kind: 'latency';
  readonly direct: Target;
  readonly through: Target;
  /** Answers that are made and forgotten first, each way. */
  readonly warmUp: number;
  readonly pairs: number;
  readonly tokens: number;
  readonly tokensPerSecond: number;
}

export interface StreamsJob {
  readonly kind: 'streams';
  readonly target: Target;
  readonly streams: number;
  readonly tokens: number;
  readonly tokensPerSecond: number;
  /** The starts are spread over so long. */
  readonly spreadMs: number;
}

export interface SocketsJob {
  readonly kind: 'sockets';
  readonly target: Target & { readonly kind: 'lamplight' };
  readonly sockets: number;
}

export type Job = LatencyJob | StreamsJob | SocketsJob;

/** In ms. */
export interface Times {
  readonly median: number;
  readonly p99: number;
}

export interface LatencyResult {
  readonly directFirst: Times;
  readonly throughFirst: Times;
  /** Of the differences within each pair. */
  readonly addedFirst: Times;
  readonly directWhole: Times;
  readonly throughWhole: Times;
  readonly addedWhole: Times;
}

export interface StreamsResult {
  readonly first: Times;
  readonly gap: Times;
  /** Streams whose text is not, to the character, what the model server said. */
  readonly wrong: readonly string[];
}

export interface SocketsResult {
  /** Sockets that are open at the end of the rest. */
  readonly open: number;
}

export type ResultOf<J extends Job> = J extends LatencyJob
  ? LatencyResult
  : J extends StreamsJob
    ? StreamsResult
    : SocketsResult;

/** The client tells: it is prepared; what is measured is over; and last what came of it, or why nothing did. */
export type FromClient =
  | { readonly type: 'prepared' }
  | { readonly type: 'over' }
  | { readonly type: 'result'; readonly result: LatencyResult | StreamsResult | SocketsResult }
  | { readonly type: 'failed'; readonly reason: string };

/** The client is told what to do, and when to go on. */
export type ToClient = { readonly type: 'job'; readonly job: Job } | { readonly type: 'go' };

export function timesOf(values: readonly number[]): Times {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { median: at(0.5), p99: at(0.99) };
}
