import type { LimitsConfig } from '#platform/config/config.ts';
import { HoldLimit } from './hold-limit.ts';
import { RateLimit, type RatePolicy, type RateTools } from './rate-limit.ts';
import { SignInGuard } from './sign-in-guard.ts';

export interface RateLimitsOptions extends RateTools {
  readonly config: LimitsConfig;
  /** What administrators change while everything runs. */
  readonly runtime: {
    current(): { readonly messagesPerMinute: number; readonly openSockets: number; readonly storiesPerDay: number };
  };
}

/**
 * Every limit of how often something is done. Keys: a person's id, what was given as an e-mail address (in lower case), or the network
 * that a request came from (`networkOf` its address).
 */
export interface RateLimits {
  /** Messages sent and answers retried, by person. */
  readonly messages: RateLimit;
  /** Stories begun, by person, in 24 hours. */
  readonly stories: RateLimit;
  /** Pictures given to characters, by person. */
  readonly uploads: RateLimit;
  /** Guest sessions, by network: in a minute, and in a day, since each guest begins with a budget of its own. */
  readonly guests: RateLimit;
  readonly guestsOfDay: RateLimit;
  /** Access tokens that are asked for, by a password, a refresh token or an OpenID provider, and changes by a password, by network. */
  readonly tokens: RateLimit;
  /** What asks for a mail or comes with a link of one (register, forgot, verify, reset, invitation), by network. */
  readonly accounts: RateLimit;
  /** Mails that somebody asks to be sent to an address (register, forgot), by that address. */
  readonly mails: RateLimit;
  readonly signIn: SignInGuard;
  /** WebSockets and answer streams that are open, by person. */
  readonly sockets: HoldLimit;
  readonly streams: HoldLimit;
}

const second = 1_000;
const minute = 60 * second;
const often = (what: string) => () => `There were too many ${what} from your network.`;

export function createRateLimits({ config, runtime, ...tools }: RateLimitsOptions): RateLimits {
  const limit = (policy: RatePolicy) => new RateLimit(policy, tools);
  const open = (name: string) => new HoldLimit({ name, points: () => runtime.current().openSockets }, tools);
  const quarter = { windowMs: 15 * minute, again: 'Try again' };
  const wrong = config.signInAttempts;
  return {
    messages: limit({
      name: 'messages',
      by: 'person',
      points: () => runtime.current().messagesPerMinute,
      windowMs: minute,
      says: (points) => `You have sent ${points === 1 ? 'a message' : `${points} messages`} in a minute.`,
      again: 'Send again',
    }),
    stories: limit({
      name: 'stories',
      by: 'person',
      points: () => runtime.current().storiesPerDay,
      windowMs: 24 * 60 * minute,
      says: (points) =>
        points === 0
          ? 'No stories are written here at present.'
          : `You have had ${points === 1 ? 'a story' : `${points} stories`} written in 24 hours, which is as many as there are.`,
      again: 'Ask again',
    }),
    uploads: limit({
      name: 'uploads',
      by: 'person',
      // Each is decoded and written anew.
      points: () => runtime.current().messagesPerMinute,
      windowMs: minute,
      says: (points) => `You have uploaded ${points === 1 ? 'a file' : `${points} files`} in a minute.`,
      again: 'Upload again',
    }),
    guests: limit({
      name: 'guests',
      by: 'address',
      points: () => config.guestsPerMinute,
      windowMs: minute,
      says: often('new guests'),
      again: 'Try again',
    }),
    guestsOfDay: limit({
      name: 'guests_day',
      by: 'address',
      points: () => 20 * config.guestsPerMinute,
      windowMs: 24 * 60 * minute,
      says: () => 'There were too many new guests from your network today. An account is not limited by it.',
      again: 'Try again',
    }),
    tokens: limit({
      name: 'tokens',
      by: 'address',
      // A network may be an office, whose pages all wake in the morning.
      points: () => 30 * config.guestsPerMinute,
      windowMs: minute,
      says: often('requests'),
      again: 'Try again',
    }),
    accounts: limit({
      ...quarter,
      name: 'accounts',
      by: 'address',
      // All of an office may register on one morning.
      points: () => 20 * wrong,
      says: often('requests about accounts'),
    }),
    mails: limit({
      name: 'mails',
      by: 'account',
      points: () => Math.ceil(wrong / 2),
      windowMs: 60 * minute,
      says: () => 'Too many mails were asked for to this address. Look into its inbox, also among the spam.',
      again: 'Try again',
    }),
    sockets: open('sockets'),
    streams: open('streams'),
    signIn: new SignInGuard({
      byNetwork: limit({
        ...quarter,
        name: 'sign_in_address',
        by: 'address',
        points: () => 5 * wrong,
        says: often('wrong passwords'),
      }),
      byAccountAndNetwork: limit({
        ...quarter,
        name: 'sign_in',
        by: 'account',
        points: () => wrong,
        says: () => 'There were too many wrong passwords.',
      }),
      byAccount: limit({
        ...quarter,
        name: 'sign_in_account',
        by: 'account',
        points: () => 5 * wrong,
        says: () => 'There were too many wrong passwords for this account.',
      }),
    }),
  };
}
