import { createHash } from 'node:crypto';

/** How often something may be done: `points` times in a window that begins with the first time. */
export interface Policy {
  /** Keys of one policy are apart from those of another. */
  readonly name: string;
  /** May differ from one call to the next: it counts what was used, whatever the limit was then. */
  readonly points: number;
  /** Whole seconds, in milliseconds. */
  readonly windowMs: number;
}

/** What a key has of a policy. */
export interface Allowance {
  readonly allowed: boolean;
  readonly limit: number;
  /** In this window; what was refused counts, too. */
  readonly used: number;
  readonly remaining: number;
  /** Until the window ends and all is there again; 0 where none has begun. */
  readonly resetMs: number;
}

/**
 * Counts what is done, by policy and key, for all processes together. No method throws or hangs: where the count of all cannot be
 * had in about a quarter of a second, this process counts by itself.
 */
export interface Limits {
  /** Uses `points` (1) up and tells whether they were there. Atomic: of any number at once, as many are allowed as there are points. */
  consume(policy: Policy, key: string, points?: number): Promise<Allowance>;
  /** What a key has, without using any. */
  peek(policy: Policy, key: string): Promise<Allowance>;
  /** Undoes a `consume`; in a window that has ended meanwhile there is nothing to undo. */
  giveBack(policy: Policy, key: string, points?: number): Promise<void>;
  /** The key has used nothing. */
  reset(policy: Policy, key: string): Promise<void>;
  /**
   * Takes one of the policy's `points` until it is given back by what this resolves to; undefined where all are taken. For what lasts:
   * the window of the policy means nothing here. What a process held that died is given back within a minute.
   */
  hold(policy: Pick<Policy, 'name' | 'points'>, key: string): Promise<(() => void) | undefined>;
  close(): Promise<void>;
}

/** Where the count of a key is kept. Hashed: a key may be an e-mail or network address, and as long as somebody wants. */
export const nameOfCount = ({ name }: Pick<Policy, 'name'>, key: string): string =>
  `${name}:${createHash('sha256').update(key).digest('base64url').slice(0, 22)}`;

export const allowanceOf = ({ points: limit }: Policy, used: number, resetMs: number): Allowance => ({
  allowed: used <= limit,
  limit,
  used,
  remaining: Math.max(0, limit - used),
  resetMs: Math.max(0, resetMs),
});
