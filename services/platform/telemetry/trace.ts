import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** Where a piece of work belongs: W3C Trace Context, https://www.w3.org/TR/trace-context/. */
export interface Trace {
  /** 32 hexadecimal digits: the same from the browser to the model call. */
  readonly traceId: string;
  /** 16 hexadecimal digits: this process's part of it. */
  readonly spanId: string;
}

const traceparentForm = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/;
const traceIdForm = /^(?!0{32})[0-9a-f]{32}$/;
const storage = new AsyncLocalStorage<Trace>();

// UUIDs come from a pool of random bytes, which costs an eighth of asking the system for each ID.
const newTraceId = (): string => randomUUID().replaceAll('-', '');
const newSpanId = (): string => newTraceId().slice(16);

export const newTrace = (): Trace => ({ traceId: newTraceId(), spanId: newSpanId() });

/** The trace that a caller is in: its `traceparent`, else its well-formed `X-Trace-Id`, else a new one. */
export function continueTrace(traceparent: string | undefined, traceId?: string | undefined): Trace {
  const given = traceparentForm.exec(traceparent ?? '')?.[1] ?? (traceIdForm.test(traceId ?? '') ? traceId : undefined);
  return given ? { traceId: given, spanId: newSpanId() } : newTrace();
}

/** The `traceparent` that goes out with a call made within `trace`. */
export const formatTraceparent = (trace: Trace): string => `00-${trace.traceId}-${trace.spanId}-01`;

export const runInTrace = <T>(trace: Trace, work: () => T): T => storage.run(trace, work);

/** The trace of the work under way; `undefined` outside any. */
export const currentTrace = (): Trace | undefined => storage.getStore();
