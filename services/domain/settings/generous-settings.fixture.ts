import type { RuntimeSettings } from '#contract/administration.ts';

/** Settings that stand in nobody's way, for tests of other things. */
export const generousSettings: RuntimeSettings = {
  registration: 'open',
  guests: true,
  defaultModel: '',
  messagesPerMinute: 100_000,
  runningAnswers: 100_000,
  openSockets: 100_000,
  budgets: { guest: 1_000_000_000, user: 1_000_000_000, manager: 1_000_000_000, admin: 1_000_000_000 },
  storiesPerDay: 1_000,
  runningStories: 10_000,
  banner: '',
};
