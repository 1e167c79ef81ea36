import type { LimitsConfig } from './config.ts';
import type { SettingReader } from './setting-reader.ts';

const some = { min: 1, max: 1_000_000 };
const tokens = { min: 0, max: 1_000_000_000 };

export const readLimits = (read: SettingReader): LimitsConfig => ({
  messagesPerMinute: read.integer('RATE_LIMIT_PER_MINUTE', { min: 1, max: 100_000 }),
  dailyTokens: read.integer('DAILY_TOKEN_BUDGET', tokens),
  guestDailyTokens: read.integer('GUEST_DAILY_TOKEN_BUDGET', tokens),
  runningAnswers: read.integer('RUNNING_ANSWERS_PER_PERSON', { min: 1, max: 100_000 }),
  socketsPerPerson: read.integer('SOCKETS_PER_PERSON', { min: 1, max: 100_000 }),
  guestsPerMinute: read.integer('GUESTS_PER_MINUTE', some),
  signInAttempts: read.integer('SIGN_IN_ATTEMPTS', { min: 1, max: 1_000 }),
  maxSockets: read.integer('MAX_SOCKETS', some),
  maxRequests: read.integer('MAX_REQUESTS', some),
});
