import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { continueTrace, runInTrace } from '#platform/telemetry/trace.ts';
import { beginRecord, type RequestRecord } from './request-record.ts';

export interface RequestObserver {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'httpRequestDuration'>;
  /** Told of each request once, when its status is known: of a stream, when it opens. */
  readonly onServed?: (served: ServedRequest) => void;
}

export interface ServedRequest {
  readonly path: string;
  readonly status: number;
  readonly userId: string | undefined;
}

/** A client that went away before it was answered has no status; Nginx's word for it keeps it apart from our own. */
const clientClosed = 499;
const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const single = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/**
 * Runs each request in its trace and says at its end what became of it: one log line and one observation of the
 * histogram. An event stream is observed when it opens, so that the histogram tells how long a client waits for the
 * first byte on every route; how long the stream lived is `event.duration` of its log line.
 */
export function observeRequests({ logger, metrics, onServed }: RequestObserver): RequestHandler {
  return (req, res, next) => {
    const started = process.hrtime.bigint();
    const trace = continueTrace(single(req.headers['traceparent']), single(req.headers['x-trace-id']));
    const record = beginRecord(res, trace);
    const { path } = req;
    res.setHeader('X-Trace-Id', trace.traceId);

    let observed = false;
    const observe = (status: number) => {
      if (observed) return;
      observed = true;
      const method = knownMethods.has(req.method) ? req.method : 'OTHER';
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      metrics.httpRequestDuration.observe({ method, route: record.route, status: String(status) }, seconds);
      onServed?.({ path, status, userId: record.userId });
    };
    whenHeadersGo(res, (status) => {
      if (record.stream) observe(status);
    });
    res.once('close', () => {
      const status = res.headersSent ? res.statusCode : clientClosed;
      observe(status);
      runInTrace(trace, () => logRequest(logger, req, res, { path, status, started, record }));
    });
    // Without a listener, one late write to one client would end the process and everyone's answers with it.
    res.on('error', (error) => {
      runInTrace(trace, () => logger.warn('A reply could not be written', { 'http.route': record.route, error }));
    });
    runInTrace(trace, next);
  };
}

/** `flushHeaders`, `write` and `end` all go through `writeHead`. */
function whenHeadersGo(res: Response, tell: (status: number) => void): void {
  const writeHead = res.writeHead;
  res.writeHead = function tellAndWrite(this: Response, ...args: Parameters<typeof writeHead>) {
    tell(args[0]);
    return writeHead.apply(this, args);
  } as typeof writeHead;
}

function logRequest(
  logger: Logger,
  req: Request,
  res: Response,
  { path, status, started, record }: { path: string; status: number; started: bigint; record: RequestRecord },
): void {
  const length = Number(res.getHeader('content-length') ?? Number.NaN);
  const agent = req.headers['user-agent'];
  // Of requests that were turned away there is one line for many.
  const expected = status < 500 || record.errorCode === 'too_busy';
  const write = record.quiet && expected ? logger.debug : logger.info;
  write.call(logger, `${req.method} ${record.route} ${status}`, {
    'event.action': 'http_request',
    'event.outcome': status >= 500 ? 'failure' : status === clientClosed ? 'unknown' : 'success',
    'event.duration': Number(process.hrtime.bigint() - started),
    'http.request.method': req.method,
    'http.response.status_code': status,
    'http.route': record.route,
    'url.path': path,
    ...(Number.isFinite(length) && { 'http.response.body.bytes': length }),
    ...(agent !== undefined && { 'user_agent.original': agent }),
    ...(record.userId !== undefined && { 'user.id': record.userId }),
    ...(record.errorCode !== undefined && { 'error.code': record.errorCode }),
  });
}
