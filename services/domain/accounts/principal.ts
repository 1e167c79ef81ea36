import type { Role, Scope } from '#contract/accounts.ts';
import { roles } from '#contract/accounts.ts';
import { AppError } from '#platform/errors.ts';

/** Who a request speaks for, and by what: every route and frame is authorised against it. */
export interface Principal {
  /** Of the person. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** IANA name: the day of the budget begins at its midnight. */
  readonly timeZone: string;
  /** Tokens a day that this person was given in place of those of the role. */
  readonly dailyTokenBudget?: number;
  /** The session, or the API key, that the credential belongs to. What ends it ends what was opened with it. */
  readonly sessionId: string;
  /** What an API key was made for; absent for a session, which may do all that its person may. */
  readonly scopes?: readonly Scope[];
  /** Milliseconds since the epoch; moves on with use. */
  readonly expiresAt: number;
}

/** What something asks of whoever does it. */
export interface Access {
  readonly scope?: Scope;
  readonly role?: Role;
}

/** Throws `forbidden` where the person is not enough for it, or the API key was not made for it. */
export function requireAccess(principal: Pick<Principal, 'role' | 'scopes'>, { scope, role }: Access): void {
  if (role !== undefined && roles.indexOf(principal.role) < roles.indexOf(role)) {
    throw new AppError(
      'forbidden',
      role === 'user' ? 'This needs an account. Sign in or register.' : `This is for the role ${role}.`,
    );
  }
  if (principal.scopes && (scope === undefined || !principal.scopes.includes(scope))) {
    throw new AppError('forbidden', `This API key was not made for it: it lacks the scope ${scope ?? 'account'}.`);
  }
}
