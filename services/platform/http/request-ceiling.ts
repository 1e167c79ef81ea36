import type { RequestHandler } from 'express';
import type { Clock } from '#platform/clock.ts';
import { AppError } from '#platform/errors.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { sendError } from './error-response.ts';
import { recordOf } from './request-record.ts';

export interface RequestCeilingOptions {
  /** Requests and answer streams under way at a time. */
  readonly max: number;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'limitRefusals'>;
}

const retryAfterSeconds = 2;
/** While a crowd is turned away, that is said this often: a line for each would be work where there is too much of it. */
const tellEveryMs = 10_000;

/** Answers `too_busy` at once where the process has as much under way as it may; its health is told in any case. */
export function requestCeiling({ max, clock, logger, metrics }: RequestCeilingOptions): RequestHandler {
  let underWay = 0;
  let untold = 0;
  let lastTold = Number.NEGATIVE_INFINITY;
  const tell = () => {
    untold += 1;
    if (clock.monotonic() - lastTold < tellEveryMs) return;
    logger.warn('Requests are turned away: as many as MAX_REQUESTS allows are under way.', {
      'event.action': 'too_busy',
      'lamplight.limit.policy': 'max_requests',
      'lamplight.count': untold,
    });
    untold = 0;
    lastTold = clock.monotonic();
  };
  return (req, res, next) => {
    if (req.path === '/health') return next();
    if (underWay >= max) {
      recordOf(res).quiet = true;
      metrics.limitRefusals.inc({ policy: 'max_requests' });
      tell();
      sendError(res, tooBusy());
      return;
    }
    underWay += 1;
    res.once('close', () => {
      underWay -= 1;
    });
    next();
  };
}

const tooBusy = () =>
  new AppError('too_busy', 'There is more to do here than this server can take on. Try again in a moment.', {
    retryAfter: retryAfterSeconds,
  });
