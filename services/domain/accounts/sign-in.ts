import { AppError } from '#platform/errors.ts';
import type { AccountPorts } from './account-ports.ts';
import { personByEmail } from './find-person.ts';
import type { Grant } from './sessions.ts';

export interface SignIn {
  /** The e-mail address, as somebody wrote it. */
  readonly username: string;
  readonly password: string;
  /** The browser or program in words. */
  readonly device: string;
  /** The client's network address. */
  readonly address?: string | undefined;
}

/**
 * Signs a person in by address and password. Throws `wrong_credentials` for an unknown address and for a wrong password alike, after
 * as long; `account_disabled` only to who knows the password; `too_busy`.
 */
export async function signIn(accounts: AccountPorts, given: SignIn): Promise<Grant> {
  const { records, passwords, sessions, audit } = accounts;
  const { username, password, device, address } = given;
  const person = await personByEmail(accounts, username.trim());
  const right = await passwords.verify(person?.passwordHash, password);
  const refuse = async (code: 'wrong_credentials' | 'account_disabled') => {
    const details = { reason: code };
    await audit.record({ action: 'sign_in', outcome: 'failure', subjectId: person?._id, details, address });
    return new AppError(code);
  };
  if (!person || !right || person.deleted) throw await refuse('wrong_credentials');
  if (person.disabled) throw await refuse('account_disabled');
  const grant = await sessions.start(person, { device });
  // A password that was changed while this one was compared has ended every session but this.
  const now = await records.people.get(person._id, ['passwordHash', 'disabled']);
  if (now?.passwordHash !== person.passwordHash || now?.disabled) {
    await sessions.end(grant.sessionId);
    throw await refuse(now?.disabled ? 'account_disabled' : 'wrong_credentials');
  }
  await audit.record({ action: 'sign_in', outcome: 'success', actorId: person._id, address });
  return grant;
}
