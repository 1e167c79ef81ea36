import type { LimitsConfig } from '#platform/config/config.ts';
import { LocalLimits } from '#platform/limits/local-limits.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { createRateLimits } from './rate-limits.ts';

/** Limits that nobody reaches by doing what people do. */
export const generousLimits: LimitsConfig = {
  messagesPerMinute: 100_000,
  dailyTokens: 1_000_000_000,
  guestDailyTokens: 1_000_000_000,
  runningAnswers: 100_000,
  socketsPerPerson: 100_000,
  guestsPerMinute: 1_000_000,
  signInAttempts: 1_000,
  maxSockets: 20_000,
  maxRequests: 20_000,
};

/** Limits of one process, with what they logged and refused. */
export function openTestLimits(limits: Partial<LimitsConfig> = {}) {
  const { logger, lines } = collectingLogger();
  const refusals: string[] = [];
  const { messagesPerMinute, socketsPerPerson: openSockets } = { ...generousLimits, ...limits };
  const runtime = { messagesPerMinute, openSockets, storiesPerDay: 1_000 };
  const rates = createRateLimits({
    limits: new LocalLimits(),
    logger,
    metrics: { limitRefusals: { inc: ({ policy }) => void refusals.push(policy) } },
    config: { ...generousLimits, ...limits },
    runtime: { current: () => runtime },
  });
  return { rates, lines, refusals, runtime };
}
