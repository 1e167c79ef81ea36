import type { Response } from 'express';
import type { ErrorCode } from '#contract/error-codes.ts';
import type { Trace } from '#platform/telemetry/trace.ts';

/** What is known about a request under way: the request log and the histogram are written from it. */
export interface RequestRecord {
  readonly trace: Trace;
  /** The template of the route that serves it, never its raw path. */
  route: string;
  /** Observed when it opens, not when it ends: the life of an event stream is not its latency. */
  stream: boolean;
  /** Logged at debug: asked too often to be of interest (health checks, files of the web app). */
  quiet: boolean;
  userId: string | undefined;
  errorCode: ErrorCode | undefined;
}

const key = 'record';

/** Begins the record of a request; `createApp` does so before anything else. */
export function beginRecord(res: Response, trace: Trace): RequestRecord {
  const record: RequestRecord = {
    trace,
    route: 'unmatched',
    stream: false,
    quiet: false,
    userId: undefined,
    errorCode: undefined,
  };
  res.locals[key] = record;
  return record;
}

/** The record of the request that `res` answers. */
export const recordOf = (res: Response): RequestRecord => res.locals[key];
