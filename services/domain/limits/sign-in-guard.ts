import { isAppError } from '#platform/errors.ts';
import type { Hear, RateLimit } from './rate-limit.ts';

/** Whose password somebody tries, and from where. */
export interface Attempt {
  /** What was given as the e-mail address, or the id of a person who is signed in. */
  readonly account: string;
  /** The network that it comes from. */
  readonly network: string;
}

export interface SignInLimits {
  readonly byNetwork: RateLimit;
  readonly byAccountAndNetwork: RateLimit;
  readonly byAccount: RateLimit;
}

/** Keeps passwords from being guessed: counts wrong ones, by account, by address, and by both. */
export class SignInGuard {
  readonly #limits: SignInLimits;

  constructor(limits: SignInLimits) {
    this.#limits = limits;
  }

  /**
   * Checks a password by `check`, which throws `wrong_credentials` for a wrong one. Throws `rate_limited` before it is checked where
   * too many were wrong, whether or not the account exists. Each attempt counts when it begins, so that many at once are no way
   * around, and not at all where it turns out to be right or could not be checked.
   */
  async watch<T>(attempt: Attempt, check: () => Promise<T>, hear: Hear = () => {}): Promise<T> {
    const uses = this.#uses(attempt);
    await this.#takeAll(uses, hear);
    try {
      const result = await check();
      await this.#giveBack(uses);
      await this.#limits.byAccountAndNetwork.reset(pairOf(attempt));
      return result;
    } catch (error) {
      if (!isAppError(error, 'wrong_credentials')) await this.#giveBack(uses);
      throw error;
    }
  }

  /** What a refused attempt had used is given back: one network must neither lock an account for all nor, by one account, itself. */
  async #takeAll(uses: readonly Use[], hear: Hear): Promise<void> {
    const taken: Use[] = [];
    for (const use of uses) {
      try {
        await use.limit.take(use.key, (allowance) => {
          if (use.isTold || !allowance.allowed) hear(allowance);
        });
      } catch (error) {
        await this.#giveBack(taken);
        throw error;
      }
      taken.push(use);
    }
  }

  async #giveBack(uses: readonly Use[]): Promise<void> {
    await Promise.all(uses.map(({ limit, key }) => limit.giveBack(key)));
  }

  /** In turn: that of the account comes last, so that whoever is refused by the others cannot use it up. */
  #uses(attempt: Attempt): readonly Use[] {
    const { byNetwork, byAccountAndNetwork, byAccount } = this.#limits;
    return [
      { limit: byNetwork, key: attempt.network, isTold: false },
      { limit: byAccountAndNetwork, key: pairOf(attempt), isTold: true },
      { limit: byAccount, key: accountOf(attempt), isTold: false },
    ];
  }
}

interface Use {
  readonly limit: RateLimit;
  readonly key: string;
  /** What is left of it is told also where it does not refuse. */
  readonly isTold: boolean;
}

const accountOf = ({ account }: Attempt): string => account.trim().toLowerCase();
const pairOf = (attempt: Attempt): string => JSON.stringify([accountOf(attempt), attempt.network]);
